package org.axonometer.mockaxons;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The synapse an axon rebuilds from a request's headers alone, to decide on before it reads the
 * body (protocol 1.3, 1.6).
 *
 * @param timeout the header's text; null when absent
 * @param axon what the caller claims of us, {@code bt_header_axon_*} by last part
 * @param dendrite what the caller claims of itself, likewise
 * @param inputs the class's fields, built from the empty values of the required ones
 * @param inputsHash the body hash of those, which error answers carry
 * @param bodyHash what the caller claims; null when absent
 */
record HeaderSynapse(
    ServedSynapse synapse,
    @Nullable String timeout,
    Map<String, String> axon,
    Map<String, String> dendrite,
    ObjectNode inputs,
    String inputsHash,
    @Nullable String bodyHash) {

  private static final String AXON = "bt_header_axon_";
  private static final String DENDRITE = "bt_header_dendrite_";
  private static final String INPUT = "bt_header_input_obj_";

  /** RefusedQuery when the headers do not build the class: a missing input or a bad number. */
  static HeaderSynapse read(ServedSynapse synapse, Map<String, String> headers)
      throws RefusedQuery {
    Map<String, String> axon = new LinkedHashMap<>();
    Map<String, String> dendrite = new LinkedHashMap<>();
    ObjectNode inputs = ParkJson.object();
    try {
      for (Map.Entry<String, String> header : headers.entrySet()) {
        String name = header.getKey();
        if (name.startsWith(AXON)) {
          axon.put(name.substring(AXON.length()), header.getValue());
        } else if (name.startsWith(DENDRITE)) {
          dendrite.put(name.substring(DENDRITE.length()), header.getValue());
        } else if (name.startsWith(INPUT)) {
          inputs.set(name.substring(INPUT.length()), emptyValue(header.getValue()));
        }
      }
      requireNumbers(axon);
      requireNumbers(dendrite);
      requireInteger(headers.get("header_size"));
      requireInteger(headers.get("total_size"));
      requireFloat(headers.get("timeout"));
    } catch (IllegalArgumentException | JacksonException e) {
      throw RefusedQuery.internalError();
    }
    ObjectNode fields = synapse.fields(inputs);
    return new HeaderSynapse(
        synapse,
        headers.get("timeout"),
        axon,
        dendrite,
        fields,
        synapse.bodyHash(fields),
        headers.get("computed_body_hash"));
  }

  /** The timeout in seconds; 0 when absent. */
  double timeoutSeconds() {
    return timeout == null ? 0 : Double.parseDouble(timeout);
  }

  private static JsonNode emptyValue(String base64) {
    byte[] json = Base64.getDecoder().decode(base64.getBytes(StandardCharsets.ISO_8859_1));
    return ParkJson.read(json);
  }

  private static void requireNumbers(Map<String, String> terminal) {
    for (String name : Terminal.INTEGERS) {
      requireInteger(terminal.get(name));
    }
    requireFloat(terminal.get("process_time"));
  }

  private static void requireInteger(@Nullable String text) {
    if (text != null && (text.length() > 40 || new BigInteger(text).bitLength() > 63)) {
      throw new NumberFormatException("integer out of range");
    }
  }

  private static void requireFloat(@Nullable String text) {
    if (text != null && !Double.isFinite(Double.parseDouble(text))) {
      throw new NumberFormatException("number out of range");
    }
  }
}
