package org.axonometer.synapse;

import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.axonometer.synapse.PythonValue.AwareDateTime;
import org.axonometer.synapse.PythonValue.Bytes;
import org.axonometer.synapse.PythonValue.Decimal;
import org.axonometer.synapse.PythonValue.EnumMember;
import org.axonometer.synapse.PythonValue.None;
import org.axonometer.synapse.PythonValue.PySet;
import org.axonometer.synapse.PythonValue.Tuple;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Python values as JSON, and JSON as the ASCII text that is sent. */
final class PythonJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper ASCII =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private PythonJson() {}

  /** Compact JSON; every character above U+007E is escaped, lone surrogates too. */
  static String text(JsonNode json) {
    return ASCII.writeValueAsString(json);
  }

  static String text(String value) {
    return ASCII.writeValueAsString(value);
  }

  /** The JSON that pydantic reads as this value; IllegalArgumentException for NaN and infinity. */
  static JsonNode of(Object value) {
    return switch (value) {
      case None none -> NODES.nullNode();
      case String text -> NODES.stringNode(text);
      case Boolean truth -> NODES.booleanNode(truth);
      case Long number -> NODES.numberNode(number.longValue());
      case BigInteger number -> NODES.numberNode(number);
      case Double number -> finite(number);
      case List<? extends Object> elements -> array(elements);
      case Tuple tuple -> array(tuple.elements());
      case PySet set -> array(set.elements());
      case Map<? extends Object, ? extends Object> items -> object(items);
      case Decimal decimal -> NODES.stringNode(decimal.toString());
      case EnumMember member -> of(member.value());
      case Bytes bytes -> NODES.stringNode(bytes.utf8());
      case LocalDate date -> NODES.stringNode(date.toString());
      case LocalDateTime local -> NODES.stringNode(PythonText.str(local));
      case AwareDateTime aware -> NODES.stringNode(PythonText.str(aware));
      case UUID uuid -> NODES.stringNode(uuid.toString());
      default ->
          throw new IllegalArgumentException("no JSON form: " + value.getClass().getSimpleName());
    };
  }

  private static JsonNode finite(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException(
          "float " + PythonText.repr(number) + " cannot be sent: JSON has no NaN and no infinity");
    }
    return NODES.numberNode(number);
  }

  private static ArrayNode array(Collection<? extends Object> elements) {
    ArrayNode array = NODES.arrayNode(elements.size());
    elements.forEach(element -> array.add(of(element)));
    return array;
  }

  private static ObjectNode object(Map<? extends Object, ? extends Object> items) {
    ObjectNode object = NODES.objectNode();
    items.forEach((key, value) -> object.set(key(key), of(value)));
    return object;
  }

  /** A dict's key as the text that is read as this key again. */
  private static String key(Object key) {
    return switch (key) {
      case Bytes bytes -> bytes.utf8();
      case Boolean truth -> truth ? "true" : "false";
      default -> PythonText.str(key);
    };
  }
}
