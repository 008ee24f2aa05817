package org.axonometer.jobs;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON value whose texts hold {@code {names}} that are replaced; {@code {{} and {@code }}} stand
 * for the braces themselves. Keys are left alone.
 */
public final class TemplateText {
  /** The names there are. */
  public static final Set<String> NAMES =
      Set.of("round", "block", "seed", "counter", "uid", "hotkey", "position");

  /** Those that only a challenge per target has. */
  static final Set<String> OF_A_TARGET = Set.of("uid", "hotkey", "position");

  private static final Pattern PART = Pattern.compile("\\{\\{|}}|\\{([^{}]*)}|[{}]");

  private TemplateText() {}

  /**
   * The names in use.
   *
   * @throws IllegalArgumentException for a name there is not, or a brace without its other half
   */
  public static Set<String> namesIn(JsonNode value) {
    Set<String> names = new TreeSet<>();
    collect(value, names);
    return names;
  }

  private static void collect(JsonNode value, Set<String> names) {
    if (value.isContainer()) {
      value.forEach(inner -> collect(inner, names));
      return;
    }
    if (!value.isString()) {
      return;
    }
    Matcher part = PART.matcher(value.stringValue());
    while (part.find()) {
      String name = part.group(1);
      if (name != null && NAMES.contains(name)) {
        names.add(name);
      } else if (name != null) {
        throw new IllegalArgumentException(
            "{%s} is not a name; names are %s; write {{ and }} for braces"
                .formatted(
                    name,
                    new TreeSet<>(NAMES)
                        .stream().map(n -> "{" + n + "}").collect(Collectors.joining(", "))));
      } else if (part.group().length() == 1) {
        throw new IllegalArgumentException(
            "a single " + part.group() + "; write {{ and }} for braces");
      }
    }
  }

  /** A copy with the names replaced; every name in use must have a value. */
  public static JsonNode filled(JsonNode value, Map<String, String> values) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (value) {
      case ObjectNode object -> {
        ObjectNode copy = json.objectNode();
        object.forEachEntry((key, inner) -> copy.set(key, filled(inner, values)));
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = json.arrayNode(array.size());
        array.forEach(inner -> copy.add(filled(inner, values)));
        yield copy;
      }
      default -> value.isString() ? json.stringNode(filled(value.stringValue(), values)) : value;
    };
  }

  private static String filled(String text, Map<String, String> values) {
    return PART.matcher(text)
        .replaceAll(
            part ->
                Matcher.quoteReplacement(
                    part.group(1) == null
                        ? part.group().substring(0, 1)
                        : required(values, part.group(1))));
  }

  private static String required(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("no value for {" + name + "}");
    }
    return value;
  }
}
