package org.axonometer.synapse;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One side of a synapse as Python's {@code TerminalInfo} has it; null where Python has None. An int
 * that does not fit Java's type is null too, which no honest side sends.
 *
 * @param processTime seconds
 */
public record TerminalInfo(
    @Nullable Integer statusCode,
    @Nullable String statusMessage,
    @Nullable Double processTime,
    @Nullable String ip,
    @Nullable Long port,
    @Nullable Long version,
    @Nullable Long nonce,
    @Nullable String uuid,
    @Nullable String hotkey,
    @Nullable String signature) {

  /** Nothing known. */
  public static final TerminalInfo EMPTY =
      new TerminalInfo(null, null, null, null, null, null, null, null, null, null);

  /**
   * From a JSON object whose values Python would take.
   *
   * @throws IllegalArgumentException naming the key whose value it would not
   */
  static TerminalInfo of(JsonNode json) {
    return new TerminalInfo(
        PythonNumber.intOrNull(PythonNumber.whole("status_code", json)),
        text("status_message", json),
        PythonNumber.real("process_time", json),
        text("ip", json),
        PythonNumber.whole("port", json),
        PythonNumber.whole("version", json),
        PythonNumber.whole("nonce", json),
        text("uuid", json),
        text("hotkey", json),
        text("signature", json));
  }

  private static @Nullable String text(String key, JsonNode json) {
    JsonNode value = json.get(key);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw new IllegalArgumentException(key + " must be text");
    }
    return value.stringValue();
  }

  /** These values, and where the other one has a value that one. */
  public TerminalInfo mergedWith(TerminalInfo winner) {
    return new TerminalInfo(
        first(winner.statusCode, statusCode),
        first(winner.statusMessage, statusMessage),
        first(winner.processTime, processTime),
        first(winner.ip, ip),
        first(winner.port, port),
        first(winner.version, version),
        first(winner.nonce, nonce),
        first(winner.uuid, uuid),
        first(winner.hotkey, hotkey),
        first(winner.signature, signature));
  }

  private static <T> @Nullable T first(@Nullable T first, @Nullable T second) {
    return first == null ? second : first;
  }

  public TerminalInfo withStatus(@Nullable Integer code, @Nullable String message) {
    return new TerminalInfo(
        code, message, processTime, ip, port, version, nonce, uuid, hotkey, signature);
  }

  TerminalInfo withProcessTime(double seconds) {
    return new TerminalInfo(
        statusCode, statusMessage, seconds, ip, port, version, nonce, uuid, hotkey, signature);
  }

  /** All ten keys in Python's order, null where there is no value. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("status_code", statusCode);
    json.put("status_message", statusMessage);
    json.put("process_time", processTime);
    json.put("ip", ip);
    json.put("port", port);
    json.put("version", version);
    json.put("nonce", nonce);
    json.put("uuid", uuid);
    json.put("hotkey", hotkey);
    json.put("signature", signature);
    return json;
  }

  /** The values that are there as Python's {@code str} writes them, by prefixed name. */
  Map<String, String> toHeaders(String prefix) {
    Map<String, String> headers = new LinkedHashMap<>();
    toJson()
        .properties()
        .forEach(
            value -> {
              if (!value.getValue().isNull()) {
                headers.put(
                    prefix + value.getKey(), PythonText.str(PythonValue.of(value.getValue())));
              }
            });
    return headers;
  }
}
