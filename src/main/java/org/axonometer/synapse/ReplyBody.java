package org.axonometer.synapse;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The bytes of an answer, read as JSON when somebody wants it, and once. Not thread-safe. */
final class ReplyBody {
  private final byte[] bytes;
  private @Nullable JsonNode json;
  private ReplyJson.@Nullable Refused refused;

  ReplyBody(byte[] bytes) {
    this.bytes = bytes;
  }

  /** As {@link ReplyJson#strict}. */
  JsonNode strict() throws ReplyJson.Refused {
    if (refused != null) {
      throw refused;
    }
    if (json == null) {
      try {
        json = ReplyJson.strict(bytes);
      } catch (ReplyJson.Refused why) {
        refused = why;
        throw why;
      }
    }
    return json;
  }

  /** As {@link ReplyJson#likePython}; what the strict reader takes is the same to both. */
  JsonNode likePython() throws ReplyJson.Refused {
    try {
      return strict();
    } catch (ReplyJson.Refused tooStrict) {
      return ReplyJson.likePython(bytes);
    }
  }

  /** Nothing but what Python's {@code bytes.strip()} takes off. */
  boolean isBlank() {
    for (byte next : bytes) {
      if (next != ' ' && (next < '\t' || next > '\r')) {
        return false;
      }
    }
    return true;
  }
}
