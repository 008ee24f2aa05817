package org.axonometer.wallet;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** A secret phrase or a seed as an operator hands it over, to make a hotkey of. */
public final class TypedSecret {

  private TypedSecret() {}

  /**
   * The hotkey of a BIP-39 phrase, or of a seed in 64 hexadecimal digits with or without 0x.
   *
   * @param where it came from, for the refusal
   * @param text the caller's to wipe
   */
  public static Hotkey hotkey(String where, char[] text) {
    byte[] seed = new byte[0];
    try {
      seed = seed(text);
      return Hotkey.fromSeed(seed);
    } catch (KeyContentException e) {
      throw new WalletException(where + ": " + e.getMessage());
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  /** As {@link #hotkey(String, char[])} from ASCII text. */
  public static Hotkey hotkey(String where, byte[] text) {
    CharBuffer decoded = StandardCharsets.ISO_8859_1.decode(ByteBuffer.wrap(text));
    char[] characters = new char[decoded.remaining()];
    try {
      decoded.get(characters);
      return hotkey(where, characters);
    } finally {
      Arrays.fill(characters, '\0');
      Arrays.fill(decoded.array(), '\0');
    }
  }

  /** As {@link #hotkey(String, char[])} from a file that nobody but its owner may read. */
  public static Hotkey hotkey(Path file) {
    try (PrivateFile opened = PrivateFile.open(file, PrivateFile.Kind.SECRET)) {
      return hotkey(file.toString(), opened.content());
    }
  }

  private static byte[] seed(char[] text) throws KeyContentException {
    int start = 0;
    int end = text.length;
    while (start < end && Character.isWhitespace(text[start])) {
      start++;
    }
    while (end > start && Character.isWhitespace(text[end - 1])) {
      end--;
    }
    if (start == end) {
      throw new KeyContentException("is empty; give a secret phrase or a seed");
    }
    for (int at = start; at < end; at++) {
      if (Character.isWhitespace(text[at])) {
        return Mnemonic.seed(text, start, end - start);
      }
    }
    return Hex.bytes("seed", text, start, end - start, Hotkey.SEED_BYTES);
  }
}
