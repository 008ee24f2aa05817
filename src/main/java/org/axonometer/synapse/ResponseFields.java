package org.axonometer.synapse;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The declared response fields of a body, each checked against its type.
 *
 * @param fields as the JSON the axon sent; null where it sent none; empty with a fault
 * @param invalid which fields do not fit and why, the first {@value #MOST_INVALID}
 * @param fault why the body is not the declared one; null when it is
 */
record ResponseFields(ObjectNode fields, Map<String, String> invalid, @Nullable String fault) {
  static final int MOST_INVALID = 16;
  private static final int REASON_CHARACTERS = 200;

  static ResponseFields faulty(String fault) {
    return new ResponseFields(JsonNodeFactory.instance.objectNode(), Map.of(), fault);
  }

  /** Reads a whole answer's body. */
  static ResponseFields read(SynapseType type, ReplyHeaders headers, byte[] body) {
    if (!headers.isJson()) {
      return faulty("the content type is not JSON but \"" + headers.mediaType() + "\"");
    }
    JsonNode json;
    try {
      json = ReplyJson.strict(body);
    } catch (ReplyJson.Refused refused) {
      return faulty(refused.why());
    }
    return json.isObject() ? of(type, json) : faulty("the JSON is not an object");
  }

  /** Takes the fields out of such a synapse. */
  static ResponseFields of(SynapseType type, JsonNode json) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    Map<String, String> invalid = new LinkedHashMap<>();
    String fault = null;
    for (SynapseType.Field field : type.responseFields()) {
      JsonNode value = json.get(field.name());
      String why = fault(field, value);
      if (why == null) {
        fields.set(field.name(), value == null ? NullNode.getInstance() : value);
      } else {
        fault = fault == null ? "field " + field.name() + " " + why : fault;
        if (invalid.size() < MOST_INVALID) {
          invalid.put(field.name(), ReplyText.line(why, REASON_CHARACTERS));
        }
      }
    }
    if (fault != null) {
      fields.removeAll();
    }
    return new ResponseFields(fields, invalid, fault);
  }

  private static @Nullable String fault(SynapseType.Field field, @Nullable JsonNode value) {
    if (value == null || (value.isNull() && !field.required())) {
      return value == null && field.required() ? "is missing" : null;
    }
    try {
      field.type().coerce(value);
      return null;
    } catch (IllegalArgumentException unfit) {
      return "does not fit its type: " + unfit.getMessage();
    }
  }
}
