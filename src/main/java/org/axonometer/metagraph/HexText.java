package org.axonometer.metagraph;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;

/**
 * Bytes written as hex digits, with or without {@code 0x} in front, gathered piece by piece under a
 * limit. White space may stand before and after, nothing else.
 */
final class HexText extends Writer {

  /** The most bytes a text may hold: half of what a snapshot's file may have. */
  static final int MAX_BYTES = (int) (GuardedBytes.MAX_BYTES / 2);

  private final String source;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long offset;
  private long digits;
  private int pending = -1;
  private boolean ended;

  HexText(String source) {
    this.source = source;
  }

  static byte[] decode(InputStream in, String source) throws IOException {
    HexText text = new HexText(source);
    byte[] part = new byte[1 << 14];
    for (int length = in.read(part); length >= 0; length = in.read(part)) {
      for (int i = 0; i < length; i++) {
        text.digit((char) part[i]);
      }
    }
    return text.decoded();
  }

  @Override
  public void write(char[] characters, int from, int length) {
    for (int i = from; i < from + length; i++) {
      digit(characters[i]);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  /** All bytes so far. */
  byte[] decoded() {
    if (pending >= 0 || bytes.size() == 0) {
      throw refused(bytes.size() == 0 ? "no hex digits" : "an odd number of hex digits");
    }
    return bytes.toByteArray();
  }

  private void digit(char c) {
    offset++;
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
      ended = digits > 0;
      return;
    }
    if (digits++ == 1 && c == 'x' && pending == 0 && !ended) {
      pending = -1;
      return;
    }
    int value = c < 0x80 ? Character.digit(c, 16) : -1;
    if (value < 0 || ended) {
      offset--;
      throw refused("%s is no hex digit".formatted(Quoted.text(String.valueOf(c))));
    }
    if (pending < 0) {
      pending = value;
      return;
    }
    if (bytes.size() == MAX_BYTES) {
      throw refused("more than %d bytes".formatted(MAX_BYTES));
    }
    bytes.write(pending << 4 | value);
    pending = -1;
  }

  private SnapshotException refused(String message) {
    return new SnapshotException("%s: offset %d: %s".formatted(source, offset, message));
  }
}
