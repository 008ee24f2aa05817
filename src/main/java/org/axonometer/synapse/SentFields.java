package org.axonometer.synapse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The request fields as they were sent, to be held against what comes back in an answer: an axon
 * returns the whole synapse, and the Python dendrite takes all of it for its own. Immutable.
 */
public final class SentFields {
  private final Map<SynapseType.Field, JsonNode> sent = new LinkedHashMap<>();

  /**
   * @param fields the request fields' values, as given to {@link Question#of}
   */
  public SentFields(SynapseType type, ObjectNode fields) {
    Map<String, Object> values = type.values(fields);
    for (SynapseType.Field field : type.requestFields()) {
      sent.put(field, PythonJson.of(values.getOrDefault(field.name(), PythonValue.None.NONE)));
    }
  }

  /**
   * The fields whose value in this body is another than was sent, in class order; none when the
   * body is no JSON object. A field the body leaves out did not change. Never throws on hostile
   * bytes.
   */
  public List<String> changedIn(byte[] body) {
    if (sent.isEmpty()) {
      return List.of();
    }
    JsonNode json;
    try {
      json = ReplyJson.strict(body);
    } catch (ReplyJson.Refused notJson) {
      return List.of();
    }
    List<String> changed = new ArrayList<>();
    sent.forEach(
        (field, value) -> {
          JsonNode returned = json.get(field.name());
          if (returned != null && !isSame(field.type(), value, returned)) {
            changed.add(field.name());
          }
        });
    return changed;
  }

  /** As the axon's class would have it: 5 for a float field is the 5.0 that was sent. */
  private static boolean isSame(PythonType type, JsonNode value, JsonNode returned) {
    if (returned.isNull() || value.isNull()) {
      return returned.isNull() && value.isNull();
    }
    try {
      return type.toJson(returned).equals(value);
    } catch (IllegalArgumentException unfit) {
      return false;
    }
  }
}
