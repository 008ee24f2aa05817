package org.axonometer.challenges;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON of one line under limits: depth 64, no key twice, nothing after it. */
final class JsonLine {
  private static final int DEEPEST = 64;
  private static final JsonMapper READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(1_000)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final JsonMapper ASCII =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private JsonLine() {}

  /**
   * An object of fields.
   *
   * @param place what a message calls the line
   * @throws ChallengeException for anything else, and for more than {@code mostBytes}
   */
  static ObjectNode object(byte[] line, int mostBytes, String place) {
    if (line.length > mostBytes) {
      throw new ChallengeException(
          "%s: %d bytes; challenge.max-body allows %d".formatted(place, line.length, mostBytes));
    }
    JsonNode value = value(text(line, place), place);
    if (value instanceof ObjectNode object) {
      return object;
    }
    throw new ChallengeException(
        place + ": not a JSON object; write the request fields, such as {\"question\": \"why\"}");
  }

  /** Any JSON value. */
  static JsonNode value(String text, String place) {
    if (text.isBlank()) {
      throw new ChallengeException(place + ": empty; write a JSON object of request fields");
    }
    try {
      return READER.readTree(text);
    } catch (JacksonException e) {
      throw new ChallengeException(
          place + ": not JSON: " + Shown.text(String.valueOf(e.getOriginalMessage())), e);
    }
  }

  /** As ASCII JSON on one line. */
  static String ascii(JsonNode value) {
    return ASCII.writeValueAsString(value);
  }

  private static String text(byte[] line, String place) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException e) {
      throw new ChallengeException(place + ": not UTF-8", e);
    }
  }
}
