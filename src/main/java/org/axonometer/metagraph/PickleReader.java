package org.axonometer.metagraph;

import org.axonometer.metagraph.PickleValue.Bool;
import org.axonometer.metagraph.PickleValue.Int;
import org.axonometer.metagraph.PickleValue.Items;
import org.axonometer.metagraph.PickleValue.None;
import org.axonometer.metagraph.PickleValue.Pairs;
import org.axonometer.metagraph.PickleValue.Real;

/**
 * Reads a pickle of protocol 4 or 5 as data. It knows the opcodes that a saved metagraph consists
 * of (protocol 7.2) and the names of {@link PickleName}; nothing is imported, called or run. Any
 * other opcode or name, and all that goes over a limit, is a SnapshotException with the byte
 * offset. Values live on the heap, within the limits of {@link PickleStack}; no step recurses.
 */
final class PickleReader {

  static final int FIRST_BYTE = 0x80;

  private static final None NONE = new None();
  private static final Bool TRUE = new Bool(true);
  private static final Bool FALSE = new Bool(false);

  private final PickleInput in;
  private final PickleStack stack;
  private final PickleObjects objects;

  private PickleReader(PickleInput in) {
    this.in = in;
    this.stack = new PickleStack(in);
    this.objects = new PickleObjects(in, stack);
  }

  /** The one value the bytes hold. */
  static PickleValue read(byte[] data, String source) {
    PickleReader reader = new PickleReader(new PickleInput(data, source));
    reader.requireProtocol(data.length);
    return reader.readAll();
  }

  private void requireProtocol(int size) {
    if (size < 2 || in.number(1) != FIRST_BYTE) {
      throw in.refused("not a pickle");
    }
    long protocol = in.number(1);
    if (protocol != 4 && protocol != 5) {
      throw in.refused("pickle protocol is " + protocol + "; 4 and 5 are read");
    }
  }

  private PickleValue readAll() {
    for (int opcode = in.opcode(); opcode != '.'; opcode = in.opcode()) {
      step(opcode);
      stack.requireWithinLimits();
    }
    PickleValue value = stack.only();
    in.end();
    return value;
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x95 -> in.length(8, "frame"); // frames only help those who read from a slow stream
      case 'N' -> stack.push(NONE);
      case 0x88 -> stack.push(TRUE);
      case 0x89 -> stack.push(FALSE);
      case 'K' -> stack.push(new Int(in.number(1)));
      case 'M' -> stack.push(new Int(in.number(2)));
      case 'J' -> stack.push(new Int((int) in.number(4)));
      case 0x8a -> stack.push(in.longInteger());
      case 'G' -> stack.push(new Real(Double.longBitsToDouble(Long.reverseBytes(in.number(8)))));
      case 0x8c -> stack.create(in.text(in.length(1, "text")));
      case 'X' -> stack.create(in.text(in.length(4, "text")));
      case 'C' -> stack.create(in.bytes(in.length(1, "bytes")));
      case 'B' -> stack.create(in.bytes(in.length(4, "bytes")));
      case 0x96 -> stack.create(in.bytes(in.length(8, "bytes")));
      case '}' -> stack.create(new Pairs());
      case ']' -> stack.create(new Items());
      case ')' -> stack.tuple(0);
      case 0x85 -> stack.tuple(1);
      case 0x86 -> stack.tuple(2);
      case 0x87 -> stack.tuple(3);
      case '(' -> stack.mark();
      case 't' -> stack.tuple(stack.sinceMark());
      case 0x94 -> stack.memorise();
      case 'h' -> stack.pushRemembered(in.number(1));
      case 'j' -> stack.pushRemembered(in.number(4));
      case 'a' -> stack.append(1);
      case 'e' -> stack.append(stack.sinceMark());
      case 's' -> stack.put(2);
      case 'u' -> stack.put(stack.sinceMark());
      case 0x93 -> objects.name();
      case 'R' -> objects.reduce();
      case 0x81 -> objects.newObject();
      case 'b' -> objects.build();
      default ->
          throw in.refused(
              "opcode 0x%02x%s has no place in a saved metagraph"
                  .formatted(
                      opcode, opcode > ' ' && opcode <= '~' ? " ('" + (char) opcode + "')" : ""));
    }
  }
}
