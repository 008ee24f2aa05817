package org.axonometer.metagraph;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.axonometer.metagraph.PickleValue.BigInt;
import org.axonometer.metagraph.PickleValue.Bytes;
import org.axonometer.metagraph.PickleValue.Int;
import org.axonometer.metagraph.PickleValue.Text;

/** A pickle's bytes, front to back: opcodes, and the numbers, texts and stretches behind them. */
final class PickleInput {

  private static final int MAX_TEXT_BYTES = 4_096;
  private static final int MAX_INTEGER_BYTES = 17;

  private final ByteBuffer in;
  private final String source;
  private int opcodeAt;

  PickleInput(byte[] data, String source) {
    this.in = ByteBuffer.wrap(data);
    this.source = source;
  }

  /** The next opcode, whose offset refusals name from now on. */
  int opcode() {
    opcodeAt = in.position();
    return (int) number(1);
  }

  /** An unsigned little-endian number; of 8 bytes, its bits. */
  long number(int bytes) {
    if (in.remaining() < bytes) {
      throw refused("the file ends too early");
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= Byte.toUnsignedLong(in.get()) << (Byte.SIZE * i);
    }
    return value;
  }

  /**
   * How many bytes follow.
   *
   * @param bytes of the number itself
   */
  int length(int bytes, String what) {
    long length = number(bytes);
    if (length < 0 || length > in.remaining()) {
      throw refused(
          "%s of %s bytes, but only %d follow"
              .formatted(what, Long.toUnsignedString(length), in.remaining()));
    }
    return (int) length;
  }

  Bytes bytes(int length) {
    Bytes bytes = new Bytes(in.position(), length);
    in.position(in.position() + length);
    return bytes;
  }

  Text text(int length) {
    if (length > MAX_TEXT_BYTES) {
      throw refused("a text of %d bytes; at most %d are read".formatted(length, MAX_TEXT_BYTES));
    }
    try {
      ByteBuffer part = in.slice(in.position(), length);
      String value = StandardCharsets.UTF_8.newDecoder().decode(part).toString();
      in.position(in.position() + length);
      return new Text(value);
    } catch (CharacterCodingException e) {
      throw refused("a text that is not UTF-8");
    }
  }

  /** A signed little-endian integer behind its length. */
  PickleValue longInteger() {
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

  /** Nothing may follow the last opcode. */
  void end() {
    if (in.hasRemaining()) {
      throw refused("%d bytes follow the end".formatted(in.remaining()));
    }
  }

  SnapshotException refused(String message) {
    return new SnapshotException("%s: byte %d: %s".formatted(source, opcodeAt, message));
  }
}
