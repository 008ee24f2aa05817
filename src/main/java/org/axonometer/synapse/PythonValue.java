package org.axonometer.synapse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * List}, {@link LinkedHashMap} and, for datetime, {@link java.time.LocalDateTime} or {@link
 * java.time.OffsetDateTime}.
 */
sealed interface PythonValue permits None, Tuple, PySet, Bytes, Decimal, EnumMember {

  /** Python's None; Java's null never stands for a Python object. */
  enum None implements PythonValue {
    NONE
  }

  record Tuple(List<Object> elements) implements PythonValue {
    public Tuple {
      elements = List.copyOf(elements);
    }
  }

  /** A set, its elements distinct and in the order they arrived, which is not Python's order. */
  record PySet(List<Object> elements) implements PythonValue {
    public PySet {
      elements = List.copyOf(elements);
    }
  }

  /**
   * @param latin1 one character U+0000 to U+00FF for each byte
   */
  record Bytes(String latin1) implements PythonValue {}

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

  record EnumMember(String enumName, String member, Object value) implements PythonValue {}

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

  /** A Python int in its one Java form: Long where it fits, so that equal ints are equal. */
  static Object integer(BigInteger value) {
    return value.bitLength() < 64 ? (Object) value.longValueExact() : value;
  }
}
