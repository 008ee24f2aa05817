package org.axonometer.challenges;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.axonometer.subnet.Sha256;
import org.axonometer.subnet.Ss58Address;

/**
 * The seed of a challenge, which anyone can compute in any language: the first 8 bytes of the
 * SHA-256 of the UTF-8 text {@code challenge:<round's seed>:<hotkey>}, as a big-endian number
 * without its highest bit. For a challenge that a whole round shares the text is {@code
 * challenge:<round's seed>}.
 */
public final class ChallengeSeed {

  private ChallengeSeed() {}

  /** One target's; not negative. */
  public static long of(long roundSeed, Ss58Address hotkey) {
    return first8Bytes("challenge:" + roundSeed + ":" + hotkey.text());
  }

  /** That of a challenge all targets share; not negative. */
  public static long shared(long roundSeed) {
    return first8Bytes("challenge:" + roundSeed);
  }

  private static long first8Bytes(String text) {
    return ByteBuffer.wrap(sha256(text)).getLong() & Long.MAX_VALUE;
  }

  static byte[] sha256(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
