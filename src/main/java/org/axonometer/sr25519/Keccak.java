package org.axonometer.sr25519;

/**
 * The permutation Keccak-f[1600] (FIPS 202, section 3) on 25 lanes of 64 bits, lane {@code x + 5y}.
 * No branch and no index depends on the state, so its time does not either.
 */
final class Keccak {

  static final int LANES = 25;

  private static final int ROUNDS = 24;

  /** Rotations of the lanes in the order in which step pi visits them, starting after lane 1. */
  private static final int[] ROTATIONS = {
    1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44
  };

  /** The lanes step pi moves to, one after the other; a single cycle through all but lane 0. */
  private static final int[] DESTINATIONS = {
    10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1
  };

  private static final long[] ROUND_CONSTANTS = roundConstants();

  private Keccak() {}

  /** Permutes the 25 lanes in place. */
  static void permute(long[] lanes) {
    long[] columns = new long[5];
    for (int round = 0; round < ROUNDS; round++) {
      theta(lanes, columns);
      rhoAndPi(lanes);
      chi(lanes);
      lanes[0] ^= ROUND_CONSTANTS[round];
    }
  }

  private static void theta(long[] lanes, long[] columns) {
    for (int x = 0; x < 5; x++) {
      columns[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
    }
    for (int x = 0; x < 5; x++) {
      long change = columns[(x + 4) % 5] ^ Long.rotateLeft(columns[(x + 1) % 5], 1);
      for (int y = 0; y < LANES; y += 5) {
        lanes[x + y] ^= change;
      }
    }
  }

  private static void rhoAndPi(long[] lanes) {
    long moving = lanes[1];
    for (int step = 0; step < DESTINATIONS.length; step++) {
      long displaced = lanes[DESTINATIONS[step]];
      lanes[DESTINATIONS[step]] = Long.rotateLeft(moving, ROTATIONS[step]);
      moving = displaced;
    }
  }

  private static void chi(long[] lanes) {
    for (int y = 0; y < LANES; y += 5) {
      long first = lanes[y];
      long second = lanes[y + 1];
      lanes[y] ^= ~lanes[y + 1] & lanes[y + 2];
      lanes[y + 1] ^= ~lanes[y + 2] & lanes[y + 3];
      lanes[y + 2] ^= ~lanes[y + 3] & lanes[y + 4];
      lanes[y + 3] ^= ~lanes[y + 4] & first;
      lanes[y + 4] ^= ~first & second;
    }
  }

  /** Step iota's constants from its shift register, x^8 + x^6 + x^5 + x^4 + 1. */
  private static long[] roundConstants() {
    long[] constants = new long[ROUNDS];
    int register = 1;
    for (int round = 0; round < ROUNDS; round++) {
      for (int power = 0; power <= 6; power++) {
        if ((register & 1) != 0) {
          constants[round] |= 1L << ((1 << power) - 1);
        }
        register = register << 1 ^ ((register & 0x80) != 0 ? 0x171 : 0);
      }
    }
    return constants;
  }
}
