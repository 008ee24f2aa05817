package org.axonometer.synapse;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What one chunk of a stream completed.
 *
 * @param text whole characters only; those split between chunks come with the later one
 * @param items the lines or JSON values it completed; none with {@link Streaming.Parser#TEXT}
 */
public record StreamPart(String text, List<JsonNode> items) {
  static final StreamPart NOTHING = new StreamPart("", List.of());

  public StreamPart {
    items = List.copyOf(items);
  }

  public boolean isEmpty() {
    return text.isEmpty() && items.isEmpty();
  }
}
