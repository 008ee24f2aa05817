package org.axonometer.synapse;

import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.axonometer.synapse.PythonValue.AwareDateTime;
import org.axonometer.synapse.PythonValue.Bytes;
import org.axonometer.synapse.PythonValue.Decimal;
import org.axonometer.synapse.PythonValue.EnumMember;
import org.axonometer.synapse.PythonValue.None;
import org.axonometer.synapse.PythonValue.PySet;
import org.axonometer.synapse.PythonValue.Tuple;

/**
 * The text Python's {@code str()} and {@code repr()} give for a value, character for character
 * (protocol 2.4). Values are what {@link PythonType#coerce} returns.
 *
 * <p>Which characters {@code repr} escapes depends on the Unicode tables of the axon's Python; this
 * class follows Python 3.11. Text that prints otherwise on another release from 3.9 to 3.14 is told
 * by {@link #versionSensitive}.
 */
public final class PythonText {
  private static final PythonVersion TARGET = PythonVersion.PYTHON_3_11;
  private static final String HEX = "0123456789abcdef";
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

  private PythonText() {}

  /**
   * What {@code str(value)} gives: text itself, everything else as {@link #repr} but for decimals,
   * dates, datetimes, UUIDs and enum members, whose {@code str} is shorter. An IntEnum's member
   * prints as on Python 3.11 and later.
   *
   * @throws IllegalArgumentException for a set whose order in Python cannot be told, and for Java
   *     objects that stand for no Python value
   */
  public static String str(Object value) {
    return switch (value) {
      case String text -> text;
      case Decimal decimal -> decimal.toString();
      case EnumMember member ->
          member.type().kind().printsValue()
              ? member.value().toString()
              : member.type().name() + "." + member.member();
      case LocalDate date -> date.toString();
      case LocalDateTime local -> dateTime(local);
      case AwareDateTime(var local, var offset) -> dateTime(local) + offset(offset);
      case UUID uuid -> uuid.toString();
      default -> repr(value);
    };
  }

  /**
   * What {@code repr(value)} gives, the form of everything inside a list, tuple, dict or set.
   *
   * @throws IllegalArgumentException as {@link #str}, and for a datetime with an offset, whose
   *     {@code repr} differs between releases of pydantic
   */
  public static String repr(Object value) {
    StringBuilder out = new StringBuilder();
    write(out, value);
    return out.toString();
  }

  /**
   * Whether {@code repr} of this text differs between Python 3.9 and 3.14, because a character in
   * it became printable in between.
   */
  public static boolean versionSensitive(String text) {
    return text.codePoints().anyMatch(PythonText::versionSensitive);
  }

  private static boolean versionSensitive(int point) {
    return PythonVersion.PYTHON_3_10.prints(point) != PythonVersion.PYTHON_3_14.prints(point);
  }

  /**
   * The code points for which {@code str} of this value differs between Python 3.9 and 3.14, in
   * ascending order.
   */
  static NavigableSet<Integer> versionSensitiveIn(Object value) {
    NavigableSet<Integer> points = new TreeSet<>();
    if (!(value instanceof String)) {
      collectVersionSensitive(value, points);
    }
    return points;
  }

  private static void collectVersionSensitive(Object value, NavigableSet<Integer> points) {
    switch (value) {
      case String text ->
          text.codePoints().filter(PythonText::versionSensitive).forEach(points::add);
      case Tuple tuple -> collectVersionSensitive(tuple.elements(), points);
      case PySet set -> collectVersionSensitive(set.elements(), points);
      case Collection<? extends Object> elements ->
          elements.forEach(element -> collectVersionSensitive(element, points));
      case Map<? extends Object, ? extends Object> items -> {
        collectVersionSensitive(items.keySet(), points);
        collectVersionSensitive(items.values(), points);
      }
      case EnumMember member -> collectVersionSensitive(member.value(), points);
      default -> {}
    }
  }

  private static void write(StringBuilder out, Object value) {
    switch (value) {
      case String text -> quoted(out, text);
      case Boolean truth -> out.append(truth ? "True" : "False");
      case Long number -> out.append(number.longValue());
      case Integer number -> out.append(number.intValue());
      case BigInteger number -> out.append(number);
      case Double number -> out.append(PythonFloat.repr(number));
      case None none -> out.append("None");
      case List<? extends Object> elements -> joined(out, '[', elements, "]");
      case Tuple tuple ->
          joined(out, '(', tuple.elements(), tuple.elements().size() == 1 ? ",)" : ")");
      case PySet set -> set(out, set);
      case Map<? extends Object, ? extends Object> items -> items(out, items);
      case Bytes bytes -> bytes(out, bytes.latin1());
      case Decimal decimal -> out.append("Decimal('").append(decimal).append("')");
      case EnumMember member -> {
        out.append('<').append(member.type().name()).append('.');
        out.append(member.member()).append(": ");
        write(out, member.value());
        out.append('>');
      }
      case LocalDate date -> call(out, "datetime.date", parts(date));
      case LocalDateTime local -> call(out, "datetime.datetime", parts(local));
      case AwareDateTime aware ->
          throw new IllegalArgumentException(
              "datetime "
                  + str(aware)
                  + " inside a container prints differently between releases of pydantic");
      case UUID uuid -> out.append("UUID('").append(uuid).append("')");
      default ->
          throw new IllegalArgumentException("no Python value: " + value.getClass().getName());
    }
  }

  private static void set(StringBuilder out, PySet set) {
    if (set.elements().isEmpty()) {
      out.append(set.frozen() ? "frozenset()" : "set()");
      return;
    }
    out.append(set.frozen() ? "frozenset(" : "");
    joined(out, '{', PythonSetOrder.of(set), "}");
    out.append(set.frozen() ? ")" : "");
  }

  private static void call(StringBuilder out, String name, IntStream arguments) {
    out.append(name);
    out.append(arguments.mapToObj(Integer::toString).collect(Collectors.joining(", ", "(", ")")));
  }

  private static IntStream parts(LocalDate date) {
    return IntStream.of(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
  }

  /** Seconds and microseconds are left out where they are zero to the end. */
  private static IntStream parts(LocalDateTime local) {
    int micros = local.get(ChronoField.MICRO_OF_SECOND);
    IntStream time = IntStream.of(local.getHour(), local.getMinute(), local.getSecond(), micros);
    return IntStream.concat(
        parts(local.toLocalDate()), time.limit(micros != 0 ? 4 : local.getSecond() != 0 ? 3 : 2));
  }

  private static void joined(
      StringBuilder out, char open, List<? extends Object> elements, String close) {
    out.append(open);
    String separator = "";
    for (Object element : elements) {
      out.append(separator);
      write(out, element);
      separator = ", ";
    }
    out.append(close);
  }

  private static void items(StringBuilder out, Map<? extends Object, ? extends Object> items) {
    out.append('{');
    String separator = "";
    for (Map.Entry<? extends Object, ? extends Object> item : items.entrySet()) {
      out.append(separator);
      write(out, item.getKey());
      out.append(": ");
      write(out, item.getValue());
      separator = ", ";
    }
    out.append('}');
  }

  private static char quoteFor(String text) {
    return text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
  }

  private static void quoted(StringBuilder out, String text) {
    char quote = quoteFor(text);
    out.append(quote);
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (!escapedShort(out, point, quote)) {
        if (TARGET.prints(point)) {
          out.appendCodePoint(point);
        } else {
          escapedHex(out, point);
        }
      }
    }
    out.append(quote);
  }

  private static void bytes(StringBuilder out, String latin1) {
    char quote = quoteFor(latin1);
    out.append('b').append(quote);
    for (int i = 0; i < latin1.length(); i++) {
      char octet = latin1.charAt(i);
      if (!escapedShort(out, octet, quote)) {
        if (octet >= ' ' && octet < 0x7f) {
          out.append(octet);
        } else {
          escapedHex(out, octet);
        }
      }
    }
    out.append(quote);
  }

  private static boolean escapedShort(StringBuilder out, int point, char quote) {
    switch (point) {
      case '\t' -> out.append("\\t");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\\' -> out.append("\\\\");
      default -> {
        if (point != quote) {
          return false;
        }
        out.append('\\').append(quote);
      }
    }
    return true;
  }

  private static void escapedHex(StringBuilder out, int point) {
    int digits = point <= 0xff ? 2 : point <= 0xffff ? 4 : 8;
    out.append('\\').append(digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      out.append(HEX.charAt(point >>> shift & 0xf));
    }
  }

  private static String dateTime(LocalDateTime value) {
    return (value.get(ChronoField.MICRO_OF_SECOND) == 0 ? SECONDS : MICROS).format(value);
  }

  private static String offset(int minutes) {
    int size = Math.abs(minutes);
    return "%s%02d:%02d".formatted(minutes < 0 ? "-" : "+", size / 60, size % 60);
  }
}
