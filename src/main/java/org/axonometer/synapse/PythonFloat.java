package org.axonometer.synapse;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Python's {@code repr} of a float: the shortest digits that read back as the same double, of those
 * the nearest, of two equally near the even one (protocol 2.4).
 */
final class PythonFloat {
  /** Integral values below this are exact in a long and print in fixed notation. */
  private static final double EXACT_LONG = 1e15;

  private static final int MOST_DIGITS = 17;

  private PythonFloat() {}

  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
    double magnitude = Math.abs(value);
    if (Double.isInfinite(magnitude)) {
      return sign + "inf";
    }
    if (magnitude < EXACT_LONG && magnitude == Math.rint(magnitude)) {
      return sign + (long) magnitude + ".0";
    }
    return sign + format(shortest(magnitude));
  }

  /**
   * Rounding to the nearest n digits is not enough: below a power of two the doubles lie closer, so
   * both neighbours with n digits are tried.
   */
  private static BigDecimal shortest(double magnitude) {
    BigDecimal exact = new BigDecimal(magnitude);
    for (int digits = 1; digits < MOST_DIGITS; digits++) {
      BigDecimal down = exact.round(new MathContext(digits, RoundingMode.DOWN));
      BigDecimal up = exact.round(new MathContext(digits, RoundingMode.UP));
      boolean downReadsBack = down.doubleValue() == magnitude;
      boolean upReadsBack = up.doubleValue() == magnitude;
      if (downReadsBack && upReadsBack) {
        return exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      }
      if (downReadsBack || upReadsBack) {
        return downReadsBack ? down : up;
      }
    }
    return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN));
  }

  private static String format(BigDecimal shortest) {
    BigDecimal stripped = shortest.stripTrailingZeros();
    String digits = stripped.unscaledValue().toString();
    int exponent = digits.length() - 1 - stripped.scale();
    if (exponent < -4 || exponent > 15) {
      return scientific(digits, exponent);
    }
    String fixed = stripped.toPlainString();
    return fixed.indexOf('.') < 0 ? fixed + ".0" : fixed;
  }

  private static String scientific(String digits, int exponent) {
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    int size = Math.abs(exponent);
    return digits.charAt(0)
        + fraction
        + (exponent < 0 ? "e-" : "e+")
        + (size < 10 ? "0" : "")
        + size;
  }
}
