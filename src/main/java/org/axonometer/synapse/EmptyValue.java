package org.axonometer.synapse;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.axonometer.synapse.PythonValue.None;
import org.axonometer.synapse.PythonValue.PySet;
import org.axonometer.synapse.PythonValue.Tuple;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The small stand-in for a required field's value that travels in {@code bt_header_input_obj_*}, so
 * that the axon can build a synapse from headers alone (protocol 1.3). It is neither hashed nor
 * signed.
 *
 * <p>It is the empty value of the value's own Python type, as the Python dendrite sends. Where the
 * field's type refuses that one (a model with required fields, a literal, a tuple of two, None) the
 * axon would fail before it verifies, so the smallest value the type takes goes instead.
 */
final class EmptyValue {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private EmptyValue() {}

  static JsonNode of(PythonType type, Object value) {
    JsonNode empty = ofSameType(value);
    try {
      type.coerce(empty);
      return empty;
    } catch (IllegalArgumentException refused) {
      return PythonJson.of(smallest(type));
    }
  }

  private static JsonNode ofSameType(Object value) {
    return switch (value) {
      case String text -> NODES.stringNode("");
      case Boolean truth -> NODES.booleanNode(false);
      case Double number -> NODES.numberNode(0.0);
      case Number number -> NODES.numberNode(0);
      case List<? extends Object> elements -> NODES.arrayNode();
      case Tuple tuple -> NODES.arrayNode();
      case PySet set -> NODES.arrayNode();
      case Map<? extends Object, ? extends Object> items -> NODES.objectNode();
      default -> NODES.nullNode();
    };
  }

  private static Object smallest(PythonType type) {
    return switch (type) {
      case Plain plain ->
          switch (plain) {
            case STR, BYTES -> "";
            case INT, DATETIME, DATE -> 0L;
            case FLOAT -> 0.0;
            case BOOL -> false;
            case ANY -> None.NONE;
            case DECIMAL -> "0";
            case UUID -> "00000000-0000-0000-0000-000000000000";
          };
      case ListOf list -> List.of();
      case TupleOfAny tuple -> List.of();
      case SetOf set -> List.of();
      case DictOf dict -> Map.of();
      case TupleOf(var elements) -> elements.stream().map(EmptyValue::smallest).toList();
      case OptionalOf optional -> None.NONE;
      case UnionOf(var choices) -> smallest(choices.getFirst());
      case LiteralOf(var values) -> PythonValue.of(values.getFirst());
      case EnumOf(var kind, var name, var members) ->
          PythonValue.of(members.values().iterator().next());
      case Model(var name, var fields) -> {
        Map<Object, Object> required = new LinkedHashMap<>();
        for (SynapseType.Field field : fields) {
          if (field.required()) {
            required.put(field.name(), smallest(field.type()));
          }
        }
        yield required;
      }
    };
  }
}
