package org.axonometer.sr25519;

/** Signing and verifying in the context {@code substrate}. */
public final class Sr25519 {

  private Sr25519() {}

  /**
   * The 64-byte secret (scalar 32 | nonce 32, canonical schnorrkel form) of a 32-byte mini secret
   * (seed).
   */
  public static byte[] expand(byte[] seed) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** The 32-byte public key of a 64-byte secret. */
  public static byte[] publicKey(byte[] secret) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** A 64-byte signature; randomised, so two signatures of one message differ. */
  public static byte[] sign(byte[] secret, byte[] publicKey, byte[] message) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** Whether the signature is of this message by this key. Never throws on hostile bytes. */
  public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    throw new UnsupportedOperationException("not written yet");
  }
}
