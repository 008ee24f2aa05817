package org.axonometer.synapse;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.axonometer.synapse.PythonType.DictOf;
import org.axonometer.synapse.PythonType.EnumKind;
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
import tools.jackson.databind.node.JsonNodeFactory;

/** One reading of a type's text, left to right. */
final class PythonTypeText {
  private static final int MOST_CHARACTERS = 2_000;
  private static final int MOST_LEVELS = 32;
  private static final String ALLOWED =
      "str, int, float, bool, any, decimal, datetime, date, uuid, bytes, list[T], dict[str, T],"
          + " dict[int, T], tuple[T, ...], tuple[T, T], set[T], frozenset[T], optional[T],"
          + " union[T, T], T | None, literal['a', 1], enum[Name, member='value'],"
          + " enum[int, Name, member=1], intenum[Name, member=1], strenum[Name, member='value']";
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<name>[A-Za-z_][A-Za-z0-9_.]*)|(?<number>-?[0-9]{1,18})"
              + "|'(?<single>[^'\\\\]*)'|\"(?<double>[^\"\\\\]*)\""
              + "|(?<mark>\\.\\.\\.|[\\[\\]|,=()]))\\s*");

  private final String text;
  private final Map<String, Model> models;
  private final Matcher token;
  private boolean more;
  private int levels;

  PythonTypeText(String text, Map<String, Model> models) {
    this.text = text;
    this.models = models;
    this.token = TOKEN.matcher(text);
  }

  PythonType read() {
    if (text.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException(
          "type is "
              + text.length()
              + " characters long; write at most "
              + MOST_CHARACTERS
              + " and name a model for the rest");
    }
    advance(0);
    PythonType type = unless(choices());
    if (more) {
      throw wrong("expected the end");
    }
    return type;
  }

  /** A type and, after bars, its alternatives. */
  private List<Choice> choices() {
    if (++levels > MOST_LEVELS) {
      throw wrong("nested deeper than " + MOST_LEVELS + " levels");
    }
    List<Choice> choices = new ArrayList<>();
    do {
      choices.add(choice());
    } while (skip("|"));
    levels--;
    return choices;
  }

  /** None is a type of its own only as an alternative. */
  private sealed interface Choice {
    record Of(PythonType type) implements Choice {}

    record OfNone() implements Choice {}
  }

  private PythonType unless(List<Choice> choices) {
    Set<PythonType> types = new LinkedHashSet<>();
    boolean none = false;
    for (Choice choice : choices) {
      switch (choice) {
        case Choice.OfNone() -> none = true;
        case Choice.Of(OptionalOf(UnionOf(var inner))) -> {
          none = true;
          types.addAll(inner);
        }
        case Choice.Of(OptionalOf(var inner)) -> {
          none = true;
          types.add(inner);
        }
        case Choice.Of(UnionOf(var inner)) -> types.addAll(inner);
        case Choice.Of(var type) -> types.add(type);
      }
    }
    if (types.isEmpty()) {
      throw wrong("None is allowed beside another type only");
    }
    PythonType type = types.size() == 1 ? types.iterator().next() : new UnionOf(List.copyOf(types));
    return none ? new OptionalOf(type) : type;
  }

  private PythonType type() {
    return unless(choices());
  }

  private Choice choice() {
    String written = name();
    if (written.equals("None") || written.equals("none")) {
      return new Choice.OfNone();
    }
    return new Choice.Of(named(written));
  }

  private PythonType named(String written) {
    String name = written.startsWith("typing.") ? written.substring("typing.".length()) : written;
    return switch (name) {
      case "str" -> Plain.STR;
      case "int" -> Plain.INT;
      case "float" -> Plain.FLOAT;
      case "bool" -> Plain.BOOL;
      case "any", "Any" -> Plain.ANY;
      case "decimal", "Decimal" -> Plain.DECIMAL;
      case "datetime" -> Plain.DATETIME;
      case "date" -> Plain.DATE;
      case "uuid", "UUID" -> Plain.UUID;
      case "bytes" -> Plain.BYTES;
      case "list", "List" -> skip("[") ? new ListOf(last()) : new ListOf(Plain.ANY);
      case "dict", "Dict" -> skip("[") ? dict() : new DictOf(Plain.STR, Plain.ANY);
      case "tuple", "Tuple" -> skip("[") ? tuple() : new TupleOfAny(Plain.ANY);
      case "set", "Set" -> set(false);
      case "frozenset", "FrozenSet" -> set(true);
      case "optional", "Optional" -> {
        expect("[");
        yield unless(List.of(new Choice.Of(last()), new Choice.OfNone()));
      }
      case "union", "Union" -> {
        expect("[");
        yield union();
      }
      case "literal", "Literal" -> {
        expect("[");
        yield literal();
      }
      case "enum", "Enum" -> {
        expect("[");
        yield enumeration(EnumKind.PLAIN, name());
      }
      case "intenum", "IntEnum" -> {
        expect("[");
        yield enumeration(EnumKind.INT_ENUM, name());
      }
      case "strenum", "StrEnum" -> {
        expect("[");
        yield enumeration(EnumKind.STR_ENUM, name());
      }
      default -> {
        Model model = models.get(written);
        if (model == null) {
          throw wrong("no type is called \"" + written + "\"");
        }
        yield model;
      }
    };
  }

  private PythonType last() {
    PythonType type = type();
    expect("]");
    return type;
  }

  private PythonType set(boolean frozen) {
    PythonType element = skip("[") ? last() : Plain.ANY;
    return checked(() -> new SetOf(element, frozen));
  }

  private PythonType dict() {
    PythonType key = type();
    expect(",");
    PythonType value = last();
    return checked(() -> new DictOf(key == Plain.ANY ? Plain.STR : key, value));
  }

  private PythonType tuple() {
    List<PythonType> elements = new ArrayList<>();
    if (skip("(")) {
      expect(")");
      expect("]");
      return new TupleOf(elements);
    }
    do {
      if (elements.size() == 1 && skip("...")) {
        expect("]");
        return new TupleOfAny(elements.getFirst());
      }
      elements.add(type());
    } while (skip(","));
    expect("]");
    return new TupleOf(elements);
  }

  private PythonType union() {
    List<Choice> choices = new ArrayList<>();
    do {
      choices.addAll(choices());
    } while (skip(","));
    expect("]");
    return unless(choices);
  }

  private PythonType literal() {
    List<JsonNode> values = new ArrayList<>();
    do {
      values.add(constant());
    } while (skip(","));
    expect("]");
    return new LiteralOf(values);
  }

  /**
   * The members after the class's name; a mixin may stand before that, {@code enum[int, Name,
   * one=1]}.
   */
  private PythonType enumeration(EnumKind kind, String name) {
    Map<String, JsonNode> members = new LinkedHashMap<>();
    while (skip(",")) {
      String member = name();
      if (members.isEmpty() && kind == EnumKind.PLAIN && !isNext("=")) {
        return switch (name) {
          case "int" -> enumeration(EnumKind.INT, member);
          case "str" -> enumeration(EnumKind.PLAIN, member);
          default -> throw wrong("expected \"=\"");
        };
      }
      expect("=");
      members.put(member, constant());
    }
    expect("]");
    return checked(() -> new EnumOf(kind, name, members));
  }

  private JsonNode constant() {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (!more) {
      throw wrong("expected a value");
    }
    JsonNode value;
    if (token.group("single") != null) {
      value = nodes.stringNode(token.group("single"));
    } else if (token.group("double") != null) {
      value = nodes.stringNode(token.group("double"));
    } else if (token.group("number") != null) {
      value = nodes.numberNode(new BigInteger(token.group("number")).longValueExact());
    } else {
      value =
          switch (name()) {
            case "True" -> nodes.booleanNode(true);
            case "False" -> nodes.booleanNode(false);
            case "None" -> nodes.nullNode();
            default -> throw wrong("expected 'text', a whole number, True, False or None");
          };
      return value;
    }
    advance(token.end());
    return value;
  }

  private PythonType checked(Supplier<PythonType> type) {
    try {
      return type.get();
    } catch (IllegalArgumentException refused) {
      throw wrong(String.valueOf(refused.getMessage()));
    }
  }

  private String name() {
    String name = more ? token.group("name") : null;
    if (name == null) {
      throw wrong("expected a name");
    }
    advance(token.end());
    return name;
  }

  private boolean isNext(String mark) {
    return more && mark.equals(token.group("mark"));
  }

  private boolean skip(String mark) {
    if (!isNext(mark)) {
      return false;
    }
    advance(token.end());
    return true;
  }

  private void expect(String mark) {
    if (!skip(mark)) {
      throw wrong("expected \"" + mark + "\"");
    }
  }

  private void advance(int from) {
    token.region(from, text.length());
    more = token.lookingAt();
    if (!more && from < text.length()) {
      throw wrong("character " + (from + 1) + " is out of place");
    }
  }

  private IllegalArgumentException wrong(String reason) {
    return new IllegalArgumentException(
        "type \""
            + text
            + "\": "
            + reason
            + (more ? " before character " + (token.end() + 1) : "")
            + "; write "
            + ALLOWED
            + (models.isEmpty() ? "" : " or a model (" + String.join(", ", models.keySet()) + ")"));
  }
}
