package org.axonometer.sr25519;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScalarMathTest {
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
  private static final List<BigInteger> EDGES =
      List.of(
          BigInteger.ZERO,
          BigInteger.ONE,
          BigInteger.TWO.pow(32).subtract(BigInteger.ONE),
          BigInteger.TWO.pow(252),
          ORDER.subtract(BigInteger.ONE));

  private static byte[] bytes(BigInteger number) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < 32; i++) {
      bytes[i] = number.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }

  private static void check(BigInteger a, BigInteger b, BigInteger c) {
    assertThat(ScalarMath.multiplyAdd(bytes(a), bytes(b), bytes(c)))
        .as("%s * %s + %s", a, b, c)
        .isEqualTo(bytes(a.multiply(b).add(c).mod(ORDER)));
  }

  @Test
  void agreesWithBigIntegers() {
    for (BigInteger a : EDGES) {
      for (BigInteger b : EDGES) {
        EDGES.forEach(c -> check(a, b, c));
      }
    }
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      check(any(random), any(random), any(random));
    }
  }

  @Test
  void reducesWhatIsTwiceAsWide() {
    List<BigInteger> wide = new ArrayList<>(EDGES);
    wide.addAll(
        List.of(ORDER, ORDER.multiply(ORDER), BigInteger.TWO.pow(512).subtract(BigInteger.ONE)));
    EDGES.forEach(edge -> wide.add(edge.shiftLeft(256)));
    Random random = new Random(8);
    for (int i = 0; i < 20_000; i++) {
      wide.add(new BigInteger(512, random));
    }

    for (BigInteger number : wide) {
      byte[] bytes = Arrays.copyOf(bytes(number), 64);
      System.arraycopy(bytes(number.shiftRight(256)), 0, bytes, 32, 32);
      assertThat(ScalarMath.reduce(bytes)).isEqualTo(bytes(number.mod(ORDER)));
    }
  }

  private static BigInteger any(Random random) {
    return new BigInteger(256, random).mod(ORDER);
  }

  @Test
  void tellsWhatIsBelowTheOrder() {
    EDGES.forEach(edge -> assertThat(ScalarMath.isCanonical(bytes(edge))).isTrue());
    assertThat(ScalarMath.isCanonical(bytes(ORDER))).isFalse();
    assertThat(ScalarMath.isCanonical(bytes(BigInteger.TWO.pow(256).subtract(BigInteger.ONE))))
        .isFalse();
  }
}
