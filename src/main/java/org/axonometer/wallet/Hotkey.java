package org.axonometer.wallet;

import java.security.SecureRandom;
import java.util.Arrays;
import org.axonometer.sr25519.Sr25519;
import org.axonometer.subnet.Ss58Address;

/**
 * A hotkey that can sign. Never prints, compares or serialises its secret; {@code toString} is the
 * address only. Two objects of one key are not equal: compare their addresses. Thread-safe.
 */
public final class Hotkey {

  static final int SEED_BYTES = 32;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] seed;
  private final byte[] secret;
  private final byte[] publicKey;
  private final Ss58Address address;

  private Hotkey(byte[] seed) {
    this.seed = seed;
    this.secret = Sr25519.expand(seed);
    this.publicKey = Sr25519.publicKey(secret);
    this.address = Ss58Address.of(publicKey);
  }

  /** From a 32-byte seed (mini secret); the array is copied. */
  public static Hotkey fromSeed(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException("a seed has 32 bytes, this one has " + seed.length);
    }
    return new Hotkey(seed.clone());
  }

  /** A new key from the platform's secure randomness. */
  public static Hotkey generate() {
    byte[] seed = new byte[SEED_BYTES];
    RANDOM.nextBytes(seed);
    return new Hotkey(seed);
  }

  public Ss58Address address() {
    return address;
  }

  /** A 64-byte sr25519 signature. */
  public byte[] sign(byte[] message) {
    return Sr25519.sign(secret, publicKey, message);
  }

  /** Whether these 32 bytes are this key's public key. */
  boolean hasPublicKey(byte[] candidate) {
    return Arrays.equals(publicKey, candidate);
  }

  /** A copy of the seed for writing a key file; the caller wipes it. */
  byte[] copyOfSeed() {
    return seed.clone();
  }

  /** The address. */
  @Override
  public String toString() {
    return address.text();
  }
}
