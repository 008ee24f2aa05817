package org.axonometer.subnet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.Blake2bDigest;

/**
 * An account's address: SS58 text, prefix 42, always 48 characters. The constructor refuses
 * anything else with IllegalArgumentException, whose message says what is wrong and never repeats
 * the text. One key has exactly one text, so texts may be compared. Layout: base58 of the prefix
 * byte, 32 bytes of key and the first two bytes of BLAKE2b-512 over {@code SS58PRE}, prefix and
 * key.
 */
public record Ss58Address(String text) implements Comparable<Ss58Address> {

  private static final int PREFIX = 42;
  private static final int KEY_BYTES = 32;
  private static final int CHECKSUM_BYTES = 2;
  private static final int TEXT_CHARACTERS = 48;
  private static final byte[] CHECKSUM_CONTEXT = "SS58PRE".getBytes(StandardCharsets.US_ASCII);

  public Ss58Address {
    key(text);
  }

  /**
   * The account of an address with any chain's prefix: the same key in Bittensor's form.
   *
   * @throws IllegalArgumentException as the constructor, but for the prefix
   */
  public static Ss58Address ofAnyPrefix(String text) {
    return of(parse(text).key());
  }

  /** The address of a 32-byte public key. */
  public static Ss58Address of(byte[] publicKey) {
    if (publicKey.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "a public key has 32 bytes, this one has " + publicKey.length);
    }
    byte[] payload = new byte[1 + KEY_BYTES];
    payload[0] = PREFIX;
    System.arraycopy(publicKey, 0, payload, 1, KEY_BYTES);
    byte[] whole = Arrays.copyOf(payload, payload.length + CHECKSUM_BYTES);
    System.arraycopy(checksum(payload), 0, whole, payload.length, CHECKSUM_BYTES);
    return new Ss58Address(Base58.encode(whole));
  }

  /** The 32-byte public key, a fresh copy. */
  public byte[] publicKey() {
    return key(text);
  }

  @Override
  public int compareTo(Ss58Address other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Parsed(int prefix, byte[] key) {}

  private static byte[] key(String text) {
    Parsed parsed = parse(text);
    if (parsed.prefix != PREFIX) {
      throw new IllegalArgumentException(
          "address has prefix "
              + parsed.prefix
              + ", Bittensor's is 42: it belongs to another chain");
    }
    return parsed.key;
  }

  private static Parsed parse(String text) {
    if (text.length() > 2 * TEXT_CHARACTERS) {
      throw wrongLength(text);
    }
    byte[] whole = Base58.decode(text);
    int prefixBytes = whole.length - KEY_BYTES - CHECKSUM_BYTES;
    if (prefixBytes < 1 || prefixBytes > 2 || prefixBytes != prefixLength(whole[0])) {
      throw wrongLength(text);
    }
    byte[] payload = Arrays.copyOf(whole, prefixBytes + KEY_BYTES);
    if (!Arrays.equals(
        checksum(payload), Arrays.copyOfRange(whole, payload.length, whole.length))) {
      throw wrongChecksum();
    }
    int prefix = prefixBytes == 1 ? whole[0] : longPrefix(whole[0], whole[1]);
    return new Parsed(prefix, Arrays.copyOfRange(payload, prefixBytes, payload.length));
  }

  private static IllegalArgumentException wrongChecksum() {
    return new IllegalArgumentException(
        "address has a wrong checksum: at least one character is mistyped");
  }

  private static IllegalArgumentException wrongLength(String text) {
    if (text.length() == TEXT_CHARACTERS) {
      return wrongChecksum(); // 48 characters, yet a number of another size: mistyped in front
    }
    return new IllegalArgumentException(
        "address must be 48 characters of base58, this has the wrong length: "
            + text.length()
            + " characters");
  }

  /** Prefixes 0..63 take one byte, 64..16383 two; bytes from 128 on are reserved. */
  private static int prefixLength(byte first) {
    return first < 0 ? 0 : first < 64 ? 1 : 2;
  }

  private static int longPrefix(byte first, byte second) {
    int low = ((first & 0x3f) << 2) | ((second & 0xff) >>> 6);
    return low | (second & 0x3f) << 8;
  }

  private static byte[] checksum(byte[] payload) {
    Blake2bDigest digest = new Blake2bDigest(512);
    digest.update(CHECKSUM_CONTEXT, 0, CHECKSUM_CONTEXT.length);
    digest.update(payload, 0, payload.length);
    byte[] hash = new byte[digest.getDigestSize()];
    digest.doFinal(hash, 0);
    return Arrays.copyOf(hash, CHECKSUM_BYTES);
  }
}
