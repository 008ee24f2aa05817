package org.axonometer.wallet;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A password of a key file, in memory until it is closed. Shows nothing of itself. */
public final class KeyPassword implements AutoCloseable {

  private final byte[] utf8;

  private KeyPassword(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** What was typed; the array is copied, and the caller's to wipe. */
  public static KeyPassword of(char[] typed) {
    ByteBuffer encoded = ByteBuffer.allocate(3 * typed.length);
    StandardCharsets.UTF_8
        .newEncoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .encode(CharBuffer.wrap(typed), encoded, true);
    byte[] utf8 = new byte[encoded.flip().remaining()];
    encoded.get(utf8);
    SecretBytes.wipe(encoded);
    return new KeyPassword(utf8);
  }

  /** UTF-8 text; the array becomes the password's own. */
  static KeyPassword owning(byte[] utf8) {
    return new KeyPassword(utf8);
  }

  public boolean isEmpty() {
    return utf8.length == 0;
  }

  /** Whether both were typed alike. */
  public boolean isSameAs(KeyPassword other) {
    return Arrays.equals(utf8, other.utf8);
  }

  /** The password itself, not a copy. */
  byte[] utf8() {
    return utf8;
  }

  @Override
  public void close() {
    Arrays.fill(utf8, (byte) 0);
  }

  @Override
  public String toString() {
    return "(a password)";
  }
}
