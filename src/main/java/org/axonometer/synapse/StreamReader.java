package org.axonometer.synapse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.ArrayList;
import java.util.List;
import org.axonometer.synapse.Streaming.Parser;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads a streamed body while it comes: bytes to characters, characters to lines or JSON values. At
 * most 100,000 lines of 1,000,000 characters; the whole is bounded by whoever feeds it. After a
 * fault nothing more is read. Not thread-safe.
 */
public final class StreamReader {
  private static final int MOST_ITEMS = 100_000;
  private static final int MOST_LINE_CHARACTERS = 1_000_000;

  private final Parser parser;
  private final CharsetDecoder decoder = UTF_8.newDecoder();
  private final StringBuilder text = new StringBuilder();
  private final ArrayNode items = JsonNodeFactory.instance.arrayNode();
  private byte[] undecoded = new byte[0];
  private long decodedBytes;
  private int lines;
  private @Nullable String fault;

  public StreamReader(Parser parser) {
    this.parser = parser;
  }

  /** The next bytes; gives what they completed. */
  public StreamPart take(byte[] bytes) {
    return part(bytes, false);
  }

  /** The stream ended well; gives a last line without an end. */
  public StreamPart end() {
    return part(new byte[0], true);
  }

  /** Why it is not the declared stream; null while it is. */
  @Nullable String fault() {
    return decodedBytes == 0 && undecoded.length == 0 && fault == null
        ? "the stream is empty"
        : fault;
  }

  /** All that was read. */
  JsonNode value() {
    return parser == Parser.TEXT ? JsonNodeFactory.instance.stringNode(text.toString()) : items;
  }

  private StreamPart part(byte[] bytes, boolean last) {
    if (fault != null) {
      return StreamPart.NOTHING;
    }
    String decoded = decode(bytes, last);
    text.append(decoded);
    return new StreamPart(decoded, parser == Parser.TEXT ? List.of() : completed(decoded, last));
  }

  private String decode(byte[] bytes, boolean last) {
    ByteBuffer in =
        ByteBuffer.allocate(undecoded.length + bytes.length).put(undecoded).put(bytes).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
    CoderResult result = decoder.decode(in, out, last);
    decodedBytes += in.position();
    if (result.isError()) {
      fault = "the stream is not UTF-8 at byte " + decodedBytes;
    }
    undecoded = new byte[in.remaining()];
    in.get(undecoded);
    return out.flip().toString();
  }

  /** Takes whole lines out of the text; {@code fresh} is its new end. */
  private List<JsonNode> completed(String fresh, boolean last) {
    List<JsonNode> found = new ArrayList<>();
    int from = 0;
    int searchFrom = text.length() - fresh.length();
    for (int end = text.indexOf("\n", searchFrom);
        end >= 0 && fault == null;
        end = text.indexOf("\n", from)) {
      line(text.substring(from, end > from && text.charAt(end - 1) == '\r' ? end - 1 : end), found);
      from = end + 1;
    }
    text.delete(0, from);
    if (fault == null && text.length() > MOST_LINE_CHARACTERS) {
      fault = "line " + (lines + 1) + " is longer than " + MOST_LINE_CHARACTERS + " characters";
    }
    if (last && fault == null && !text.isEmpty()) {
      line(text.toString(), found);
    }
    return found;
  }

  private void line(String line, List<JsonNode> found) {
    lines++;
    if (lines > MOST_ITEMS) {
      fault = "the stream has more than " + MOST_ITEMS + " lines";
    } else if (line.length() > MOST_LINE_CHARACTERS) {
      fault = "line " + lines + " is longer than " + MOST_LINE_CHARACTERS + " characters";
    } else if (parser == Parser.LINES) {
      add(JsonNodeFactory.instance.stringNode(line), found);
    } else if (!line.isBlank()) {
      try {
        add(ReplyJson.strict(line.getBytes(UTF_8)), found);
      } catch (ReplyJson.Refused refused) {
        fault = "line " + lines + " is not JSON: " + refused.why();
      }
    }
  }

  private void add(JsonNode item, List<JsonNode> found) {
    items.add(item);
    found.add(item);
  }
}
