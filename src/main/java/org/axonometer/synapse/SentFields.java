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
  /** What each value is to Python's {@code ==}. */
  private final Map<SynapseType.Field, Object> sent = new LinkedHashMap<>();

  /**
   * @param fields the request fields' values, as given to {@link Question#of}
   */
  public SentFields(SynapseType type, ObjectNode fields) {
    Map<String, Object> values = type.values(fields);
    for (SynapseType.Field field : type.requestFields()) {
      Object value = values.getOrDefault(field.name(), PythonValue.None.NONE);
      sent.put(field, PythonValue.comparable(value));
    }
  }

  /**
   * The fields that came back with a value that is not equal to the one sent, in class order. Both
   * are taken as the axon's class has them: 5 for a float field is the 5.0 that was sent, and a set
   * has no order. A field that was left out did not change.
   */
  public List<String> changedIn(SynapseReply reply) {
    List<String> changed = new ArrayList<>();
    sent.forEach(
        (field, value) -> {
          JsonNode returned = reply.echoed().get(field.name());
          if (returned != null && !isSame(field.type(), value, returned)) {
            changed.add(field.name());
          }
        });
    return changed;
  }

  private static boolean isSame(PythonType type, Object sent, JsonNode returned) {
    if (returned.isNull() || sent == PythonValue.None.NONE) {
      return returned.isNull() && sent == PythonValue.None.NONE;
    }
    try {
      return PythonValue.comparable(type.coerce(returned)).equals(sent);
    } catch (IllegalArgumentException unfit) {
      return false;
    }
  }
}
