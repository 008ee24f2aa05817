package org.axonometer.mockaxons;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The one JSON reader and writer of this room, with limits on what a caller may send. */
final class ParkJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(HttpRequestReader.MAX_BODY_BYTES)
                          .maxStringLength(HttpRequestReader.MAX_BODY_BYTES)
                          .maxNestingDepth(100)
                          .maxNumberLength(400)
                          .maxNameLength(1000)
                          .build())
                  .build())
          .build();

  private ParkJson() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static JsonNode number(double value) {
    return MAPPER.getNodeFactory().numberNode(value);
  }

  static JsonNode number(int value) {
    return MAPPER.getNodeFactory().numberNode(value);
  }

  static JsonNode nothing() {
    return MAPPER.getNodeFactory().nullNode();
  }

  static JsonNode text(String value) {
    return MAPPER.getNodeFactory().stringNode(value);
  }

  /** JacksonException when it is not JSON; a missing node when there is nothing. */
  static JsonNode read(byte[] json) {
    return MAPPER.readTree(json);
  }

  /** Compact UTF-8; JacksonException when a text is not Unicode. */
  static byte[] write(JsonNode json) {
    return MAPPER.writeValueAsBytes(json);
  }
}
