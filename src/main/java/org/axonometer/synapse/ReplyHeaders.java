package org.axonometer.synapse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Response headers looked up without regard to case. */
record ReplyHeaders(Map<String, List<String>> values) {

  /** The first value of a header, its UTF-8 decoded; null when absent. */
  @Nullable String first(String name) {
    for (Map.Entry<String, List<String>> header : values.entrySet()) {
      if (header.getKey().equalsIgnoreCase(name) && !header.getValue().isEmpty()) {
        return text(header.getValue().getFirst());
      }
    }
    return null;
  }

  /** The media type in lower case without its parameters; empty when absent. */
  String mediaType() {
    String contentType = first("content-type");
    if (contentType == null) {
      return "";
    }
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  /** Whether the media type is application/json or application/...+json. */
  boolean isJson() {
    String type = mediaType();
    return type.equals("application/json")
        || (type.startsWith("application/") && type.endsWith("+json"));
  }

  /** A header value as text: HTTP gives bytes as ISO-8859-1, axons mostly send UTF-8. */
  static String text(String value) {
    if (value.chars().allMatch(c -> c < 0x80) || value.chars().anyMatch(c -> c > 0xFF)) {
      return value;
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(value.getBytes(ISO_8859_1))).toString();
    } catch (CharacterCodingException notUtf8) {
      return value;
    }
  }
}
