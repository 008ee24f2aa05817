package org.axonometer.mockaxons;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.axonometer.sr25519.Sr25519;
import org.axonometer.subnet.Ss58Address;
import org.jspecify.annotations.Nullable;

/**
 * One axon's check of a caller: what the SDK's {@code default_verify} does since 7.4 (protocol 3.3,
 * 3.4), in its order and with its texts. As before 9.3, a query without a signature is refused;
 * newer axons let it pass. Thread-safe.
 */
final class Verification {
  /** From this version on the first nonce of a key must be fresh. */
  private static final long FRESH_NONCE_VERSION = 7_002_000;

  private static final long ALLOWED_DELTA_NANOS = 4_000_000_000L;

  private final Ss58Address axonHotkey;
  private final Clock clock;
  private final NonceMemory nonces = new NonceMemory();
  private final ReentrantLock lock = new ReentrantLock();

  Verification(Ss58Address axonHotkey, Clock clock) {
    this.axonHotkey = axonHotkey;
    this.clock = clock;
  }

  /** Returns when the caller signed this with a good nonce, which is then the last one. */
  void check(HeaderSynapse query) throws RefusedQuery {
    String hotkey = query.dendrite().get("hotkey");
    byte[] publicKey = publicKey(hotkey);
    String uuid = query.dendrite().get("uuid");
    String nonce = query.dendrite().get("nonce");
    String message =
        pythonText(nonce)
            + "."
            + hotkey
            + "."
            + axonHotkey
            + "."
            + pythonText(uuid)
            + "."
            + pythonText(query.bodyHash());
    if (nonce == null) {
      throw RefusedQuery.notVerified("Missing Nonce");
    }
    String key = hotkey + ":" + pythonText(uuid);
    // One at a time: a nonce is compared and remembered in the order of processing.
    lock.lock();
    try {
      checkNonce(query, key, Long.parseLong(nonce));
      checkSignature(publicKey, message, query.dendrite().get("signature"));
      nonces.remember(key, Long.parseLong(nonce));
    } finally {
      lock.unlock();
    }
  }

  private void checkNonce(HeaderSynapse query, String key, long nonceNanos) throws RefusedQuery {
    Long last = nonces.last(key);
    if (last != null) {
      if (nonceNanos <= last) {
        throw RefusedQuery.notVerified("Nonce is too old, a newer one was last processed");
      }
      return;
    }
    String version = query.dendrite().get("version");
    if (version == null || Long.parseLong(version) < FRESH_NONCE_VERSION) {
      return;
    }
    long nowNanos = epochNanos(clock.instant());
    double allowedNanos = ALLOWED_DELTA_NANOS + query.timeoutSeconds() * 1e9;
    if (nonceNanos <= nowNanos - allowedNanos) {
      throw RefusedQuery.notVerified(
          String.format(
              Locale.ROOT,
              "Nonce is too old: acceptable delta is %.2f seconds but request was %.2f seconds old",
              allowedNanos / 1e9,
              (nowNanos - nonceNanos) / 1e9));
    }
  }

  private static void checkSignature(byte[] publicKey, String message, @Nullable String signature)
      throws RefusedQuery {
    if (signature == null || !signature.startsWith("0x")) {
      throw RefusedQuery.notVerified("Signature must be a string starting with 0x");
    }
    if (!verifies(publicKey, message, signature)) {
      throw RefusedQuery.notVerified("Signature mismatch with " + message + " and " + signature);
    }
  }

  private static boolean verifies(byte[] publicKey, String message, String signature) {
    byte[] bytes;
    try {
      bytes = HexFormat.of().parseHex(signature, 2, signature.length());
    } catch (IllegalArgumentException e) {
      return false;
    }
    return Sr25519.verifyEither(publicKey, message.getBytes(StandardCharsets.UTF_8), bytes);
  }

  private static byte[] publicKey(@Nullable String hotkey) throws RefusedQuery {
    if (hotkey == null) {
      throw RefusedQuery.notVerified("No SS58 formatted address or public key provided");
    }
    try {
      return new Ss58Address(hotkey).publicKey();
    } catch (IllegalArgumentException e) {
      throw RefusedQuery.notVerified("Invalid SS58 address");
    }
  }

  private static String pythonText(@Nullable String text) {
    return text == null ? "None" : text;
  }

  static long epochNanos(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
  }
}
