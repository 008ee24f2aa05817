package org.axonometer.synapse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.axonometer.synapse.PythonType.DictOf;
import org.axonometer.synapse.PythonType.EnumOf;
import org.axonometer.synapse.PythonType.ListOf;
import org.axonometer.synapse.PythonType.LiteralOf;
import org.axonometer.synapse.PythonType.Model;
import org.axonometer.synapse.PythonType.OptionalOf;
import org.axonometer.synapse.PythonType.Plain;
import org.axonometer.synapse.PythonType.SetOf;
import org.axonometer.synapse.PythonType.TupleOf;
import org.axonometer.synapse.PythonType.TupleOfAny;
import org.axonometer.synapse.PythonType.UnionOf;
import org.axonometer.synapse.PythonValue.Bytes;
import org.axonometer.synapse.PythonValue.EnumMember;
import org.axonometer.synapse.PythonValue.None;
import org.axonometer.synapse.PythonValue.PySet;
import org.axonometer.synapse.PythonValue.Tuple;
import tools.jackson.databind.JsonNode;

/**
 * One validation as pydantic 2 does it in lax mode on the output of {@code json.loads}, or as
 * pydantic 1 does. Source: observed with pydantic 2.13 and 1.10; protocol 2.3.
 */
final class Coercion {
  private static final double TWO_TO_63 = 0x1p63;
  private static final int SHOWN_CHARACTERS = 60;

  /** How near a value was to its type; a union takes the nearest. */
  private enum Exactness {
    CONVERTED,
    ALLOWED,
    EXACT
  }

  /** A value the type does not take; caught by unions and at the door. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient PythonType type;
    private final transient Object value;
    private final String lacks;

    Refused(PythonType type, Object value) {
      this(type, value, "");
    }

    /**
     * @param lacks the name of a missing field, or empty
     */
    Refused(PythonType type, Object value, String lacks) {
      super(null, null, false, false);
      this.type = type;
      this.value = value;
      this.lacks = lacks;
    }

    /** Made only when it is read: a union refuses often and quietly. */
    @Override
    public String getMessage() {
      return lacks.isEmpty()
          ? shown(value) + " is not " + type
          : shown(value) + " lacks field " + lacks + " of " + type;
    }
  }

  private final boolean pydantic1;
  private Exactness exactness = Exactness.EXACT;

  /** Model fields that were given, or -1 while no model was met. */
  private int fieldsGiven = -1;

  private Coercion(boolean pydantic1) {
    this.pydantic1 = pydantic1;
  }

  static Object of(PythonType type, JsonNode json) {
    return of(type, json, false);
  }

  /**
   * The value pydantic 1 has, as SDK 6.9 runs it: text fields take numbers, int fields cut
   * fractions off, and a union takes the first of its types that takes the value. Dates and times
   * are read as by pydantic 2, which takes fewer numbers for them.
   */
  static Object ofPydantic1(PythonType type, JsonNode json) {
    return of(type, json, true);
  }

  private static Object of(PythonType type, JsonNode json, boolean pydantic1) {
    Object given = PythonValue.of(json);
    try {
      return new Coercion(pydantic1).coerce(type, given);
    } catch (Refused refused) {
      String whole = shown(given) + " is not " + type;
      String reason = refused.getMessage();
      throw new IllegalArgumentException(reason.equals(whole) ? whole : whole + ": " + reason);
    }
  }

  private Object coerce(PythonType type, Object given) {
    return switch (type) {
      case Plain plain -> plain(plain, given);
      case ListOf(var element) -> {
        List<? extends Object> elements = elements(type, given);
        yield element == Plain.ANY ? List.copyOf(elements) : all(element, elements);
      }
      case DictOf dict -> dict(dict, given);
      case TupleOf(var types) -> {
        List<? extends Object> elements = elements(type, given);
        if (elements.size() != types.size()) {
          throw new Refused(type, given);
        }
        atMost(Exactness.CONVERTED);
        List<Object> coerced = new ArrayList<>(elements.size());
        for (int i = 0; i < types.size(); i++) {
          coerced.add(coerce(types.get(i), elements.get(i)));
        }
        yield new Tuple(coerced);
      }
      case TupleOfAny(var element) -> {
        atMost(Exactness.CONVERTED);
        yield new Tuple(all(element, elements(type, given)));
      }
      case SetOf(var element, var frozen) -> {
        atMost(Exactness.CONVERTED);
        List<Object> elements = all(element, elements(type, given));
        if (elements.stream().anyMatch(e -> e instanceof List || e instanceof Map)) {
          throw new Refused(type, given); // Python cannot hash them
        }
        yield new PySet(distinct(elements), frozen);
      }
      case OptionalOf(var inner) -> given == None.NONE ? given : coerce(inner, given);
      case UnionOf union -> union(union, given);
      case LiteralOf literal -> literal(literal, given);
      case EnumOf enumeration -> member(enumeration, given);
      case Model model -> model(model, given);
    };
  }

  private void atMost(Exactness most) {
    exactness = exactness.compareTo(most) < 0 ? exactness : most;
  }

  private Object plain(Plain type, Object given) {
    return switch (type) {
      case STR -> {
        if (given instanceof String) {
          yield given;
        }
        if (pydantic1 && isNumber(given)) {
          yield PythonText.str(given);
        }
        throw new Refused(type, given);
      }
      case INT -> integer(given);
      case FLOAT -> floating(given);
      case BOOL -> truth(given);
      case ANY -> {
        atMost(Exactness.ALLOWED);
        yield given;
      }
      case DECIMAL -> {
        atMost(Exactness.CONVERTED);
        yield decimal(given);
      }
      case DATETIME -> {
        atMost(Exactness.CONVERTED);
        yield PythonDateTime.read(given).orElseThrow(() -> new Refused(type, given));
      }
      case DATE -> {
        atMost(Exactness.CONVERTED);
        yield PythonDateTime.readDate(given).orElseThrow(() -> new Refused(type, given));
      }
      case UUID -> {
        atMost(Exactness.CONVERTED);
        yield Optional.of(given)
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .flatMap(PydanticText::uuid)
            .orElseThrow(() -> new Refused(type, given));
      }
      case BYTES -> {
        atMost(Exactness.CONVERTED);
        yield bytes(given);
      }
    };
  }

  private Object bytes(Object given) {
    if (pydantic1 && isNumber(given)) {
      return Bytes.ofUtf8(PythonText.str(given));
    }
    if (given instanceof String text) {
      try {
        return Bytes.ofUtf8(text);
      } catch (IllegalArgumentException loneSurrogate) {
        throw new Refused(Plain.BYTES, given);
      }
    }
    throw new Refused(Plain.BYTES, given);
  }

  /** An int to Python, so True and False too, or a float. */
  private static boolean isNumber(Object given) {
    return given instanceof Boolean || given instanceof Number;
  }

  private Object integer(Object given) {
    if (given instanceof Long || given instanceof BigInteger) {
      return given;
    }
    atMost(Exactness.CONVERTED);
    if (pydantic1 && given instanceof Double number && Double.isFinite(number)) {
      return PythonValue.integer(new BigDecimal(number).toBigInteger());
    }
    return switch (given) {
      case Boolean truth -> truth ? 1L : 0L;
      case Double number when number == Math.rint(number) && Math.abs(number) < TWO_TO_63 ->
          number.longValue();
      case String text when !(pydantic1 && text.indexOf('.') >= 0) ->
          PydanticText.integer(text)
              .map(PythonValue::integer)
              .orElseThrow(() -> new Refused(Plain.INT, given));
      default -> throw new Refused(Plain.INT, given);
    };
  }

  private Object floating(Object given) {
    return switch (given) {
      case Double number -> number;
      case Long number -> {
        atMost(Exactness.ALLOWED);
        yield number.doubleValue();
      }
      case BigInteger number when Double.isFinite(number.doubleValue()) -> {
        atMost(Exactness.ALLOWED);
        yield number.doubleValue();
      }
      case Boolean truth -> {
        atMost(Exactness.CONVERTED);
        yield truth ? 1.0 : 0.0;
      }
      case String text -> {
        atMost(Exactness.CONVERTED);
        yield PydanticText.floating(text).orElseThrow(() -> new Refused(Plain.FLOAT, text));
      }
      default -> throw new Refused(Plain.FLOAT, given);
    };
  }

  private Object truth(Object given) {
    if (given instanceof Boolean) {
      return given;
    }
    atMost(Exactness.CONVERTED);
    String word =
        switch (given) {
          case Long number -> number.toString();
          case Double number when number == 0.0 -> "0";
          case Double number when number == 1.0 -> "1";
          case String text -> text.toLowerCase(Locale.ROOT);
          default -> "";
        };
    return switch (word) {
      case "1", "t", "true", "y", "yes", "on" -> true;
      case "0", "f", "false", "n", "no", "off" -> false;
      default -> throw new Refused(Plain.BOOL, given);
    };
  }

  private static Object decimal(Object given) {
    String text =
        switch (given) {
          case Long number -> number.toString();
          case BigInteger number -> number.toString();
          case Double number -> PythonFloat.repr(number);
          case String string -> string;
          default -> "";
        };
    return PydanticText.decimal(text).orElseThrow(() -> new Refused(Plain.DECIMAL, given));
  }

  private static List<? extends Object> elements(PythonType type, Object given) {
    if (given instanceof List<? extends Object> elements) {
      return elements;
    }
    throw new Refused(type, given);
  }

  private List<Object> all(PythonType type, List<? extends Object> given) {
    List<Object> coerced = new ArrayList<>(given.size());
    for (Object element : given) {
      coerced.add(coerce(type, element));
    }
    return coerced;
  }

  /** The first of equal elements stays. */
  private static List<Object> distinct(List<Object> elements) {
    Map<Object, Object> kept = new LinkedHashMap<>();
    for (Object element : elements) {
      kept.putIfAbsent(PythonValue.comparable(element), element);
    }
    return List.copyOf(kept.values());
  }

  private Map<? extends Object, ? extends Object> items(PythonType type, Object given) {
    if (given instanceof Map<? extends Object, ? extends Object> items) {
      return items;
    }
    if (pydantic1 && given instanceof List<? extends Object> pairs && pairs.isEmpty()) {
      return Map.of(); // pydantic 1 calls dict() on whatever comes
    }
    throw new Refused(type, given);
  }

  private Object dict(DictOf type, Object given) {
    Map<? extends Object, ? extends Object> items = items(type, given);
    Map<Object, Object> coerced = LinkedHashMap.newLinkedHashMap(items.size());
    Map<Object, Object> keys = HashMap.newHashMap(type.key() == Plain.STR ? 0 : items.size());
    items.forEach(
        (text, value) -> {
          Object key = coerce(type.key(), text);
          // Of equal keys Python keeps the first one and the last value.
          Object same =
              type.key() == Plain.STR ? null : keys.putIfAbsent(PythonValue.comparable(key), key);
          coerced.put(same == null ? key : same, coerce(type.value(), value));
        });
    return coerced;
  }

  private Object union(UnionOf type, Object given) {
    Coercion best = null;
    Object chosen = null;
    for (PythonType choice : type.choices()) {
      Coercion attempt = new Coercion(pydantic1);
      try {
        Object value = attempt.coerce(choice, given);
        if (best == null || attempt.isBetterThan(best)) {
          best = attempt;
          chosen = value;
        }
        if (pydantic1 || (attempt.exactness == Exactness.EXACT && attempt.fieldsGiven < 0)) {
          break;
        }
      } catch (Refused otherChoicesRemain) {
        // The next choice may take the value; when none does, the union refuses as a whole.
      }
    }
    if (best == null || chosen == null) {
      throw new Refused(type, given);
    }
    atMost(best.exactness);
    count(best.fieldsGiven);
    return chosen;
  }

  private boolean isBetterThan(Coercion other) {
    if (fieldsGiven >= 0 && other.fieldsGiven >= 0 && fieldsGiven != other.fieldsGiven) {
      return fieldsGiven > other.fieldsGiven;
    }
    return exactness.compareTo(other.exactness) > 0;
  }

  private void count(int fields) {
    if (fields >= 0) {
      fieldsGiven = Math.max(fieldsGiven, 0) + fields;
    }
  }

  private Object literal(LiteralOf type, Object given) {
    Object equal = null;
    for (JsonNode json : type.values()) {
      Object value = PythonValue.of(json);
      if (value.equals(given)) {
        return value;
      }
      if (areEqual(value, given)) {
        equal = value;
      }
    }
    if (equal == null) {
      throw new Refused(type, given);
    }
    return equal;
  }

  private Object member(EnumOf type, Object given) {
    atMost(Exactness.CONVERTED);
    Object wanted = given;
    if (type.kind().readsInts() && !pydantic1) {
      try {
        wanted = integer(given);
      } catch (Refused noInt) {
        throw new Refused(type, given);
      }
    }
    for (Map.Entry<String, JsonNode> member : type.members().entrySet()) {
      Object value = PythonValue.of(member.getValue());
      if (areEqual(value, wanted)) {
        return new EnumMember(type, member.getKey(), value);
      }
    }
    throw new Refused(type, given);
  }

  private static boolean areEqual(Object one, Object other) {
    return PythonValue.comparable(one).equals(PythonValue.comparable(other));
  }

  private Object model(Model type, Object given) {
    Map<? extends Object, ? extends Object> items = items(type, given);
    atMost(Exactness.ALLOWED);
    int known = 0;
    Map<Object, Object> fields = new LinkedHashMap<>();
    for (SynapseType.Field field : type.fields()) {
      Object value = items.get(field.name());
      if (value != null) {
        known++;
        fields.put(field.name(), coerce(field.type(), value));
      } else if (field.required()) {
        throw new Refused(type, given, field.name());
      } else {
        fields.put(field.name(), field.defaultIn());
      }
    }
    count(known);
    return fields;
  }

  private static String shown(Object value) {
    String text;
    try {
      text = PythonJson.text(PythonJson.of(value));
    } catch (IllegalArgumentException notJson) {
      text = value instanceof Double number ? PythonFloat.repr(number) : "a value beyond JSON";
    }
    return text.length() <= SHOWN_CHARACTERS
        ? text
        : text.substring(0, SHOWN_CHARACTERS) + "... (" + text.length() + " characters)";
  }
}
