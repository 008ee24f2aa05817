package org.axonometer.sr25519;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The part of STROBE v1.0.2 (https://strobe.sourceforge.io/specs) that Merlin uses, at 128 bits of
 * security: associated data, keying and pseudo-random output over Keccak-f[1600]. Not thread-safe.
 * With {@code more} an operation continues the one before it.
 */
final class Strobe128 {

  /** Bytes absorbed between two permutations: 200 - 2 * 128 / 8 - 2 of padding. */
  private static final int RATE = 166;

  private static final int INBOUND = 1;
  private static final int APPLICATION = 1 << 1;
  private static final int CIPHER = 1 << 2;
  private static final int META = 1 << 4;

  private final long[] lanes;
  private int position;
  private int operationStart;
  private int operation;

  private Strobe128(long[] lanes, int position, int operationStart, int operation) {
    this.lanes = lanes;
    this.position = position;
    this.operationStart = operationStart;
    this.operation = operation;
  }

  /** A fresh state for one protocol. */
  static Strobe128 of(String protocol) {
    Strobe128 fresh = new Strobe128(new long[Keccak.LANES], 0, 0, 0);
    byte[] domain = {1, (byte) (RATE + 2), 1, 0, 1, 12 * 8};
    for (int at = 0; at < domain.length; at++) {
      fresh.xor(at, domain[at]);
    }
    byte[] version = "STROBEv1.0.2".getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at < version.length; at++) {
      fresh.xor(domain.length + at, version[at]);
    }
    Keccak.permute(fresh.lanes);
    fresh.metaData(protocol.getBytes(StandardCharsets.UTF_8), false);
    return fresh;
  }

  /** An independent copy of this state. */
  Strobe128 copy() {
    return new Strobe128(lanes.clone(), position, operationStart, operation);
  }

  /** Absorbs data about the protocol itself (meta-AD). */
  void metaData(byte[] data, boolean more) {
    begin(META | APPLICATION, more);
    absorb(data);
  }

  /** Absorbs data both sides know (AD). */
  void data(byte[] data, boolean more) {
    begin(APPLICATION, more);
    absorb(data);
  }

  /** Replaces the front of the state with a key, which also cuts the way back (KEY). */
  void key(byte[] key, boolean more) {
    begin(APPLICATION | CIPHER, more);
    for (byte next : key) {
      xor(position, byteAt(position) ^ next);
      advance();
    }
  }

  /** Pseudo-random bytes that depend on everything absorbed so far (PRF). */
  byte[] output(int length, boolean more) {
    begin(INBOUND | APPLICATION | CIPHER, more);
    byte[] bytes = new byte[length];
    for (int at = 0; at < length; at++) {
      bytes[at] = (byte) byteAt(position);
      xor(position, bytes[at]);
      advance();
    }
    return bytes;
  }

  /** Overwrites the state with zeros; this object is of no use afterwards. */
  void wipe() {
    Arrays.fill(lanes, 0);
  }

  private void begin(int flags, boolean more) {
    if (more) {
      if (operation != flags) {
        throw new IllegalStateException(
            "operation " + flags + " cannot continue operation " + operation);
      }
      return;
    }
    int before = operationStart;
    operationStart = position + 1;
    operation = flags;
    absorb((byte) before);
    absorb((byte) flags);
    if ((flags & CIPHER) != 0 && position != 0) {
      permute();
    }
  }

  private void absorb(byte[] data) {
    for (byte next : data) {
      absorb(next);
    }
  }

  private void absorb(byte next) {
    xor(position, next);
    advance();
  }

  private void advance() {
    position++;
    if (position == RATE) {
      permute();
    }
  }

  private void permute() {
    xor(position, operationStart);
    xor(position + 1, 0x04);
    xor(RATE + 1, 0x80);
    Keccak.permute(lanes);
    position = 0;
    operationStart = 0;
  }

  private int byteAt(int at) {
    return (int) (lanes[at >>> 3] >>> ((at & 7) << 3)) & 0xff;
  }

  private void xor(int at, int value) {
    lanes[at >>> 3] ^= (value & 0xffL) << ((at & 7) << 3);
  }
}
