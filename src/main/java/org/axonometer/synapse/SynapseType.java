package org.axonometer.synapse;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.axonometer.synapse.PythonValue.None;
import org.axonometer.synapse.PythonValue.PySet;
import org.axonometer.synapse.PythonValue.Tuple;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The shape of one synapse class.
 *
 * @param name the Python class name, case-sensitive; the URL path
 * @param requestFields in class order
 * @param responseFields what the axon fills in, in class order; sent as their default (null)
 * @param hashFields the fields of the body hash, in effective order; see {@link #hashOrder}
 * @param streaming what the answer is made into when the class is a StreamingSynapse; else empty
 */
public record SynapseType(
    String name,
    List<Field> requestFields,
    List<Field> responseFields,
    List<String> hashFields,
    Optional<Streaming> streaming) {
  private static final Set<String> BASE_FIELDS =
      Set.of(
          "name", "timeout", "total_size", "header_size", "dendrite", "axon", "computed_body_hash");

  private static final BigInteger LEAST_INT = BigInteger.ONE.shiftLeft(63).negate();
  private static final BigInteger MOST_INT = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  /**
   * One field.
   *
   * @param required no default in the class: its empty value travels as bt_header_input_obj
   * @param defaultValue the class's default; null and JSON null both stand for None
   */
  public record Field(
      String name, PythonType type, boolean required, @Nullable JsonNode defaultValue) {
    public Field {
      PythonNames.requireFieldName(name);
      if (required && defaultValue != null) {
        throw new IllegalArgumentException(
            "field " + name + " is required and has a default; required means it has none");
      }
      if (defaultValue != null && !defaultValue.isNull()) {
        try {
          type.coerce(defaultValue);
        } catch (IllegalArgumentException refused) {
          throw new IllegalArgumentException(
              "default of field " + name + ": " + refused.getMessage(), refused);
        }
      }
    }

    /** The Python value of the default; None where there is none. */
    Object defaultIn() {
      return defaultValue == null || defaultValue.isNull() ? None.NONE : type.coerce(defaultValue);
    }

    /** Whether the class gives it None, which it then takes whatever its type. */
    boolean isNoneByDefault() {
      return !required && (defaultValue == null || defaultValue.isNull());
    }

    /** Why an answer's value for this field is refused; null when it is taken. */
    @Nullable String fault(JsonNode value) {
      if (value.isNull() && isNoneByDefault()) {
        return null;
      }
      try {
        type.coerce(value);
        return null;
      } catch (IllegalArgumentException unfit) {
        return "does not fit its type: " + unfit.getMessage();
      }
    }

    boolean takesNone() {
      try {
        type.coerce(NullNode.getInstance());
        return true;
      } catch (IllegalArgumentException refused) {
        return false;
      }
    }
  }

  /** Which order the axon hashes in, protocol 2.2. */
  public enum HashOrder {
    /** The tuple's own: SDK 7.2 and newer with {@code required_hash_fields} as a ClassVar. */
    DECLARED,
    /** The class's: older SDKs, and {@code required_hash_fields} re-declared as a field. */
    CLASS
  }

  /** A synapse that answers in one JSON body. */
  public SynapseType(
      String name, List<Field> requestFields, List<Field> responseFields, List<String> hashFields) {
    this(name, requestFields, responseFields, hashFields, Optional.empty());
  }

  /** The same class as one that streams, or that streams so. */
  public SynapseType streaming(Streaming how) {
    return new SynapseType(name, requestFields, responseFields, hashFields, Optional.of(how));
  }

  public SynapseType {
    PythonNames.requireIdentifier("synapse", name);
    requestFields = List.copyOf(requestFields);
    responseFields = List.copyOf(responseFields);
    hashFields = List.copyOf(hashFields);
    Set<String> seen = new HashSet<>();
    for (Field field : concat(requestFields, responseFields)) {
      requireReachable(name, field);
      if (!seen.add(field.name())) {
        throw new IllegalArgumentException(
            "synapse " + name + " declares field " + field.name() + " twice");
      }
    }
    for (String hashField : hashFields) {
      if (!seen.contains(hashField)) {
        throw new IllegalArgumentException(
            "synapse "
                + name
                + " hashes "
                + hashField
                + ", which it does not declare; declared are "
                + new TreeSet<>(seen));
      }
    }
    List<String> answered = responseFields.stream().map(Field::name).toList();
    streaming
        .flatMap(Streaming::field)
        .filter(field -> !answered.contains(field))
        .ifPresent(
            field -> {
              throw new IllegalArgumentException(
                  "the stream goes into " + field + ", which is no response field: " + answered);
            });
  }

  private static void requireReachable(String synapse, Field field) {
    if (BASE_FIELDS.contains(field.name())) {
      throw new IllegalArgumentException(
          "synapse "
              + synapse
              + " declares field "
              + field.name()
              + ", which every synapse has; names taken are "
              + new TreeSet<>(BASE_FIELDS));
    }
    if (field.required() && field.name().chars().anyMatch(Character::isUpperCase)) {
      throw new IllegalArgumentException(
          "field "
              + field.name()
              + " of synapse "
              + synapse
              + " is required and has an upper-case letter: HTTP servers lower-case header names,"
              + " so no axon can be asked; give it a default in the class");
    }
  }

  /**
   * The effective hash order: the names as declared, or those of them that are fields in class
   * order.
   *
   * @throws IllegalArgumentException for {@link HashOrder#DECLARED} and a name that is no field; in
   *     class order the axon ignores it
   */
  public static List<String> hashOrder(
      List<Field> fieldsInClassOrder, List<String> requiredHashFields, HashOrder order) {
    List<String> names = fieldsInClassOrder.stream().map(Field::name).toList();
    return switch (order) {
      case DECLARED -> {
        for (String hashField : requiredHashFields) {
          if (!names.contains(hashField)) {
            throw new IllegalArgumentException(
                "hash field " + hashField + " is not a field; fields are " + names);
          }
        }
        yield List.copyOf(requiredHashFields);
      }
      case CLASS -> names.stream().filter(requiredHashFields::contains).toList();
    };
  }

  /**
   * Checks the request fields' values: each declared, of its type, none missing that has no
   * default, and all of them printable, hashable and portable between the JSON libraries axons use.
   *
   * @throws IllegalArgumentException naming the field, for an unknown name, a missing value, a
   *     value pydantic refuses, NaN, infinities, ints beyond 64 bits, a hashed set or datetime
   *     whose text cannot be told, or a hashed str with a lone surrogate
   */
  public void check(ObjectNode fields) {
    hashTexts(values(fields));
  }

  /** Every field's Python value in class order, request fields first, defaults included. */
  Map<String, Object> values(ObjectNode fields) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Field field : requestFields) {
      values.put(field.name(), requestValue(field, fields.get(field.name())));
    }
    for (String given : fields.propertyNames()) {
      if (!values.containsKey(given)) {
        throw new IllegalArgumentException(
            "field "
                + given
                + " is not a request field of synapse "
                + name
                + "; those are "
                + values.keySet());
      }
    }
    for (Field field : responseFields) {
      values.put(field.name(), field.defaultIn());
    }
    return values;
  }

  private Object requestValue(Field field, @Nullable JsonNode given) {
    Object value;
    if (given != null) {
      try {
        value = field.type().coerce(given);
      } catch (IllegalArgumentException refused) {
        throw new IllegalArgumentException(at(field.name()) + refused.getMessage(), refused);
      }
    } else {
      value = field.defaultIn();
      if (field.required() || (value == None.NONE && !field.takesNone())) {
        throw new IllegalArgumentException(
            at(field.name()) + "no value and no default; give a value of " + field.type());
      }
    }
    requirePortable(field.name(), value);
    return value;
  }

  /** What is hashed of these values, in hash order. */
  List<String> hashTexts(Map<String, Object> values) {
    List<String> texts = new ArrayList<>(hashFields.size());
    for (String hashField : hashFields) {
      try {
        String text = PythonText.str(values.getOrDefault(hashField, None.NONE));
        BodyHash.requireHashable(text);
        texts.add(text);
      } catch (IllegalArgumentException refused) {
        throw new IllegalArgumentException(at(hashField) + refused.getMessage(), refused);
      }
    }
    return texts;
  }

  private String at(String field) {
    return "field " + field + " of synapse " + name + ": ";
  }

  private void requirePortable(String field, Object value) {
    switch (value) {
      case Double number when !Double.isFinite(number) ->
          throw new IllegalArgumentException(
              at(field)
                  + "float "
                  + PythonText.repr(number)
                  + "; write a finite number, JSON has no other");
      case BigInteger number
          when number.compareTo(LEAST_INT) < 0 || number.compareTo(MOST_INT) > 0 ->
          throw new IllegalArgumentException(
              at(field)
                  + "int of "
                  + number.bitLength()
                  + " bits; write -2^63 to 2^64-1, axons' JSON parsers differ on others");
      case Tuple tuple -> requirePortable(field, tuple.elements());
      case PySet set -> requirePortable(field, set.elements());
      case Collection<? extends Object> elements ->
          elements.forEach(e -> requirePortable(field, e));
      case Map<? extends Object, ? extends Object> items -> {
        requirePortable(field, items.keySet());
        requirePortable(field, items.values());
      }
      default -> {}
    }
  }

  private static List<Field> concat(List<Field> first, List<Field> second) {
    List<Field> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** All fields in the order of the body. */
  List<Field> fields() {
    return concat(requestFields, responseFields);
  }
}
