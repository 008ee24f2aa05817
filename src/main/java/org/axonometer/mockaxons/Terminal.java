package org.axonometer.mockaxons;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The ten keys of a synapse's {@code dendrite} and {@code axon} objects, in class order. */
final class Terminal {
  static final List<String> KEYS =
      List.of(
          "status_code",
          "status_message",
          "process_time",
          "ip",
          "port",
          "version",
          "nonce",
          "uuid",
          "hotkey",
          "signature");
  static final List<String> INTEGERS = List.of("status_code", "port", "version", "nonce");

  private Terminal() {}

  /** All ten keys, with the given object's plain values and nulls for the rest. */
  static ObjectNode of(@Nullable JsonNode given) throws RefusedQuery {
    ObjectNode terminal = ParkJson.object();
    if (given != null && !given.isNull() && !given.isObject()) {
      throw RefusedQuery.internalError();
    }
    for (String key : KEYS) {
      JsonNode value = given == null ? null : given.get(key);
      if (value == null || value.isNull()) {
        terminal.putNull(key);
      } else if (fits(key, value)) {
        terminal.set(key, value);
      } else {
        throw RefusedQuery.internalError();
      }
    }
    return terminal;
  }

  /** Adds {@code <prefix><key>} for every value that is not null. */
  static void addHeaders(ObjectNode terminal, String prefix, Map<String, String> headers) {
    for (String key : KEYS) {
      JsonNode value = terminal.path(key);
      if (value.isString()) {
        headers.put(prefix + key, value.stringValue());
      } else if (value.isNumber()) {
        headers.put(prefix + key, value.asString());
      }
    }
  }

  private static boolean fits(String key, JsonNode value) {
    if (INTEGERS.contains(key)) {
      return value.isIntegralNumber();
    }
    return key.equals("process_time") ? value.isNumber() : value.isString();
  }
}
