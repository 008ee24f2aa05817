package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PythonFloatTest {
  private static final int SAMPLES = 5_000;

  @Test
  void switchesToExponentsWherePythonDoes() {
    assertThat(PythonFloat.repr(12)).isEqualTo("12.0");
    assertThat(PythonFloat.repr(0.5)).isEqualTo("0.5");
    assertThat(PythonFloat.repr(0.0001)).isEqualTo("0.0001");
    assertThat(PythonFloat.repr(0.00001)).isEqualTo("1e-05");
    assertThat(PythonFloat.repr(1e15)).isEqualTo("1000000000000000.0");
    assertThat(PythonFloat.repr(9999999999999998.0)).isEqualTo("9999999999999998.0");
    assertThat(PythonFloat.repr(1e16)).isEqualTo("1e+16");
    assertThat(PythonFloat.repr(1.5e300)).isEqualTo("1.5e+300");
    assertThat(PythonFloat.repr(1e22)).isEqualTo("1e+22");
    assertThat(PythonFloat.repr(2e23)).isEqualTo("2e+23");
    assertThat(PythonFloat.repr(0x1p-44)).isEqualTo("5.684341886080802e-14");
    assertThat(PythonFloat.repr((float) 0.1)).isEqualTo("0.10000000149011612");
  }

  @Test
  void keepsTheSignOfZeroAndNamesWhatIsNotFinite() {
    assertThat(PythonFloat.repr(0.0)).isEqualTo("0.0");
    assertThat(PythonFloat.repr(-0.0)).isEqualTo("-0.0");
    assertThat(PythonFloat.repr(Double.NaN)).isEqualTo("nan");
    assertThat(PythonFloat.repr(Double.POSITIVE_INFINITY)).isEqualTo("inf");
    assertThat(PythonFloat.repr(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
  }

  @Test
  void printsSubnormalsWithOneDigitWhereOneIsEnough() {
    assertThat(PythonFloat.repr(Double.MIN_VALUE)).isEqualTo("5e-324");
    assertThat(PythonFloat.repr(2 * Double.MIN_VALUE)).isEqualTo("1e-323");
    assertThat(PythonFloat.repr(-3 * Double.MIN_VALUE)).isEqualTo("-1.5e-323");
    assertThat(PythonFloat.repr(Double.MIN_NORMAL)).isEqualTo("2.2250738585072014e-308");
  }

  @Test
  void readsBackAsTheSameDoubleWithTheFewestDigits() {
    Random random = new Random(20_261_101);
    for (int i = 0; i < SAMPLES; i++) {
      check(Double.longBitsToDouble(random.nextLong()));
      check(random.nextInt() / 1_000.0);
      check((float) random.nextGaussian());
    }
  }

  @Test
  void readsBackAroundEveryPowerOfTwo() {
    for (int exponent = -1_074; exponent <= 1_023; exponent++) {
      double power = Math.scalb(1.0, exponent);
      check(power);
      check(Math.nextUp(power));
      check(Math.nextDown(power));
    }
  }

  private static void check(double value) {
    if (!Double.isFinite(value)) {
      return;
    }
    String text = PythonFloat.repr(value);
    assertThat(Double.doubleToRawLongBits(Double.parseDouble(text)))
        .as(text)
        .isEqualTo(Double.doubleToRawLongBits(value));
    int digits = new BigDecimal(text).stripTrailingZeros().precision();
    if (value != 0 && digits > 1) {
      BigDecimal exact = new BigDecimal(value);
      for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
        double shorter = exact.round(new MathContext(digits - 1, mode)).doubleValue();
        assertThat(shorter).as("fewer digits than %s", text).isNotEqualTo(value);
      }
    }
  }
}
