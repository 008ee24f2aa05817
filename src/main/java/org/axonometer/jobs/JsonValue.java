package org.axonometer.jobs;

import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A YAML value as the JSON that is sent, by YAML 1.2's core rules. Numbers that could be read two
 * ways (leading zeros, {@code 0x}, {@code 0o}) and those JSON lacks (infinity, not-a-number) are
 * refused with IllegalArgumentException.
 */
final class JsonValue {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUES = Set.of("true", "True", "TRUE");
  private static final Set<String> FALSES = Set.of("false", "False", "FALSE");
  private static final Pattern WHOLE = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|(0|[1-9][0-9]*)(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern UNCLEAR =
      Pattern.compile(
          "[-+]?0[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)?|0[xX][0-9a-fA-F]+|0o[0-7]+"
              + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
  private static final int LONGEST_NUMBER = 1_000;

  private JsonValue() {}

  static JsonNode of(YamlNode node) {
    return switch (node) {
      case YamlNode.Scalar scalar ->
          scalar.plain() ? plain(scalar.text()) : JSON.stringNode(scalar.text());
      case YamlNode.Sequence sequence -> {
        ArrayNode array = JSON.arrayNode();
        sequence.items().forEach(item -> array.add(of(item)));
        yield array;
      }
      case YamlNode.Mapping mapping -> {
        ObjectNode object = JSON.objectNode();
        mapping.entries().forEach((key, entry) -> object.set(key, of(entry.value())));
        yield object;
      }
    };
  }

  private static JsonNode plain(String text) {
    if (NULLS.contains(text)) {
      return JSON.nullNode();
    }
    if (TRUES.contains(text) || FALSES.contains(text)) {
      return JSON.booleanNode(TRUES.contains(text));
    }
    if (UNCLEAR.matcher(text).matches()) {
      throw unclear(text, "is not a plain decimal number");
    }
    if (!DECIMAL.matcher(text).matches()) {
      return JSON.stringNode(text);
    }
    if (text.length() > LONGEST_NUMBER) {
      throw unclear(text, "is longer than " + LONGEST_NUMBER + " digits");
    }
    return WHOLE.matcher(text).matches() ? whole(new BigInteger(text)) : decimal(text);
  }

  private static JsonNode whole(BigInteger number) {
    if (number.bitLength() < Integer.SIZE) {
      return JSON.numberNode(number.intValue());
    }
    return number.bitLength() < Long.SIZE
        ? JSON.numberNode(number.longValue())
        : JSON.numberNode(number);
  }

  private static JsonNode decimal(String text) {
    double number = Double.parseDouble(text);
    if (Double.isInfinite(number)) {
      throw unclear(text, "is too large for a float");
    }
    return JSON.numberNode(number);
  }

  private static IllegalArgumentException unclear(String text, String why) {
    return new IllegalArgumentException(
        Mistakes.quoted(text) + " " + why + "; put it in quotes to send it as text");
  }
}
