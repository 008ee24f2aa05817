package org.axonometer.sr25519;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeccakTest {

  private static final int SHA3_256_RATE = 136;

  @Test
  void isThePermutationInsideTheJdksSha3() throws GeneralSecurityException {
    Random random = new Random(1600);
    for (int length = 0; length < 600; length += 7) {
      byte[] message = new byte[length];
      random.nextBytes(message);
      byte[] expected = MessageDigest.getInstance("SHA3-256").digest(message);
      assertThat(sha3(message)).as("%d bytes", length).isEqualTo(expected);
    }
  }

  private static byte[] sha3(byte[] message) {
    int blocks = message.length / SHA3_256_RATE + 1;
    byte[] padded = Arrays.copyOf(message, blocks * SHA3_256_RATE);
    padded[message.length] ^= 0x06;
    padded[padded.length - 1] ^= (byte) 0x80;
    long[] lanes = new long[Keccak.LANES];
    for (int at = 0; at < padded.length; at++) {
      int place = at % SHA3_256_RATE;
      lanes[place / 8] ^= (padded[at] & 0xffL) << (place % 8 * 8);
      if (place == SHA3_256_RATE - 1) {
        Keccak.permute(lanes);
      }
    }
    byte[] hash = new byte[32];
    for (int at = 0; at < hash.length; at++) {
      hash[at] = (byte) (lanes[at / 8] >>> (at % 8 * 8));
    }
    return hash;
  }
}
