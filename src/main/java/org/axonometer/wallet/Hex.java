package org.axonometer.wallet;

import java.util.Arrays;
import java.util.HexFormat;

/** Secret bytes in hexadecimal digits, with or without 0x, read without a String. */
final class Hex {

  private Hex() {}

  /**
   * The bytes, for the caller to wipe.
   *
   * @param name what they are, for the refusal
   * @param counts how many bytes there may be
   */
  static byte[] bytes(String name, char[] text, int start, int length, int... counts)
      throws KeyContentException {
    int skipped = length > 2 && text[start] == '0' && text[start + 1] == 'x' ? 2 : 0;
    int count = counts[0];
    for (int other : counts) {
      count = length - skipped == 2 * other ? other : count;
    }
    byte[] bytes = new byte[count];
    boolean good = length - skipped == 2 * count;
    for (int at = 0; good && at < 2 * count; at++) {
      char digit = text[start + skipped + at];
      good = HexFormat.isHexDigit(digit);
      bytes[at / 2] = (byte) (bytes[at / 2] << 4 | (good ? HexFormat.fromHexDigit(digit) : 0));
    }
    if (!good) {
      Arrays.fill(bytes, (byte) 0);
      throw new KeyContentException(
          "has a %s that is not 0x and %d hexadecimal digits".formatted(name, 2 * count));
    }
    return bytes;
  }
}
