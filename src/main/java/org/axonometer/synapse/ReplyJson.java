package org.axonometer.synapse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON written by a stranger, read under limits: depth 64, strings of 1 MB, numbers of 64 and names
 * of 256 characters, 100,000 tokens, UTF-8 without byte order mark, nothing after the document.
 */
final class ReplyJson {
  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(64)
          .maxStringLength(1_000_000)
          .maxNumberLength(64)
          .maxNameLength(256)
          .maxTokenCount(100_000)
          .build();
  private static final JsonMapper STRICT =
      JsonMapper.builder(factory().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final JsonMapper LIKE_PYTHON =
      JsonMapper.builder(factory().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ReplyJson() {}

  // A stranger's names must not fill the process-wide table of known names.
  private static JsonFactoryBuilder factory() {
    return JsonFactory.builder()
        .streamReadConstraints(LIMITS)
        .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
        .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION);
  }

  /**
   * The document: duplicate names, NaN, Infinity, numbers beyond a double and lone surrogates are
   * refused too.
   */
  static JsonNode strict(byte[] body) throws Refused {
    JsonNode node = parse(STRICT, decoded(body));
    check(node);
    return node;
  }

  /**
   * The document as Python's own reader takes it: duplicate names (last wins), NaN and Infinity.
   */
  static JsonNode likePython(byte[] body) throws Refused {
    return parse(LIKE_PYTHON, decoded(body));
  }

  private static String decoded(byte[] body) throws Refused {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      if (text.startsWith("\uFEFF")) {
        throw new Refused("Unexpected UTF-8 BOM", false);
      }
      if (text.isBlank()) {
        throw new Refused("the body is empty", false);
      }
      return text;
    } catch (CharacterCodingException invalid) {
      throw new Refused("the body is not UTF-8", false);
    }
  }

  private static JsonNode parse(JsonMapper mapper, String text) throws Refused {
    try {
      return mapper.readTree(text);
    } catch (StreamConstraintsException overLimit) {
      throw new Refused(overLimit.getOriginalMessage(), true);
    } catch (JacksonException broken) {
      throw new Refused(broken.getOriginalMessage(), false);
    }
  }

  // Not deeper than the 64 levels the reader allows.
  private static void check(JsonNode node) throws Refused {
    if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
      throw new Refused("a number is beyond the range of a double", false);
    }
    if (node.isString()) {
      check(node.stringValue());
    }
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      check(property.getKey());
      check(property.getValue());
    }
    if (node.isArray()) {
      for (JsonNode element : node) {
        check(element);
      }
    }
  }

  private static void check(String text) throws Refused {
    if (text.codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE)) {
      throw new Refused("a string has a lone surrogate", false);
    }
  }

  /** Why a body was not taken as JSON. */
  static final class Refused extends Exception {
    private final boolean overLimit;

    Refused(String why, boolean overLimit) {
      super(why, null, false, false);
      this.overLimit = overLimit;
    }

    /** Whether one of our limits refused it, so that another reader might take it. */
    boolean overLimit() {
      return overLimit;
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }
}
