package org.axonometer.metagraph;

import java.util.List;
import org.axonometer.metagraph.PickleValue.Array;
import org.axonometer.metagraph.PickleValue.Bytes;
import org.axonometer.metagraph.PickleValue.Dtype;
import org.axonometer.metagraph.PickleValue.Int;
import org.axonometer.metagraph.PickleValue.Name;
import org.axonometer.metagraph.PickleValue.None;
import org.axonometer.metagraph.PickleValue.Pairs;
import org.axonometer.metagraph.PickleValue.Text;
import org.axonometer.metagraph.PickleValue.Thing;
import org.axonometer.metagraph.PickleValue.Tuple;

/**
 * What a pickle may make of the names of {@link PickleName}: numpy's arrays and the SDK's objects,
 * as data. Where Python would call something, this knows the few shapes of it.
 *
 * @param in says where a value is refused
 */
record PickleObjects(PickleInput in, PickleStack stack) {

  /** Takes a module and a name off the stack, and puts there what they stand for. */
  void name() {
    if (stack.pop() instanceof Text name && stack.pop() instanceof Text module) {
      stack.create(
          PickleName.of(module.value(), name.value())
              .map(Name::new)
              .orElseThrow(
                  () ->
                      in.refused(
                          "name %s has no place in a saved metagraph"
                              .formatted(Quoted.text(module.value() + "." + name.value())))));
      return;
    }
    throw in.refused("a name that is no text");
  }

  /** Takes a callee with its arguments off the stack, and puts there what they make. */
  void reduce() {
    PickleValue arguments = stack.pop();
    if (stack.pop() instanceof Name(PickleName name)
        && arguments instanceof Tuple(List<PickleValue> a)) {
      stack.create(made(name, a));
      return;
    }
    throw in.refused("something is to be called that is none of the known names");
  }

  private PickleValue made(PickleName name, List<PickleValue> a) {
    if (name == PickleName.RECONSTRUCT
        && a.size() == 3
        && a.getFirst() instanceof Name(PickleName type)
        && type == PickleName.NDARRAY) {
      return new Array();
    }
    if (name == PickleName.DTYPE && a.size() == 3 && a.getFirst() instanceof Text(String code)) {
      return PickleValue.ElementType.of(code)
          .map(Dtype::new)
          .orElseThrow(() -> in.refused("array elements of type %s".formatted(Quoted.text(code))));
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
    throw in.refused("%s with unknown arguments".formatted(name));
  }

  /** Takes a class with no arguments off the stack, and puts there an object of it. */
  void newObject() {
    PickleValue arguments = stack.pop();
    if (stack.pop() instanceof Name(PickleName name)
        && name.hasAttributes()
        && arguments instanceof Tuple(List<PickleValue> none)
        && none.isEmpty()) {
      stack.create(new Thing(name));
      return;
    }
    throw in.refused("an object of an unknown class");
  }

  /** Takes a state off the stack, and gives it to the object below. */
  void build() {
    PickleValue state = stack.pop();
    switch (stack.top()) {
      case Thing thing when state instanceof Pairs pairs && !thing.built() -> {
        thing.build(pairs);
        stack.empty(pairs);
      }
      case Dtype dtype when state instanceof Tuple(List<PickleValue> s) && !dtype.built() -> {
        if (s.size() < 2
            || !(s.get(1) instanceof Text(String order)
                && (order.equals("<") || order.equals("|")))) {
          throw in.refused("array elements that are not little-endian");
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
      case PickleValue _ -> throw in.refused("an object is given a state that does not fit it");
    }
  }

  private Array.Content content(Dtype dtype, Tuple shape, Bytes bytes) {
    long count = 1;
    for (PickleValue dimension : shape.items()) {
      if (!(dimension instanceof Int(long size)) || size < 0 || size > bytes.length()) {
        throw in.refused("an array with an impossible shape");
      }
      count *= size;
      if (count > bytes.length()) {
        throw in.refused("an array that needs more bytes than it has");
      }
    }
    if ((!dtype.built() && dtype.type().bytes() > 1)
        || count * dtype.type().bytes() != bytes.length()) {
      throw in.refused(
          "an array of %d elements of %s in %d bytes"
              .formatted(count, dtype.type(), bytes.length()));
    }
    return new Array.Content(dtype.type(), shape.items().size(), (int) count, bytes);
  }
}
