package org.axonometer.sr25519;

import static org.assertj.core.api.Assertions.assertThat;

import cafe.cryptography.curve25519.Constants;
import cafe.cryptography.curve25519.Scalar;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BasePointTest {

  private static byte[] times(long scalar) {
    return BasePoint.times(bytes(BigInteger.valueOf(scalar)));
  }

  private static byte[] bytes(BigInteger number) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < 32; i++) {
      bytes[i] = number.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }

  private static void agrees(Scalar scalar) {
    byte[] own = scalar.toByteArray();
    assertThat(BasePoint.times(own))
        .as(Arrays.toString(own))
        .isEqualTo(Constants.RISTRETTO_GENERATOR_TABLE.multiply(scalar).compress().toByteArray());
    assertThat(own).isEqualTo(scalar.toByteArray());
  }

  /** RFC 9496, A.1. */
  @Test
  void encodesTheFirstMultiplesAsTheStandardSays() {
    assertThat(times(0)).isEqualTo(new byte[32]);
    assertThat(HexFormat.of().formatHex(times(1)))
        .isEqualTo("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76");
    assertThat(HexFormat.of().formatHex(times(2)))
        .isEqualTo("6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919");
  }

  /** Written by others, in another way: the library that verifies. */
  @Test
  void agreesWithAnotherImplementation() {
    for (int small = 0; small < 600; small++) {
      agrees(Scalar.fromBytesModOrder(bytes(BigInteger.valueOf(small))));
    }
    for (int bit = 0; bit < 253; bit++) {
      BigInteger power = BigInteger.TWO.pow(bit);
      agrees(Scalar.fromBytesModOrder(bytes(power)));
      agrees(Scalar.fromBytesModOrder(bytes(power.subtract(BigInteger.ONE))));
      // As far below zero, which is below the order.
      agrees(Scalar.ZERO.subtract(Scalar.fromBytesModOrder(bytes(power))));
    }
    Random random = new Random(11);
    byte[] wide = new byte[64];
    for (int i = 0; i < 3_000; i++) {
      random.nextBytes(wide);
      agrees(Scalar.fromBytesModOrderWide(wide));
    }
  }
}
