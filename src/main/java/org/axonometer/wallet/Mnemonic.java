package org.axonometer.wallet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.axonometer.subnet.Sha256;
import org.bouncycastle.crypto.digests.SHA512Digest;

/**
 * From a BIP-39 phrase to the seed as substrate derives it (protocol 8.3): PBKDF2-HMAC-SHA512 over
 * the phrase's entropy, where BIP-39 itself has the words. English words, no passphrase.
 */
final class Mnemonic {

  private static final byte[] SALT = "mnemonic".getBytes(StandardCharsets.US_ASCII);
  private static final int ROUNDS = 2048;
  private static final int WORD_BITS = 11;
  private static final int MOST_WORDS = 24;
  private static final int MOST_BYTES = 33;

  private Mnemonic() {}

  /**
   * The 32-byte seed of the phrase in this part of an array, its words between white space.
   *
   * @throws KeyContentException when it is not 12, 15, 18, 21 or 24 words of the list with a right
   *     checksum
   */
  static byte[] seed(char[] text, int start, int length) throws KeyContentException {
    byte[] bits = new byte[MOST_BYTES];
    byte[] entropy = new byte[0];
    byte[] derived = new byte[0];
    try {
      int words = readWords(text, start, start + length, bits);
      entropy = Arrays.copyOf(bits, words / 3 * 4);
      requireChecksum(bits, entropy, words / 3);
      derived = Pbkdf2.derive(new SHA512Digest(), entropy, SALT, ROUNDS, 64);
      return Arrays.copyOf(derived, Hotkey.SEED_BYTES);
    } finally {
      Arrays.fill(bits, (byte) 0);
      Arrays.fill(entropy, (byte) 0);
      Arrays.fill(derived, (byte) 0);
    }
  }

  private static int readWords(char[] text, int start, int end, byte[] bits)
      throws KeyContentException {
    int words = 0;
    int at = start;
    while (at < end) {
      if (Character.isWhitespace(text[at])) {
        at++;
        continue;
      }
      int wordStart = at;
      while (at < end && !Character.isWhitespace(text[at])) {
        at++;
      }
      if (words < MOST_WORDS) {
        put(bits, words, index(text, wordStart, at, words + 1));
      }
      words++;
    }
    if (words < 12 || words > MOST_WORDS || words % 3 != 0) {
      throw new KeyContentException(
          "has a secret phrase of %d words; 12, 15, 18, 21 or 24 are right".formatted(words));
    }
    return words;
  }

  private static int index(char[] text, int start, int end, int number) throws KeyContentException {
    int index = WordList.indexOf(text, start, end);
    if (index < 0) {
      throw new KeyContentException(
          "has a secret phrase whose word %d is not in the English BIP-39 list".formatted(number));
    }
    return index;
  }

  private static void put(byte[] bits, int word, int index) {
    for (int bit = 0; bit < WORD_BITS; bit++) {
      if ((index >> (WORD_BITS - 1 - bit) & 1) == 1) {
        int at = word * WORD_BITS + bit;
        bits[at / 8] |= (byte) (0x80 >> at % 8);
      }
    }
  }

  /** The bits after the entropy, at most 8, begin its SHA-256. */
  private static void requireChecksum(byte[] bits, byte[] entropy, int checksumBits)
      throws KeyContentException {
    byte[] digest = Sha256.of(entropy);
    int unused = 8 - checksumBits;
    boolean right = (bits[entropy.length] & 0xff) >> unused == (digest[0] & 0xff) >> unused;
    Arrays.fill(digest, (byte) 0);
    if (!right) {
      throw new KeyContentException(
          "has a secret phrase with a wrong checksum: a word is mistyped or out of place");
    }
  }
}
