package org.axonometer.subnet;

/**
 * An account's address: SS58 text, prefix 42. Contract: the constructor refuses anything else with
 * IllegalArgumentException.
 */
public record Ss58Address(String text) implements Comparable<Ss58Address> {

  /** The address of a 32-byte public key. */
  public static Ss58Address of(byte[] publicKey) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** The 32-byte public key, a fresh copy. */
  public byte[] publicKey() {
    throw new UnsupportedOperationException("not written yet");
  }

  @Override
  public int compareTo(Ss58Address other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
