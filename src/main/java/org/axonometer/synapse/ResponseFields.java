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
 * @param echoed the request fields that came back, as the axon sent them
 * @param fault why the body is not the declared one; null when it is
 */
record ResponseFields(
    ObjectNode fields, Map<String, String> invalid, ObjectNode echoed, @Nullable String fault) {
  static final int MOST_INVALID = 16;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int REASON_CHARACTERS = 200;

  static ResponseFields faulty(String fault) {
    return new ResponseFields(NODES.objectNode(), Map.of(), NODES.objectNode(), fault);
  }

  /** Reads a whole answer's body. */
  static ResponseFields read(SynapseType type, ReplyHeaders headers, ReplyBody body) {
    if (!headers.isJson()) {
      return faulty("the content type is not JSON but \"" + headers.mediaType() + "\"");
    }
    JsonNode json;
    try {
      json = body.strict();
    } catch (ReplyJson.Refused refused) {
      return faulty(refused.why());
    }
    return json.isObject() ? of(type, json) : faulty("the JSON is not an object");
  }

  /** Takes the fields out of such a synapse. */
  static ResponseFields of(SynapseType type, JsonNode json) {
    ObjectNode fields = NODES.objectNode();
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
    return new ResponseFields(fields, invalid, echoed(type, json), fault);
  }

  private static @Nullable String fault(SynapseType.Field field, @Nullable JsonNode value) {
    return value != null ? field.fault(value) : field.required() ? "is missing" : null;
  }

  private static ObjectNode echoed(SynapseType type, JsonNode json) {
    ObjectNode echoed = NODES.objectNode();
    for (SynapseType.Field field : type.requestFields()) {
      JsonNode value = json.get(field.name());
      if (value != null) {
        echoed.set(field.name(), value);
      }
    }
    return echoed;
  }
}
