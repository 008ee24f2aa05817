package org.axonometer.subnet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Base58 with Bitcoin's alphabet, for texts of at most a few dozen characters: the time grows with
 * the square of the length, so callers cap it. Strict: no white space, no second spelling of a
 * value.
 */
final class Base58 {

  private static final String ALPHABET =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

  private Base58() {}

  /** The bytes as text; a leading zero byte is a leading {@code 1}. */
  static String encode(byte[] bytes) {
    byte[] digits = new byte[bytes.length * 138 / 100 + 1];
    int used = 0;
    for (byte next : bytes) {
      int carry = next & 0xff;
      for (int at = 0; at < used || carry != 0; at++) {
        carry += (digits[at] & 0xff) << 8;
        digits[at] = (byte) (carry % 58);
        carry /= 58;
        used = Math.max(used, at + 1);
      }
    }
    int zeros = 0;
    while (zeros < bytes.length && bytes[zeros] == 0) {
      zeros++;
    }
    byte[] text = new byte[zeros + used];
    Arrays.fill(text, 0, zeros, (byte) ALPHABET.charAt(0));
    for (int at = 0; at < used; at++) {
      text[zeros + at] = (byte) ALPHABET.charAt(digits[used - 1 - at]);
    }
    return new String(text, StandardCharsets.US_ASCII);
  }

  /** The bytes of a text; IllegalArgumentException names the first character that is not base58. */
  static byte[] decode(String text) {
    byte[] bytes = new byte[text.length()];
    int used = 0;
    for (int at = 0; at < text.length(); at++) {
      int carry = ALPHABET.indexOf(text.charAt(at));
      if (carry < 0) {
        throw new IllegalArgumentException(
            "address has a character that is not base58: "
                + named(text.charAt(at))
                + " at position "
                + (at + 1));
      }
      for (int place = 0; place < used || carry != 0; place++) {
        carry += (bytes[place] & 0xff) * 58;
        bytes[place] = (byte) carry;
        carry >>>= 8;
        used = Math.max(used, place + 1);
      }
    }
    int zeros = 0;
    while (zeros < text.length() && text.charAt(zeros) == ALPHABET.charAt(0)) {
      zeros++;
    }
    byte[] result = new byte[zeros + used];
    for (int place = 0; place < used; place++) {
      result[zeros + place] = bytes[used - 1 - place];
    }
    return result;
  }

  private static String named(char character) {
    return character > ' ' && character < 0x7f
        ? "'" + character + "'"
        : "U+%04X".formatted((int) character);
  }
}
