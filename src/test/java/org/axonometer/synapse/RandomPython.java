package org.axonometer.synapse;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.axonometer.synapse.PythonValue.Bytes;
import org.axonometer.synapse.PythonValue.None;
import org.axonometer.synapse.PythonValue.Tuple;

/**
 * Seeded Python values of every kind whose printing must be Python's own: floats by bit pattern,
 * ints of any size, text from every plane with lone surrogates, bytes, tuples, and lists and dicts
 * of them. Characters that Python releases print differently are left out.
 */
final class RandomPython {
  private static final int MOST_INT_BITS = 4_000;
  private static final List<String> AWKWARD =
      List.of(
          "'",
          "\"",
          "\\",
          "\t",
          "\n",
          "\r",
          "\u007f",
          "\u00a0",
          "\u00ad",
          "\u200d",
          "\u2028",
          "\ufe0f",
          "\ufeff",
          "\ufffd",
          "e\u0301",
          "\ud83d\udc69\u200d\ud83d\udd2c",
          "\ud83c\uddea\ud83c\uddfa",
          "\ud800",
          "\udfff",
          "\\u0041",
          "\u0000");

  private final Random random;

  RandomPython(long seed) {
    random = new Random(seed);
  }

  Object value(int levels) {
    return switch (random.nextInt(levels > 0 ? 12 : 8)) {
      case 0 -> None.NONE;
      case 1 -> random.nextBoolean();
      case 2 -> integer();
      case 3, 4 -> real();
      case 5, 6 -> text();
      case 7 -> random.nextInt(4) == 0 ? bytes() : text();
      case 8, 9 -> elements(levels);
      case 10 -> new Tuple(elements(levels));
      default -> items(levels);
    };
  }

  private List<Object> elements(int levels) {
    List<Object> elements = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      elements.add(value(levels - 1));
    }
    return elements;
  }

  private Map<Object, Object> items(int levels) {
    Map<Object, Object> items = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      items.put(random.nextInt(4) == 0 ? integer() : text(), value(levels - 1));
    }
    return items;
  }

  private Object integer() {
    return switch (random.nextInt(3)) {
      case 0 -> (long) random.nextInt(-100, 100);
      case 1 -> random.nextLong();
      default -> {
        BigInteger huge = new BigInteger(random.nextInt(1, MOST_INT_BITS), random);
        yield PythonValue.integer(random.nextBoolean() ? huge : huge.negate());
      }
    };
  }

  private double real() {
    double power = Math.scalb(1.0, random.nextInt(-1_074, 1_024));
    double value =
        switch (random.nextInt(6)) {
          case 0 -> random.nextInt(2_000_000) / 1_000.0;
          case 1 -> Double.parseDouble(random.nextInt(10_000) + "e" + random.nextInt(-330, 309));
          case 2 -> power;
          case 3 -> random.nextBoolean() ? Math.nextUp(power) : Math.nextDown(power);
          default -> Double.longBitsToDouble(random.nextLong());
        };
    return random.nextInt(4) == 0 ? -value : value;
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(7); i > 0; i--) {
      String character =
          switch (random.nextInt(4)) {
            case 0 -> AWKWARD.get(random.nextInt(AWKWARD.size()));
            case 1 -> Character.toString(random.nextInt(0x180));
            case 2 -> Character.toString(random.nextInt(0x1_0000));
            default -> Character.toString(random.nextInt(17) << 16 | random.nextInt(0x1_0000));
          };
      if (!PythonText.versionSensitive(character)) {
        text.append(character);
      }
    }
    return text.toString();
  }

  private Bytes bytes() {
    byte[] octets = new byte[random.nextInt(8)];
    random.nextBytes(octets);
    return new Bytes(new String(octets, StandardCharsets.ISO_8859_1));
  }

  /**
   * The value for another program to build: JSON of one tagged array in ASCII, floats as their 64
   * bits and text as UTF-16 in hexadecimal, so that no printing or JSON under test is involved.
   */
  static String tagged(Object value) {
    return switch (value) {
      case None none -> "[\"none\"]";
      case Boolean truth -> "[\"bool\"," + (truth ? 1 : 0) + "]";
      case Long number -> "[\"int\",\"" + number + "\"]";
      case BigInteger number -> "[\"int\",\"" + number + "\"]";
      case Double number ->
          "[\"float\",\"" + HexFormat.of().toHexDigits(Double.doubleToRawLongBits(number)) + "\"]";
      case String text -> "[\"str\",\"" + utf16(text) + "\"]";
      case Bytes bytes -> "[\"bytes\",\"" + utf16(bytes.latin1()) + "\"]";
      case List<?> elements -> "[\"list\"" + tagged(elements) + "]";
      case Tuple tuple -> "[\"tuple\"" + tagged(tuple.elements()) + "]";
      case Map<?, ?> items ->
          items.entrySet().stream()
              .map(item -> "," + tagged(item.getKey()) + "," + tagged(item.getValue()))
              .collect(Collectors.joining("", "[\"dict\"", "]"));
      default -> throw new IllegalArgumentException("not generated here: " + value.getClass());
    };
  }

  private static String tagged(List<?> elements) {
    return elements.stream()
        .map(element -> "," + tagged((Object) element))
        .collect(Collectors.joining());
  }

  private static String utf16(String text) {
    HexFormat hex = HexFormat.of();
    return text.chars()
        .mapToObj(unit -> hex.toHexDigits((char) unit))
        .collect(Collectors.joining());
  }
}
