package org.axonometer.rounds;

import java.util.Map;
import org.axonometer.dendrite.Exchange;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of an answer that a job names for scoring, as one ASCII JSON object with every name in
 * it.
 */
final class AnswerFields {
  /**
   * More than this of one field is replaced by its length: a scoring row is not the place for a
   * whole answer.
   */
  private static final int MOST_CHARACTERS = 4_096;

  static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private AnswerFields() {}

  /** A name the answer does not have is null; everything is null without an answer. */
  static String of(Map<String, JsonPointer> names, Exchange exchange) {
    ObjectNode fields = JSON.createObjectNode();
    names.forEach(
        (name, pointer) -> {
          JsonNode value =
              exchange.reply() == null ? JSON.missingNode() : exchange.reply().fields().at(pointer);
          fields.set(name, value.isMissingNode() ? JSON.nullNode() : capped(value));
        });
    return JSON.writeValueAsString(fields);
  }

  private static JsonNode capped(JsonNode value) {
    int characters = JSON.writeValueAsString(value).length();
    return characters <= MOST_CHARACTERS
        ? value
        : JSON.createObjectNode().put("too_long_characters", characters);
  }
}
