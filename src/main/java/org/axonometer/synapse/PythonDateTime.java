package org.axonometer.synapse;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.axonometer.synapse.PythonValue.AwareDateTime;

/**
 * The datetime or date pydantic 2 reads from ISO 8601 text or a Unix time, in whole microseconds.
 * SOURCE: observed with pydantic 2.14. Earlier releases misread the fraction of a negative float;
 * what we send is text.
 */
final class PythonDateTime {
  private static final Pattern ISO =
      Pattern.compile(
          "(\\d{4})-(\\d\\d)-(\\d\\d)"
              + "(?:[Tt _](\\d\\d):(\\d\\d)(?::(\\d\\d)(?:[.,](\\d{1,40}))?)?"
              + "(?<offset>[Zz]|[+\u2212-]\\d\\d:?\\d\\d)?)?");
  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,19}");
  private static final Pattern REAL =
      Pattern.compile("[+-]?(?:\\d{1,20}\\.\\d{0,20}|\\.\\d{1,20})");

  /** Unix times beyond this are milliseconds. */
  private static final double MOST_SECONDS = 2e10;

  private static final int MILLIS = 1_000;
  private static final int MICROS = 1_000_000;
  private static final int MOST_YEAR = 9_999;

  private PythonDateTime() {}

  /**
   * A {@link LocalDateTime} without an offset, an {@link AwareDateTime} with one. Empty when
   * pydantic refuses the value, or when this class does not know its spelling.
   */
  static Optional<Object> read(Object given) {
    try {
      return switch (given) {
        case Long number -> Optional.of(unix(number.longValue()));
        case Double number when Double.isFinite(number) -> Optional.of(unix(number));
        case String text when WHOLE.matcher(text).matches() ->
            Optional.of(unix(Long.parseLong(text)));
        case String text when REAL.matcher(text).matches() ->
            Optional.of(unixText(Double.parseDouble(text)));
        case String text -> iso(text);
        default -> Optional.empty();
      };
    } catch (DateTimeException | ArithmeticException | NumberFormatException outOfRange) {
      return Optional.empty();
    }
  }

  /** A date, or a time that is a midnight; empty as in {@link #read}. */
  static Optional<Object> readDate(Object given) {
    return read(given)
        .map(read -> read instanceof AwareDateTime moment ? moment.local() : read)
        .map(LocalDateTime.class::cast)
        .filter(local -> local.toLocalTime().equals(LocalTime.MIDNIGHT))
        .map(LocalDateTime::toLocalDate);
  }

  private static AwareDateTime unix(long number) {
    return isMillis((double) number)
        ? utc(Math.floorDiv(number, MILLIS), Math.floorMod(number, MILLIS) * (long) MILLIS)
        : utc(number, 0);
  }

  /** A float of JSON. */
  private static AwareDateTime unix(double number) {
    double whole = Math.floor(number);
    double fraction = number - whole;
    if (!isMillis(number)) {
      return utc(exact(whole), Math.round(fraction * MICROS));
    }
    long millis = exact(whole);
    return utc(
        Math.floorDiv(millis, MILLIS),
        Math.floorMod(millis, MILLIS) * (long) MILLIS + Math.round(fraction * MILLIS));
  }

  /** A float in text, which is brought to seconds first. */
  private static AwareDateTime unixText(double number) {
    double seconds = isMillis(number) ? number / MILLIS : number;
    double whole = Math.floor(seconds);
    return utc(exact(whole), Math.round((seconds - whole) * MICROS));
  }

  private static boolean isMillis(double number) {
    return Math.abs(number) > MOST_SECONDS;
  }

  private static long exact(double whole) {
    if (Math.abs(whole) >= 0x1p63) {
      throw new ArithmeticException("beyond 64 bits");
    }
    return (long) whole;
  }

  private static AwareDateTime utc(long seconds, long micros) {
    LocalDateTime utc =
        LocalDateTime.ofEpochSecond(
            seconds + micros / MICROS, (int) (micros % MICROS) * 1_000, ZoneOffset.UTC);
    if (utc.getYear() < 1 || utc.getYear() > MOST_YEAR) {
      throw new DateTimeException("Python knows the years 1 to 9999");
    }
    return new AwareDateTime(utc, 0);
  }

  private static Optional<Object> iso(String text) {
    Matcher matcher = ISO.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int year = number(matcher, 1);
    if (year == 0) {
      return Optional.empty();
    }
    LocalDateTime local =
        LocalDate.of(year, number(matcher, 2), number(matcher, 3))
            .atTime(number(matcher, 4), number(matcher, 5), number(matcher, 6), nanos(matcher));
    String offset = matcher.group("offset");
    return Optional.of(offset == null ? local : new AwareDateTime(local, offsetMinutes(offset)));
  }

  private static int number(Matcher matcher, int group) {
    String digits = matcher.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static int nanos(Matcher matcher) {
    String fraction = matcher.group(7);
    return fraction == null ? 0 : Integer.parseInt((fraction + "000000").substring(0, 6)) * 1_000;
  }

  private static int offsetMinutes(String text) {
    if (text.equalsIgnoreCase("Z")) {
      return 0;
    }
    int sign = text.charAt(0) == '+' ? 1 : -1;
    int hours = Integer.parseInt(text.substring(1, 3));
    int minutes = Integer.parseInt(text.substring(text.length() - 2));
    if (hours > 23 || minutes > 59) {
      throw new DateTimeException("offsets are less than a day");
    }
    return sign * (hours * 60 + minutes);
  }
}
