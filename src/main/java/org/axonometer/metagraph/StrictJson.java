package org.axonometer.metagraph;

import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON document read piece by piece under limits: one neuron at a time is in memory, however long
 * the list. Duplicate keys, fractions, null, deep nesting, long texts and anything after the end
 * are refused with the byte offset.
 */
final class StrictJson implements AutoCloseable {

  private static final int MAX_PAIRS = 65_536;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(8)
                  .maxStringLength(256)
                  .maxNameLength(64)
                  .maxNumberLength(40)
                  .maxTokenCount(8_000_000)
                  .maxDocumentLength(GuardedBytes.MAX_BYTES + 1)
                  .build())
          .build();

  private final JsonParser parser;
  private final String source;

  /** The bytes are ASCII, so a character's offset is its byte's offset. */
  StrictJson(GuardedBytes bytes, String source) {
    this.parser =
        FACTORY.createParser(
            ObjectReadContext.empty(), new InputStreamReader(bytes, StandardCharsets.US_ASCII));
    this.source = source;
  }

  /** Steps into an object or list. */
  void enter(JsonToken opening) {
    JsonToken found = next();
    if (found != opening) {
      throw here(
          "expected %s, found %s"
              .formatted(opening == JsonToken.START_OBJECT ? "an object" : "a list", name(found)));
    }
  }

  /** The next key of the entered object, or null at its end. */
  @Nullable String nextKey() {
    JsonToken token = next();
    return token == JsonToken.END_OBJECT ? null : parser.currentName();
  }

  /** The next value of the entered object, which must be a text, integer or boolean. */
  JsonValues nextScalar(String key) {
    Object scalar = scalar(next());
    return new JsonValues(source + ": offset " + offset(), Map.of(key, scalar));
  }

  /** The next object of the entered list, or null at its end. */
  @Nullable JsonValues nextItem(int index, JsonShape shape) {
    JsonToken token = next();
    if (token == JsonToken.END_ARRAY) {
      return null;
    }
    if (token != JsonToken.START_OBJECT) {
      throw here("expected a neuron, found " + name(token));
    }
    return object("neurons[" + index + "]", shape);
  }

  /** Nothing but white space may follow. */
  void end() {
    JsonToken token = parser.nextToken();
    if (token != null) {
      throw here("nothing may follow the end, found " + name(token));
    }
  }

  SnapshotException here(String message) {
    return new SnapshotException(source + ": offset " + offset() + ": " + message);
  }

  /** The room's own exception for one of the JSON library's. */
  static SnapshotException refused(String source, JacksonException e) {
    long offset = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
    String place = offset < 0 ? source : source + ": offset " + offset;
    return new SnapshotException(
        place + ": " + Quoted.printable(String.valueOf(e.getOriginalMessage()), 300), e);
  }

  @Override
  public void close() {
    parser.close();
  }

  private JsonValues object(String place, JsonShape shape) {
    Map<String, Object> values = new HashMap<>();
    for (String key = nextKey(); key != null; key = nextKey()) {
      JsonShape inner = shape.objects().get(key);
      if (shape.scalars().contains(key)) {
        values.put(key, scalar(next()));
      } else if (inner != null) {
        enter(JsonToken.START_OBJECT);
        values.put(key, object(place + "." + key, inner));
      } else if (shape.pairLists().contains(key)) {
        enter(JsonToken.START_ARRAY);
        values.put(key, listOfPairs());
      } else if (shape.others() == JsonShape.Others.SKIPPED) {
        next();
        parser.skipChildren();
      } else {
        throw here(place + ": unknown key " + Quoted.text(key));
      }
    }
    return new JsonValues(source + ": " + place, values);
  }

  private List<List<Object>> listOfPairs() {
    List<List<Object>> pairs = new ArrayList<>();
    for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
      if (token != JsonToken.START_ARRAY || pairs.size() == MAX_PAIRS) {
        throw here("expected a list of at most %d pairs".formatted(MAX_PAIRS));
      }
      pairs.add(pair());
    }
    return pairs;
  }

  private List<Object> pair() {
    List<Object> pair = new ArrayList<>(2);
    for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
      if (pair.size() == 2) {
        throw here("expected a pair");
      }
      pair.add(scalar(token));
    }
    return pair;
  }

  private Object scalar(JsonToken token) {
    if (token == JsonToken.VALUE_STRING) {
      return parser.getString();
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return parser.getNumberValue();
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return token == JsonToken.VALUE_TRUE;
    }
    throw here("expected a text, an integer or a boolean, found " + name(token));
  }

  private JsonToken next() {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw here("the document ends too early");
    }
    return token;
  }

  private long offset() {
    return parser.currentTokenLocation().getCharOffset();
  }

  private static String name(JsonToken token) {
    return switch (token) {
      case START_OBJECT, END_OBJECT -> "an object";
      case START_ARRAY, END_ARRAY -> "a list";
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT -> "an integer";
      case VALUE_NUMBER_FLOAT -> "a fraction";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      case PROPERTY_NAME -> "a key";
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "nothing";
    };
  }
}
