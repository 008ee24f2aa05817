package org.axonometer.metagraph;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.axonometer.metagraph.PickleValue.Array;
import org.axonometer.metagraph.PickleValue.BigInt;
import org.axonometer.metagraph.PickleValue.Bool;
import org.axonometer.metagraph.PickleValue.Bytes;
import org.axonometer.metagraph.PickleValue.Dtype;
import org.axonometer.metagraph.PickleValue.Int;
import org.axonometer.metagraph.PickleValue.Items;
import org.axonometer.metagraph.PickleValue.Name;
import org.axonometer.metagraph.PickleValue.None;
import org.axonometer.metagraph.PickleValue.Pairs;
import org.axonometer.metagraph.PickleValue.Real;
import org.axonometer.metagraph.PickleValue.Text;
import org.axonometer.metagraph.PickleValue.Thing;
import org.axonometer.metagraph.PickleValue.Tuple;

/**
 * Reads a pickle of protocol 4 or 5 as data. It knows the opcodes that a saved metagraph consists
 * of (protocol 7.2) and the names of {@link PickleName}; nothing is imported, called or run. Any
 * other opcode or name, and all that goes over a limit, is a SnapshotException with the byte
 * offset. Values live on the heap, within {@link #MAX_LIVE_BYTES}; no step recurses.
 */
final class PickleReader {

  static final int FIRST_BYTE = 0x80;

  /** A list is read in batches of 1,000, a dict in batches of 1,000 pairs. */
  private static final int MAX_STACK = 16_384;

  private static final int MAX_MARKS = 64;
  private static final int MAX_TEXT_BYTES = 4_096;
  private static final int MAX_INTEGER_BYTES = 17;

  /** What all values together may take, by our own estimate. */
  private static final long MAX_LIVE_BYTES = 128L * 1024 * 1024;

  private static final long SLOT_BYTES = 8;
  private static final long NUMBER_BYTES = 16;
  private static final long SHELL_BYTES = 56;

  private static final None NONE = new None();
  private static final Bool TRUE = new Bool(true);
  private static final Bool FALSE = new Bool(false);

  private final byte[] data;
  private final ByteBuffer in;
  private final String source;
  private final List<PickleValue> stack = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>();
  private final List<PickleValue> memo = new ArrayList<>();
  private long liveBytes;
  private int opcodeAt;

  private PickleReader(byte[] data, String source) {
    this.data = data;
    this.in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    this.source = source;
  }

  /** The one value the bytes hold. */
  static PickleValue read(byte[] data, String source) {
    PickleReader reader = new PickleReader(data, source);
    reader.requireProtocol();
    return reader.readAll();
  }

  private void requireProtocol() {
    if (data.length < 2 || Byte.toUnsignedInt(in.get()) != FIRST_BYTE) {
      throw refused("not a pickle");
    }
    int protocol = Byte.toUnsignedInt(in.get());
    if (protocol != 4 && protocol != 5) {
      throw refused("pickle protocol is " + protocol + "; 4 and 5 are read");
    }
  }

  private PickleValue readAll() {
    while (true) {
      opcodeAt = in.position();
      int opcode = opcode();
      if (opcode == '.') {
        return end();
      }
      step(opcode);
      if (stack.size() > MAX_STACK || marks.size() > MAX_MARKS) {
        throw refused("values nest too deep");
      }
      if (liveBytes > MAX_LIVE_BYTES) {
        throw refused("the values take more than %d bytes of memory".formatted(MAX_LIVE_BYTES));
      }
    }
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x95 -> length(8, "frame"); // frames only help those who read from a slow stream
      case 'N' -> push(NONE);
      case 0x88 -> push(TRUE);
      case 0x89 -> push(FALSE);
      case 'K' -> push(new Int(number(1)));
      case 'M' -> push(new Int(number(2)));
      case 'J' -> push(new Int((int) number(4)));
      case 0x8a -> push(longInteger());
      case 'G' -> push(new Real(Double.longBitsToDouble(Long.reverseBytes(number(8)))));
      case 0x8c -> push(text(length(1, "text")));
      case 'X' -> push(text(length(4, "text")));
      case 'C' -> push(bytes(length(1, "bytes")));
      case 'B' -> push(bytes(length(4, "bytes")));
      case 0x96 -> push(bytes(length(8, "bytes")));
      case '}' -> create(new Pairs());
      case ']' -> create(new Items());
      case ')' -> push(tuple(0));
      case 0x85 -> push(tuple(1));
      case 0x86 -> push(tuple(2));
      case 0x87 -> push(tuple(3));
      case '(' -> marks.push(stack.size());
      case 't' -> push(tuple(stack.size() - mark()));
      case 0x94 -> memorise();
      case 'h' -> push(remembered(number(1)));
      case 'j' -> push(remembered(number(4)));
      case 'a' -> append(1);
      case 'e' -> append(stack.size() - mark());
      case 's' -> put(2);
      case 'u' -> put(stack.size() - mark());
      case 0x93 -> push(name());
      case 'R' -> push(made(pop(), pop()));
      case 0x81 -> push(thing(pop(), pop()));
      case 'b' -> build(pop());
      default ->
          throw refused(
              "opcode 0x%02x%s has no place in a saved metagraph"
                  .formatted(
                      opcode, opcode > ' ' && opcode <= '~' ? " ('" + (char) opcode + "')" : ""));
    }
  }

  private PickleValue end() {
    if (stack.size() != 1 || !marks.isEmpty()) {
      throw refused("the pickle ends with %d values".formatted(stack.size()));
    }
    if (in.hasRemaining()) {
      throw refused("%d bytes follow the end".formatted(in.remaining()));
    }
    return stack.getFirst();
  }

  // Numbers and stretches of bytes

  private int opcode() {
    if (!in.hasRemaining()) {
      throw refused("the file ends too early");
    }
    return Byte.toUnsignedInt(in.get());
  }

  /** An unsigned little-endian number; of 8 bytes, its bits. */
  private long number(int bytes) {
    if (in.remaining() < bytes) {
      throw refused("the file ends too early");
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= Byte.toUnsignedLong(in.get()) << (Byte.SIZE * i);
    }
    return value;
  }

  private int length(int bytes, String what) {
    long length = number(bytes);
    if (length < 0 || length > in.remaining()) {
      throw refused(
          "%s of %s bytes, but only %d follow"
              .formatted(what, Long.toUnsignedString(length), in.remaining()));
    }
    return (int) length;
  }

  private Bytes bytes(int length) {
    Bytes bytes = new Bytes(in.position(), length);
    in.position(in.position() + length);
    use(SHELL_BYTES);
    return bytes;
  }

  private Text text(int length) {
    if (length > MAX_TEXT_BYTES) {
      throw refused("a text of %d bytes; at most %d are read".formatted(length, MAX_TEXT_BYTES));
    }
    try {
      ByteBuffer part = in.slice(in.position(), length);
      String value = StandardCharsets.UTF_8.newDecoder().decode(part).toString();
      in.position(in.position() + length);
      use(SHELL_BYTES + 2L * length);
      return new Text(value);
    } catch (CharacterCodingException e) {
      throw refused("a text that is not UTF-8");
    }
  }

  private PickleValue longInteger() {
    int length = length(1, "integer");
    if (length > MAX_INTEGER_BYTES) {
      throw refused("an integer of %d bytes".formatted(length));
    }
    byte[] bigEndian = new byte[Math.max(1, length)];
    for (int i = 0; i < length; i++) {
      bigEndian[length - 1 - i] = in.get();
    }
    BigInteger value = new BigInteger(bigEndian);
    return value.bitLength() < Long.SIZE ? new Int(value.longValue()) : new BigInt(value);
  }

  // Stack, memo and containers

  private void push(PickleValue value) {
    stack.add(value);
  }

  private void create(PickleValue value) {
    use(SHELL_BYTES);
    push(value);
  }

  private PickleValue pop() {
    if (stack.size() <= bottom()) {
      throw refused("nothing is left to take");
    }
    return stack.removeLast();
  }

  private PickleValue top() {
    if (stack.size() <= bottom()) {
      throw refused("nothing is left to fill");
    }
    return stack.getLast();
  }

  /** What lies below the last mark belongs to somebody else. */
  private int bottom() {
    return marks.isEmpty() ? 0 : marks.peek();
  }

  private int mark() {
    Integer mark = marks.poll();
    if (mark == null) {
      throw refused("an end without a beginning");
    }
    return mark;
  }

  /** The last values, taken off the stack. */
  private List<PickleValue> last(int count) {
    if (stack.size() - count < bottom()) {
      throw refused("nothing is left to take");
    }
    List<PickleValue> part = stack.subList(stack.size() - count, stack.size());
    List<PickleValue> values = List.copyOf(part);
    part.clear();
    return values;
  }

  private Tuple tuple(int count) {
    List<PickleValue> items = last(count);
    use(SHELL_BYTES);
    items.forEach(item -> use(slot(item)));
    return new Tuple(items);
  }

  private void append(int count) {
    List<PickleValue> values = last(count);
    if (!(top() instanceof Items list)) {
      throw refused("something is appended to what is no list");
    }
    for (PickleValue value : values) {
      use(slot(value));
      list.items().add(value);
    }
  }

  private void put(int count) {
    List<PickleValue> values = last(count);
    if (!(top() instanceof Pairs pairs) || count % 2 != 0) {
      throw refused("something is put into what is no dict");
    }
    for (int i = 0; i < count; i += 2) {
      if (!(values.get(i) instanceof Text)) {
        throw refused("a key that is no text");
      }
      long cost = SLOT_BYTES + slot(values.get(i + 1));
      use(cost);
      pairs.put(values.get(i), values.get(i + 1), cost);
    }
  }

  private void memorise() {
    PickleValue value = top();
    use(slot(value));
    memo.add(value);
  }

  private PickleValue remembered(long place) {
    if (place >= memo.size()) {
      throw refused("memo " + place + " was never filled");
    }
    return memo.get((int) place);
  }

  private static long slot(PickleValue value) {
    return value instanceof Int || value instanceof Real || value instanceof BigInt
        ? SLOT_BYTES + NUMBER_BYTES
        : SLOT_BYTES;
  }

  private void use(long bytes) {
    liveBytes += bytes;
  }

  // Names, and what may be made of them

  private Name name() {
    if (pop() instanceof Text name && pop() instanceof Text module) {
      use(SHELL_BYTES);
      return PickleName.of(module.value(), name.value())
          .map(Name::new)
          .orElseThrow(
              () ->
                  refused(
                      "name %s has no place in a saved metagraph"
                          .formatted(Quoted.text(module.value() + "." + name.value()))));
    }
    throw refused("a name that is no text");
  }

  /** What Python would call; here one of three shapes of data. */
  private PickleValue made(PickleValue arguments, PickleValue callee) {
    if (callee instanceof Name(PickleName name)
        && arguments instanceof Tuple(List<PickleValue> a)) {
      use(SHELL_BYTES);
      if (name == PickleName.RECONSTRUCT
          && a.size() == 3
          && isName(a.getFirst(), PickleName.NDARRAY)) {
        return new Array();
      }
      if (name == PickleName.DTYPE && a.size() == 3 && a.getFirst() instanceof Text(String code)) {
        return PickleValue.ElementType.of(code)
            .map(Dtype::new)
            .orElseThrow(() -> refused("array elements of type %s".formatted(Quoted.text(code))));
      }
      // Newer numpy adds an axis order, None here.
      if (name == PickleName.FROM_BUFFER
          && (a.size() == 4 || (a.size() == 5 && a.get(4) instanceof None))
          && a.get(0) instanceof Bytes bytes
          && a.get(1) instanceof Dtype dtype
          && a.get(2) instanceof Tuple shape) {
        Array array = new Array();
        array.build(content(dtype, shape, bytes));
        return array;
      }
      throw refused("%s with unknown arguments".formatted(name));
    }
    throw refused("something is to be called that is none of the known names");
  }

  private Thing thing(PickleValue arguments, PickleValue type) {
    if (type instanceof Name(PickleName name)
        && name.hasAttributes()
        && arguments instanceof Tuple(List<PickleValue> none)
        && none.isEmpty()) {
      use(SHELL_BYTES + SLOT_BYTES * name.kept().size());
      return new Thing(name);
    }
    throw refused("an object of an unknown class");
  }

  private void build(PickleValue state) {
    switch (top()) {
      case Thing thing when state instanceof Pairs pairs && !thing.built() -> {
        thing.build(pairs);
        liveBytes -= pairs.clear();
      }
      case Dtype dtype when state instanceof Tuple(List<PickleValue> s) && !dtype.built() -> {
        if (s.size() < 2
            || !(s.get(1) instanceof Text(String order)
                && (order.equals("<") || order.equals("|")))) {
          throw refused("array elements that are not little-endian");
        }
        dtype.build();
      }
      case Array array
          when state instanceof Tuple(List<PickleValue> s)
              && array.content().isEmpty()
              && s.size() == 5
              && s.get(1) instanceof Tuple shape
              && s.get(2) instanceof Dtype dtype
              && s.get(4) instanceof Bytes bytes ->
          array.build(content(dtype, shape, bytes));
      case PickleValue _ -> throw refused("an object is given a state that does not fit it");
    }
  }

  private Array.Content content(Dtype dtype, Tuple shape, Bytes bytes) {
    long count = 1;
    for (PickleValue dimension : shape.items()) {
      if (!(dimension instanceof Int(long size)) || size < 0 || size > bytes.length()) {
        throw refused("an array with an impossible shape");
      }
      count *= size;
      if (count > bytes.length()) {
        throw refused("an array that needs more bytes than it has");
      }
    }
    if ((!dtype.built() && dtype.type().bytes() > 1)
        || count * dtype.type().bytes() != bytes.length()) {
      throw refused(
          "an array of %d elements of %s in %d bytes"
              .formatted(count, dtype.type(), bytes.length()));
    }
    use(SHELL_BYTES);
    return new Array.Content(dtype.type(), shape.items().size(), (int) count, bytes);
  }

  private static boolean isName(PickleValue value, PickleName expected) {
    return value instanceof Name(PickleName name) && name == expected;
  }

  private SnapshotException refused(String message) {
    return new SnapshotException("%s: byte %d: %s".formatted(source, opcodeAt, message));
  }

  /** The value, when it is of this kind. */
  static <T extends PickleValue> Optional<T> as(Class<T> kind, PickleValue value) {
    return kind.isInstance(value) ? Optional.of(kind.cast(value)) : Optional.empty();
  }
}
