package org.axonometer.synapse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What Python's {@code int()} and {@code float()} make of a JSON value or a text. */
final class PythonNumber {
  private static final Pattern INT_TEXT = Pattern.compile("[+-]?[0-9]++(?:_[0-9]++)*+");
  private static final Pattern FLOAT_TEXT =
      Pattern.compile(
          "(?i)[+-]?(?:inf|infinity|nan|"
              + "(?:[0-9]++(?:_[0-9]++)*+\\.?(?:[0-9]++(?:_[0-9]++)*+)?|\\.[0-9]++(?:_[0-9]++)*+)"
              + "(?:e[+-]?[0-9]++(?:_[0-9]++)*+)?)");

  /** Python refuses longer ints; also keeps the recursion of the patterns low. */
  private static final int MOST_CHARACTERS = 4_300;

  private PythonNumber() {}

  static boolean isInt(String text) {
    return text.length() <= MOST_CHARACTERS && INT_TEXT.matcher(text.strip()).matches();
  }

  static boolean isFloat(String text) {
    return text.length() <= MOST_CHARACTERS && FLOAT_TEXT.matcher(text.strip()).matches();
  }

  /** Whether {@code int()} takes it; absent and null count as None, which is taken. */
  static boolean isInt(@Nullable JsonNode value) {
    if (value == null || value.isNull() || value.isBoolean() || value.isIntegralNumber()) {
      return true;
    }
    return value.isNumber()
        ? Double.isFinite(value.doubleValue())
        : value.isString() && isInt(value.stringValue());
  }

  /** Whether {@code float()} takes it; absent and null count as None, which is taken. */
  static boolean isFloat(@Nullable JsonNode value) {
    return value == null
        || value.isNull()
        || value.isBoolean()
        || value.isNumber()
        || (value.isString() && isFloat(value.stringValue()));
  }

  /** The int of a key; null for None and beyond 64 bits. */
  static @Nullable Long whole(String key, JsonNode object) {
    JsonNode value = object.get(key);
    if (!isInt(value)) {
      throw new IllegalArgumentException(key + " must be a whole number");
    }
    if (value == null || value.isNull()) {
      return null;
    }
    if (value.isBoolean()) {
      return value.booleanValue() ? 1L : 0L;
    }
    if (value.isString()) {
      return whole(value.stringValue());
    }
    return longOrNull(
        value.isIntegralNumber()
            ? value.bigIntegerValue()
            : new BigDecimal(value.doubleValue()).toBigInteger());
  }

  /** The int of a text {@link #isInt(String)} takes; null beyond 64 bits. */
  static @Nullable Long whole(String text) {
    return longOrNull(new BigInteger(text.strip().replace("_", "")));
  }

  private static @Nullable Long longOrNull(BigInteger number) {
    return number.bitLength() < Long.SIZE ? number.longValue() : null;
  }

  static @Nullable Integer intOrNull(@Nullable Long number) {
    return number == null || number != number.intValue()
        ? null
        : Integer.valueOf(number.intValue());
  }

  /** The float of a key; null for None. */
  static @Nullable Double real(String key, JsonNode object) {
    JsonNode value = object.get(key);
    if (!isFloat(value)) {
      throw new IllegalArgumentException(key + " must be a number");
    }
    if (value == null || value.isNull()) {
      return null;
    }
    if (value.isBoolean()) {
      return value.booleanValue() ? 1.0 : 0.0;
    }
    return value.isString() ? real(value.stringValue()) : Double.valueOf(value.doubleValue());
  }

  private static double real(String text) {
    String plain = text.strip().replace("_", "").toLowerCase(Locale.ROOT);
    double sign = plain.startsWith("-") ? -1.0 : 1.0;
    String magnitude = plain.startsWith("-") || plain.startsWith("+") ? plain.substring(1) : plain;
    return sign
        * switch (magnitude) {
          case "inf", "infinity" -> Double.POSITIVE_INFINITY;
          case "nan" -> Double.NaN;
          default -> Double.parseDouble(magnitude);
        };
  }
}
