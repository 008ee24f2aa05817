package org.axonometer.synapse;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The datetime pydantic 2 reads from ISO 8601 text or a Unix time: a {@link LocalDateTime} without
 * an offset, an {@link OffsetDateTime} with one, in whole microseconds.
 */
final class PythonDateTime {
  private static final Pattern ISO =
      Pattern.compile(
          "(\\d{4})-(\\d\\d)-(\\d\\d)"
              + "(?:[Tt _](\\d\\d):(\\d\\d)(?::(\\d\\d)(?:[.,](\\d{1,30}))?)?"
              + "(?<offset>[Zz]|[+-]\\d\\d:?\\d\\d)?)?");
  private static final Pattern UNIX =
      Pattern.compile("[+-]?(?:\\d{1,20}(?:\\.\\d{0,20})?|\\.\\d{1,20})");

  /** Unix times beyond this are milliseconds. */
  private static final double MOST_SECONDS = 2e10;

  private static final Instant END = Instant.parse("9999-12-31T23:59:59.999999999Z");
  private static final Instant START = Instant.parse("1600-01-01T00:00:00Z");

  private PythonDateTime() {}

  /** Empty when pydantic refuses the value, or when this class does not know its spelling. */
  static Optional<Object> read(Object given) {
    try {
      return switch (given) {
        case Long number -> unix(number);
        case BigInteger number -> unix(number.doubleValue());
        case Double number -> unix(number);
        case String text when UNIX.matcher(text).matches() -> unix(Double.parseDouble(text));
        case String text -> iso(text);
        default -> Optional.empty();
      };
    } catch (DateTimeException outOfRange) {
      return Optional.empty();
    }
  }

  private static Optional<Object> unix(double number) {
    double seconds = Math.abs(number) > MOST_SECONDS ? number / 1_000 : number;
    if (!(seconds >= START.getEpochSecond() && seconds <= END.getEpochSecond() + 1.0)) {
      return Optional.empty();
    }
    double whole = Math.floor(seconds);
    long micros = Math.round((seconds - whole) * 1e6);
    Instant instant = Instant.ofEpochSecond((long) whole, micros * 1_000);
    return instant.isAfter(END) ? Optional.empty() : Optional.of(instant.atOffset(ZoneOffset.UTC));
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
        LocalDateTime.of(
            year,
            number(matcher, 2),
            number(matcher, 3),
            number(matcher, 4),
            number(matcher, 5),
            number(matcher, 6),
            nanos(matcher));
    String offset = matcher.group("offset");
    return Optional.of(offset == null ? local : local.atOffset(offset(offset)));
  }

  private static int number(Matcher matcher, int group) {
    String digits = matcher.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static int nanos(Matcher matcher) {
    String fraction = matcher.group(7);
    return fraction == null ? 0 : Integer.parseInt((fraction + "000000").substring(0, 6)) * 1_000;
  }

  private static ZoneOffset offset(String text) {
    if (text.equalsIgnoreCase("Z")) {
      return ZoneOffset.UTC;
    }
    int sign = text.charAt(0) == '-' ? -1 : 1;
    int hours = Integer.parseInt(text.substring(1, 3));
    int minutes = Integer.parseInt(text.substring(text.length() - 2));
    if (minutes > 59) {
      throw new DateTimeException("offset minutes above 59");
    }
    return ZoneOffset.ofTotalSeconds(sign * (hours * 60 + minutes) * 60);
  }
}
