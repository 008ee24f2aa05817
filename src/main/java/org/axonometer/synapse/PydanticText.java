package org.axonometer.synapse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.axonometer.synapse.PythonValue.Decimal;

/** The numbers and UUIDs pydantic 2 reads from text; empty for what it refuses. */
final class PydanticText {
  private static final int MOST_DIGITS = 4_300;

  /** Room for an underscore after each digit; the pattern below recurses over them. */
  private static final int MOST_CHARACTERS = 2 * MOST_DIGITS;

  private static final Pattern INT =
      Pattern.compile("(?<digits>[+-]?[0-9]++(?:_[0-9]++)*+)(?:\\.0++)?");
  private static final Pattern FLOAT =
      Pattern.compile("[+-]?(?:[0-9]++(?:\\.[0-9]*+)?|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?");
  private static final Pattern UUID_TEXT =
      Pattern.compile(
          "(?:urn:uuid:)?HYPHENED|\\{HYPHENED\\}|[0-9a-fA-F]{32}"
              .replace("HYPHENED", "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"));

  private PydanticText() {}

  /** Also with a fraction of zeros, 5.00. */
  static Optional<BigInteger> integer(String text) {
    if (text.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    Matcher matcher = INT.matcher(stripped(text));
    return Optional.of(matcher)
        .filter(Matcher::matches)
        .map(whole -> whole.group("digits").replace("_", ""))
        .filter(digits -> digits.length() <= MOST_DIGITS)
        .map(BigInteger::new);
  }

  /** Also the words for infinities and NaN. */
  static Optional<Double> floating(String text) {
    String digits = stripped(text);
    if (digits.startsWith("_") || digits.endsWith("_") || digits.contains("__")) {
      return Optional.empty();
    }
    digits = digits.replace("_", "");
    if (FLOAT.matcher(digits).matches()) {
      return Optional.of(Double.valueOf(digits));
    }
    boolean negative = digits.startsWith("-");
    String word = negative || digits.startsWith("+") ? digits.substring(1) : digits;
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "nan" -> Optional.of(Double.NaN);
      case "inf", "infinity" ->
          Optional.of(negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
      default -> Optional.empty();
    };
  }

  /** Finite ones, in the digits of any script. */
  static Optional<Decimal> decimal(String given) {
    String text = asciiDigits(stripped(given).replace("_", ""));
    if (text.length() > MOST_DIGITS || !FLOAT.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Decimal(text.startsWith("-"), new BigDecimal(text).abs()));
    } catch (NumberFormatException exponentTooLarge) {
      return Optional.empty();
    }
  }

  private static String asciiDigits(String text) {
    StringBuilder ascii = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.isDigit(c) ? '0' + Character.digit(c, 10) : c)
        .forEach(ascii::appendCodePoint);
    return ascii.toString();
  }

  static Optional<UUID> uuid(String text) {
    if (!UUID_TEXT.matcher(text).matches()) {
      return Optional.empty();
    }
    String digits = text.replaceAll("urn:uuid:|[{}-]", "");
    return Optional.of(
        new UUID(
            Long.parseUnsignedLong(digits, 0, 16, 16), Long.parseUnsignedLong(digits, 16, 32, 16)));
  }

  /** Without the characters Unicode calls white space, which is what Rust's trim strips. */
  private static String stripped(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isWhiteSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isWhiteSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isWhiteSpace(char c) {
    return (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
  }
}
