package org.axonometer.metagraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.axonometer.metagraph.PickleValue.Array;
import org.axonometer.metagraph.PickleValue.BigInt;
import org.axonometer.metagraph.PickleValue.Int;
import org.axonometer.metagraph.PickleValue.Items;
import org.axonometer.metagraph.PickleValue.Pairs;
import org.axonometer.metagraph.PickleValue.Real;
import org.axonometer.metagraph.PickleValue.Text;
import org.axonometer.metagraph.PickleValue.Thing;
import org.axonometer.metagraph.PickleValue.Tuple;

/**
 * The values a pickle has made so far: its stack with the marks in it, and its memo. What all of
 * them take in memory is reckoned and bounded.
 */
final class PickleStack {

  /** A list is read in batches of 1,000, a dict in batches of 1,000 pairs. */
  private static final int MAX_STACK = 16_384;

  private static final int MAX_MARKS = 64;

  /** What all values together may take, by our own estimate. */
  private static final long MAX_LIVE_BYTES = 128L * 1024 * 1024;

  private static final long SLOT_BYTES = 8;
  private static final long NUMBER_BYTES = 16;
  private static final long SHELL_BYTES = 56;

  private final PickleInput in;
  private final List<PickleValue> stack = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>();
  private final List<PickleValue> memo = new ArrayList<>();
  private long liveBytes;

  /**
   * @param in says where a value is refused
   */
  PickleStack(PickleInput in) {
    this.in = in;
  }

  void requireWithinLimits() {
    if (stack.size() > MAX_STACK || marks.size() > MAX_MARKS) {
      throw in.refused("values nest too deep");
    }
    if (liveBytes > MAX_LIVE_BYTES) {
      throw in.refused("the values take more than %d bytes of memory".formatted(MAX_LIVE_BYTES));
    }
  }

  /** The one value that is left at the end. */
  PickleValue only() {
    if (stack.size() != 1 || !marks.isEmpty()) {
      throw in.refused("the pickle ends with %d values".formatted(stack.size()));
    }
    return stack.getFirst();
  }

  /** Puts on top what is here already, or takes no room but its slot's. */
  void push(PickleValue value) {
    stack.add(value);
  }

  /** Puts something new on top. */
  void create(PickleValue value) {
    liveBytes +=
        SHELL_BYTES
            + switch (value) {
              case Text text -> Character.BYTES * (long) text.value().length();
              case Thing thing -> SLOT_BYTES * thing.type().kept().size();
              case Array _ -> SHELL_BYTES; // of its content
              default -> 0;
            };
    push(value);
  }

  PickleValue pop() {
    requireSomethingToTake(1);
    return stack.removeLast();
  }

  /** The value on top, which stays there. */
  PickleValue top() {
    if (stack.size() <= bottom()) {
      throw in.refused("nothing is left to fill");
    }
    return stack.getLast();
  }

  void mark() {
    marks.push(stack.size());
  }

  /** Takes the last mark away; how many values lie on it. */
  int sinceMark() {
    Integer mark = marks.poll();
    if (mark == null) {
      throw in.refused("an end without a beginning");
    }
    return stack.size() - mark;
  }

  /** Makes one tuple of the last values. */
  void tuple(int count) {
    List<PickleValue> items = last(count);
    items.forEach(item -> liveBytes += slot(item));
    create(new Tuple(items));
  }

  /** Appends the last values to the list below them. */
  void append(int count) {
    List<PickleValue> values = last(count);
    if (!(top() instanceof Items list)) {
      throw in.refused("something is appended to what is no list");
    }
    for (PickleValue value : values) {
      liveBytes += slot(value);
      list.items().add(value);
    }
  }

  /** Puts the last values, keys and values in turn, into the dict below them. */
  void put(int count) {
    List<PickleValue> values = last(count);
    if (!(top() instanceof Pairs pairs) || count % 2 != 0) {
      throw in.refused("something is put into what is no dict");
    }
    for (int i = 0; i < count; i += 2) {
      if (!(values.get(i) instanceof Text)) {
        throw in.refused("a key that is no text");
      }
      long cost = SLOT_BYTES + slot(values.get(i + 1));
      liveBytes += cost;
      pairs.put(values.get(i), values.get(i + 1), cost);
    }
  }

  /** Drops what a dict holds. */
  void empty(Pairs pairs) {
    liveBytes -= pairs.clear();
  }

  void memorise() {
    PickleValue value = top();
    liveBytes += slot(value);
    memo.add(value);
  }

  void pushRemembered(long place) {
    if (place >= memo.size()) {
      throw in.refused("memo " + place + " was never filled");
    }
    push(memo.get((int) place));
  }

  /** The last values, taken off the stack. */
  private List<PickleValue> last(int count) {
    requireSomethingToTake(count);
    List<PickleValue> part = stack.subList(stack.size() - count, stack.size());
    List<PickleValue> values = List.copyOf(part);
    part.clear();
    return values;
  }

  private void requireSomethingToTake(int count) {
    if (stack.size() - count < bottom()) {
      throw in.refused("nothing is left to take");
    }
  }

  /** What lies below the last mark belongs to somebody else. */
  private int bottom() {
    return marks.isEmpty() ? 0 : marks.peek();
  }

  private static long slot(PickleValue value) {
    return value instanceof Int || value instanceof Real || value instanceof BigInt
        ? SLOT_BYTES + NUMBER_BYTES
        : SLOT_BYTES;
  }
}
