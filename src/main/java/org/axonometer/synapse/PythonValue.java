package org.axonometer.synapse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonometer.synapse.PythonValue.AwareDateTime;
import org.axonometer.synapse.PythonValue.Bytes;
import org.axonometer.synapse.PythonValue.Decimal;
import org.axonometer.synapse.PythonValue.EnumMember;
import org.axonometer.synapse.PythonValue.None;
import org.axonometer.synapse.PythonValue.PySet;
import org.axonometer.synapse.PythonValue.Tuple;
import tools.jackson.databind.JsonNode;

/**
 * The Python objects that Java has no class of its own for. The others are held as {@link String},
 * {@link Boolean}, {@link Long} (or {@link BigInteger} beyond 64 bits), {@link Double}, {@link
 * List}, {@link LinkedHashMap}, {@link java.util.UUID}, {@link java.time.LocalDate} and, for a
 * datetime without an offset, {@link LocalDateTime}.
 */
sealed interface PythonValue permits None, Tuple, PySet, Bytes, Decimal, EnumMember, AwareDateTime {

  /** Python's None; Java's null never stands for a Python object. */
  enum None implements PythonValue {
    NONE
  }

  record Tuple(List<Object> elements) implements PythonValue {
    public Tuple {
      elements = List.copyOf(elements);
    }
  }

  /**
   * A set or frozenset, its elements distinct and in the order they arrived, which is not Python's
   * order.
   */
  record PySet(List<Object> elements, boolean frozen) implements PythonValue {
    public PySet {
      elements = List.copyOf(elements);
    }
  }

  /**
   * @param latin1 one character U+0000 to U+00FF for each byte
   */
  record Bytes(String latin1) implements PythonValue {
    /** What pydantic makes of a str; IllegalArgumentException for a lone surrogate. */
    static Bytes ofUtf8(String text) {
      return new Bytes(new String(BodyHash.utf8(text), ISO_8859_1));
    }

    /**
     * The text these bytes are.
     *
     * @throws IllegalArgumentException when they are none, and so cannot stand in JSON
     */
    String utf8() {
      try {
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(latin1.getBytes(ISO_8859_1))).toString();
      } catch (CharacterCodingException e) {
        throw new IllegalArgumentException("these bytes are not UTF-8, so JSON has no form", e);
      }
    }
  }

  /** A finite decimal number; the sign apart, because Python's Decimal has a negative zero. */
  record Decimal(boolean negative, BigDecimal magnitude) implements PythonValue {
    public Decimal {
      if (magnitude.signum() < 0) {
        throw new IllegalArgumentException("magnitude must not be negative, was " + magnitude);
      }
    }

    @Override
    public String toString() {
      return (negative ? "-" : "") + magnitude;
    }
  }

  record EnumMember(PythonType.EnumOf type, String member, Object value) implements PythonValue {}

  /**
   * A datetime with an offset, which Java's own has up to 18 hours only.
   *
   * @param offsetMinutes east of UTC, less than a day either way
   */
  record AwareDateTime(LocalDateTime local, int offsetMinutes) implements PythonValue {
    LocalDateTime utc() {
      return local.minusMinutes(offsetMinutes);
    }
  }

  /** What {@code json.loads} makes of a JSON value: objects become dicts, arrays lists. */
  static Object of(JsonNode json) {
    return switch (json.getNodeType()) {
      case NULL -> None.NONE;
      case BOOLEAN -> json.booleanValue();
      case STRING -> json.stringValue();
      case NUMBER -> number(json);
      case ARRAY -> {
        List<Object> elements = new ArrayList<>(json.size());
        for (JsonNode element : json) {
          elements.add(of(element));
        }
        yield elements;
      }
      case OBJECT -> {
        Map<Object, Object> items = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> item : json.properties()) {
          items.put(item.getKey(), of(item.getValue()));
        }
        yield items;
      }
      case BINARY, MISSING, POJO ->
          throw new IllegalArgumentException("not a JSON value: " + json.getNodeType());
    };
  }

  private static Object number(JsonNode json) {
    if (json.isIntegralNumber()) {
      return integer(json.bigIntegerValue());
    }
    return json.isBigDecimal() ? (Object) json.decimalValue().doubleValue() : json.doubleValue();
  }

  /**
   * An object whose {@code equals} is Python's {@code ==}: 1, 1.0, True and Decimal('1.00') are the
   * same, sets in any order, moments in any zone. NaN equals nothing.
   */
  static Object comparable(Object value) {
    return switch (value) {
      case Boolean truth -> truth ? BigDecimal.ONE : BigDecimal.ZERO;
      case Long number -> BigDecimal.valueOf(number).stripTrailingZeros();
      case BigInteger number -> new BigDecimal(number).stripTrailingZeros();
      case Double number when Double.isFinite(number) ->
          new BigDecimal(number).stripTrailingZeros();
      case Double number when number.isNaN() -> new Object();
      case Decimal(var negative, var magnitude) ->
          (negative ? magnitude.negate() : magnitude).stripTrailingZeros();
      case AwareDateTime moment -> new AwareDateTime(moment.utc(), 0);
      case PySet set -> Set.copyOf(comparable(set.elements()));
      case Tuple tuple -> new Tuple(comparable(tuple.elements()));
      case List<? extends Object> elements -> comparable(elements);
      case Map<? extends Object, ? extends Object> items -> {
        Map<Object, Object> all = new HashMap<>();
        items.forEach((key, item) -> all.put(comparable(key), comparable(item)));
        yield all;
      }
      default -> value;
    };
  }

  private static List<Object> comparable(List<? extends Object> elements) {
    List<Object> all = new ArrayList<>(elements.size());
    for (Object element : elements) {
      all.add(comparable(element));
    }
    return all;
  }

  /** A Python int in its one Java form: Long where it fits, so that equal ints are equal. */
  static Object integer(BigInteger value) {
    return value.bitLength() < 64 ? (Object) value.longValueExact() : value;
  }
}
