package org.axonometer.synapse;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
import tools.jackson.databind.JsonNode;

/**
 * The Python type of a synapse field, as the axon's pydantic model declares it. It decides what the
 * axon makes of a JSON value, and so what is hashed (protocol 2.3). {@code toString} gives a text
 * that {@link #parse} reads.
 */
public sealed interface PythonType
    permits Plain,
        ListOf,
        DictOf,
        TupleOf,
        TupleOfAny,
        SetOf,
        OptionalOf,
        UnionOf,
        LiteralOf,
        EnumOf,
        Model {

  /** A type without parameters. */
  enum Plain implements PythonType {
    STR,
    INT,
    FLOAT,
    BOOL,
    /** Any JSON value, unchanged. */
    ANY,
    DECIMAL,
    /** With an offset, printable at the top level only. */
    DATETIME,
    DATE,
    UUID,
    /** In JSON its UTF-8 text. */
    BYTES;

    @Override
    public String toString() {
      return switch (this) {
        case STR -> "str";
        case INT -> "int";
        case FLOAT -> "float";
        case BOOL -> "bool";
        case ANY -> "any";
        case DECIMAL -> "decimal";
        case DATETIME -> "datetime";
        case DATE -> "date";
        case UUID -> "uuid";
        case BYTES -> "bytes";
      };
    }
  }

  record ListOf(PythonType element) implements PythonType {
    @Override
    public String toString() {
      return "list[" + element + "]";
    }
  }

  /**
   * @param key a type without parameters but {@link Plain#ANY}: a key in JSON is always text
   */
  record DictOf(PythonType key, PythonType value) implements PythonType {
    public DictOf {
      if (!(key instanceof Plain) || key == Plain.ANY) {
        throw new IllegalArgumentException(
            "dict key must be str, int, float, bool, decimal, datetime, date, uuid or bytes, was "
                + key);
      }
    }

    @Override
    public String toString() {
      return "dict[" + key + ", " + value + "]";
    }
  }

  /** A tuple of a fixed length. */
  record TupleOf(List<PythonType> elements) implements PythonType {
    public TupleOf {
      elements = List.copyOf(elements);
    }

    @Override
    public String toString() {
      return "tuple[" + (elements.isEmpty() ? "()" : joined(elements)) + "]";
    }
  }

  /** A tuple of any length, {@code tuple[T, ...]}. */
  record TupleOfAny(PythonType element) implements PythonType {
    @Override
    public String toString() {
      return "tuple[" + element + ", ...]";
    }
  }

  /**
   * A set, which prints in an order that is known for whole numbers and booleans only.
   *
   * @param element a type without parameters
   */
  record SetOf(PythonType element, boolean frozen) implements PythonType {
    public SetOf {
      if (!(element instanceof Plain)) {
        throw new IllegalArgumentException(
            "set element must be str, int, float, bool, any, decimal, datetime, date, uuid or"
                + " bytes, was "
                + element);
      }
    }

    @Override
    public String toString() {
      return (frozen ? "frozenset[" : "set[") + element + "]";
    }
  }

  record OptionalOf(PythonType type) implements PythonType {
    @Override
    public String toString() {
      return "optional[" + type + "]";
    }
  }

  /** One of several types, chosen as pydantic's smart mode does. */
  record UnionOf(List<PythonType> choices) implements PythonType {
    public UnionOf {
      choices = List.copyOf(choices);
      if (choices.size() < 2) {
        throw new IllegalArgumentException("union needs two types or more, had " + choices);
      }
    }

    @Override
    public String toString() {
      return "union[" + joined(choices) + "]";
    }
  }

  /**
   * @param values strings, integers, booleans and nulls
   */
  record LiteralOf(List<JsonNode> values) implements PythonType {
    public LiteralOf {
      values = List.copyOf(values);
      if (values.isEmpty() || !values.stream().allMatch(LiteralOf::isAllowed)) {
        throw new IllegalArgumentException(
            "literal needs strings, integers, booleans or None, had " + values);
      }
    }

    private static boolean isAllowed(JsonNode value) {
      return value.isString() || value.isIntegralNumber() || value.isBoolean() || value.isNull();
    }

    @Override
    public String toString() {
      return values.stream()
          .map(value -> PythonText.repr(PythonValue.of(value)))
          .collect(Collectors.joining(", ", "literal[", "]"));
    }
  }

  /** What an Enum class inherits beside Enum. */
  enum EnumKind {
    /** {@code Enum} or {@code (str, Enum)}, which take the same values and print alike. */
    PLAIN("enum["),
    /** {@code (int, Enum)}: takes what an int field takes. */
    INT("enum[int, "),
    /** {@code IntEnum}: as INT, and prints as its value. */
    INT_ENUM("intenum["),
    /** {@code StrEnum}: prints as its value. */
    STR_ENUM("strenum[");

    private final String opening;

    EnumKind(String opening) {
      this.opening = opening;
    }

    /** Whether a member takes {@code "1"} and 1.0 for 1. */
    boolean readsInts() {
      return this == INT || this == INT_ENUM;
    }

    /** Whether {@code str} of a member is its value, else {@code Name.member}. */
    boolean printsValue() {
      return this == INT_ENUM || this == STR_ENUM;
    }

    private boolean allows(JsonNode value) {
      return switch (this) {
        case PLAIN -> value.isString() || value.isIntegralNumber();
        case INT, INT_ENUM -> value.isIntegralNumber();
        case STR_ENUM -> value.isString();
      };
    }
  }

  /**
   * An Enum class whose members are strings or integers.
   *
   * @param members value by member name
   */
  record EnumOf(EnumKind kind, String name, Map<String, JsonNode> members) implements PythonType {
    public EnumOf {
      PythonNames.requireIdentifier("enum", name);
      members.keySet().forEach(member -> PythonNames.requireIdentifier("enum member", member));
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
      if (members.isEmpty() || !members.values().stream().allMatch(kind::allows)) {
        throw new IllegalArgumentException(
            switch (kind) {
              case PLAIN -> "enum needs members that are strings or integers";
              case INT, INT_ENUM -> "enum of ints needs members that are integers";
              case STR_ENUM -> "strenum needs members that are strings";
            });
      }
    }

    @Override
    public String toString() {
      return members.entrySet().stream()
          .map(m -> m.getKey() + "=" + PythonText.repr(PythonValue.of(m.getValue())))
          .collect(Collectors.joining(", ", kind.opening + name + ", ", "]"));
    }
  }

  /**
   * A nested pydantic model; hashed as the dict of its fields in class order, defaults included.
   *
   * @param fields in class order
   */
  record Model(String name, List<SynapseType.Field> fields) implements PythonType {
    public Model {
      PythonNames.requireIdentifier("model", name);
      fields = List.copyOf(fields);
      Set<String> seen = new HashSet<>();
      for (SynapseType.Field field : fields) {
        if (!seen.add(field.name())) {
          throw new IllegalArgumentException(
              "model " + name + " declares field " + field.name() + " twice");
        }
        if (!field.required() && field.defaultIn() == PythonValue.None.NONE && !field.takesNone()) {
          throw new IllegalArgumentException(
              "field "
                  + field.name()
                  + " of model "
                  + name
                  + " defaults to None, which is not "
                  + field.type()
                  + "; give a default or declare optional["
                  + field.type()
                  + "]");
        }
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Reads a type as job files and Python sources write it: {@code str}, {@code list[int]}, {@code
   * Dict[str, Any]}, {@code Optional[float]}, {@code int | None}, {@code literal['a', 1]}, {@code
   * enum[Colour, red='r']}, {@code IntEnum[Level, low=1]}, the name of a model.
   *
   * @param models the models the text may name
   * @throws IllegalArgumentException with the text, the place and what is allowed there
   */
  static PythonType parse(String text, Map<String, Model> models) {
    return new PythonTypeText(text, models).read();
  }

  /**
   * The Python value a pydantic 2 model has in a field of this type when it is given {@code value},
   * in lax mode: a {@link String}, {@link Boolean}, {@link Long} or {@link java.math.BigInteger},
   * {@link Double}, {@link List}, {@link Map}, a date, time or UUID of Java's, or a type of this
   * room; what {@link PythonText} prints.
   *
   * @throws IllegalArgumentException naming this type and a short form of the value, when pydantic
   *     refuses it; also for a few spellings pydantic reads and nobody sends, such as {@code
   *     "0__1"} for an int
   */
  default Object coerce(JsonNode value) {
    return Coercion.of(this, value);
  }

  /**
   * The JSON form of {@link #coerce}'s value: {@code 5.0} for a float field given {@code 5}, a
   * model with its defaults, a Decimal as text. It coerces to the same value again.
   *
   * @throws IllegalArgumentException as {@link #coerce}, and for NaN and infinities, which JSON
   *     cannot carry
   */
  default JsonNode toJson(JsonNode value) {
    return PythonJson.of(coerce(value));
  }

  private static String joined(List<PythonType> types) {
    return types.stream().map(PythonType::toString).collect(Collectors.joining(", "));
  }
}
