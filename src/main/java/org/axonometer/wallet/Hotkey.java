package org.axonometer.wallet;

import org.axonometer.subnet.Ss58Address;

/**
 * A hotkey that can sign. Never prints, compares or serialises its secret; {@code toString} is the
 * address only.
 */
public final class Hotkey {

  private Hotkey() {}

  /** From a 32-byte seed (mini secret); the array is copied. */
  public static Hotkey fromSeed(byte[] seed) {
    throw new UnsupportedOperationException("not written yet");
  }

  public Ss58Address address() {
    throw new UnsupportedOperationException("not written yet");
  }

  /** A 64-byte sr25519 signature. */
  public byte[] sign(byte[] message) {
    throw new UnsupportedOperationException("not written yet");
  }
}
