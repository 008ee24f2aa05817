package org.axonometer.wallet;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.axonometer.sr25519.Sr25519;
import org.axonometer.subnet.Ss58Address;
import org.jspecify.annotations.Nullable;

/**
 * A hotkey that can sign. Never prints, compares or serialises its secret; {@code toString} is the
 * address only. Two objects of one key are not equal: compare their addresses. Thread-safe.
 */
public final class Hotkey {

  static final int SEED_BYTES = 32;
  static final int SECRET_BYTES = 64;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte @Nullable [] seed;
  private final byte[] secret;
  private final byte[] publicKey;
  private final Ss58Address address;

  private Hotkey(byte @Nullable [] seed, byte[] secret) {
    this.seed = seed;
    this.secret = secret;
    this.publicKey = Sr25519.publicKey(secret);
    this.address = Ss58Address.of(publicKey);
  }

  /** From a 32-byte seed (mini secret); the array is copied. */
  public static Hotkey fromSeed(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException("a seed has 32 bytes, this one has " + seed.length);
    }
    return new Hotkey(seed.clone(), Sr25519.expand(seed));
  }

  /**
   * From a 64-byte secret, scalar and nonce in schnorrkel's canonical form; the array is copied.
   *
   * @throws IllegalArgumentException when the scalar is not canonical or is zero
   */
  static Hotkey fromPrivateKey(byte[] secret) {
    Hotkey hotkey = new Hotkey(null, secret.clone());
    if (Arrays.equals(hotkey.publicKey, new byte[hotkey.publicKey.length])) {
      throw new IllegalArgumentException("a private key of zero signs for anyone");
    }
    return hotkey;
  }

  /** A new key from the platform's secure randomness. */
  public static Hotkey generate() {
    byte[] seed = new byte[SEED_BYTES];
    RANDOM.nextBytes(seed);
    return new Hotkey(seed, Sr25519.expand(seed));
  }

  public Ss58Address address() {
    return address;
  }

  /** A 64-byte sr25519 signature. */
  public byte[] sign(byte[] message) {
    return Sr25519.sign(secret, publicKey, message);
  }

  /** A copy of the seed for writing a key file, the caller wipes it; empty without a seed. */
  Optional<byte[]> copyOfSeed() {
    return Optional.ofNullable(seed).map(byte[]::clone);
  }

  /** A copy of the 64-byte secret for writing a key file; the caller wipes it. */
  byte[] copyOfSecret() {
    return secret.clone();
  }

  /** Overwrites the secret of a key that must not be used; what it signs is worthless then. */
  void wipe() {
    Arrays.fill(secret, (byte) 0);
    if (seed != null) {
      Arrays.fill(seed, (byte) 0);
    }
  }

  /** The address. */
  @Override
  public String toString() {
    return address.text();
  }
}
