package org.axonometer.metagraph;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The few Substrate JSON-RPC calls a snapshot needs (protocol 7.4). An answer that is not the one
 * expected is an IOException: the endpoint's fault, whatever it sent.
 */
final class ChainRpc implements AutoCloseable {

  private static final int HASH_BYTES = 32;
  private static final long METHOD_NOT_FOUND = -32_601;

  /** How Substrate says that the runtime has no such function, whatever the error's number. */
  private static final Pattern NO_FUNCTION =
      Pattern.compile("\\bmethod\\b.*\\b(not found|unknown)\\b", Pattern.CASE_INSENSITIVE);

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(16)
                  .maxStringLength(RpcConnection.MAX_ANSWER_BYTES)
                  .maxNameLength(256)
                  .maxNumberLength(40)
                  .maxTokenCount(10_000)
                  .maxDocumentLength(RpcConnection.MAX_ANSWER_BYTES + 1L)
                  .build())
          .build();

  /** The endpoint answered, with an error. */
  static final class ErrorAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean isUnknownMethod;

    ErrorAnswerException(String message, boolean isUnknownMethod) {
      super(message);
      this.isUnknownMethod = isUnknownMethod;
    }

    ErrorAnswerException(String message, ErrorAnswerException cause) {
      super(message, cause);
      this.isUnknownMethod = cause.isUnknownMethod;
    }

    /** Whether it has no such method or runtime function. */
    boolean isUnknownMethod() {
      return isUnknownMethod;
    }
  }

  private final RpcConnection connection;
  private final RpcConnection.Deadline deadline;
  private int lastId;

  ChainRpc(RpcConnection connection, RpcConnection.Deadline deadline) {
    this.connection = connection;
    this.deadline = deadline;
  }

  /** The newest block's hash as {@code 0x…}. */
  String head() throws IOException, InterruptedException {
    return hash("chain_getHead", "");
  }

  /** A block's hash as {@code 0x…}; IOException when the endpoint does not know the block. */
  String blockHash(long block) throws IOException, InterruptedException {
    return hash("chain_getBlockHash", Long.toString(block));
  }

  /** The number of the block with this hash. */
  long number(String hash) throws IOException, InterruptedException {
    String number = ask("chain_getHeader", "\"" + hash + "\"", ChainRpc::number);
    if (number == null || !number.matches("0x[0-9a-f]{1,15}")) {
      throw new IOException("chain_getHeader: no block number");
    }
    return Long.parseLong(number.substring(2), 16);
  }

  /** The storage value under this key at a block; empty when there is none. */
  Optional<byte[]> storage(String key, String hash) throws IOException, InterruptedException {
    return Optional.ofNullable(
        ask("state_getStorage", "\"0x%s\",\"%s\"".formatted(key, hash), ChainRpc::hex));
  }

  /**
   * What a runtime call returns at a block.
   *
   * @throws ErrorAnswerException also when this chain's runtime has no such function
   */
  byte[] call(String method, byte[] parameters, String hash)
      throws IOException, InterruptedException {
    byte[] result =
        ask(
            "state_call",
            "\"%s\",\"0x%s\",\"%s\"".formatted(method, HexFormat.of().formatHex(parameters), hash),
            ChainRpc::hex);
    if (result == null) {
      throw new IOException(method + ": no result");
    }
    return result;
  }

  @Override
  public void close() {
    connection.close();
  }

  private String hash(String method, String parameter) throws IOException, InterruptedException {
    byte[] hash = ask(method, parameter, ChainRpc::hex);
    if (hash == null) {
      throw new IOException(method + ": the endpoint does not know this block");
    }
    if (hash.length != HASH_BYTES) {
      throw new IOException("%s: a hash of %d bytes".formatted(method, hash.length));
    }
    return "0x" + HexFormat.of().formatHex(hash);
  }

  @FunctionalInterface
  private interface ResultReader<T> {

    /** Reads the value the parser stands on; null for JSON's null. */
    @Nullable T read(JsonParser json) throws IOException;
  }

  private <T> @Nullable T ask(String method, String parameters, ResultReader<T> reader)
      throws IOException, InterruptedException {
    int id = ++lastId;
    String request =
        "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":[%s]}"
            .formatted(id, method, parameters);
    try (InputStream answer = connection.ask(request, deadline);
        JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), answer)) {
      return result(json, id, reader);
    } catch (JacksonException e) {
      throw new IOException(
          method + ": not JSON: " + Quoted.printable(String.valueOf(e.getOriginalMessage()), 200),
          e);
    } catch (SnapshotException e) {
      throw new IOException(method + ": " + e.getMessage(), e);
    } catch (ErrorAnswerException e) {
      throw new ErrorAnswerException(method + ": " + said(e), e);
    } catch (IOException e) {
      throw new IOException(method + ": " + said(e), e);
    }
  }

  private static String said(IOException e) {
    return Quoted.printable(String.valueOf(e.getMessage()), 300);
  }

  private static <T> @Nullable T result(JsonParser json, int id, ResultReader<T> reader)
      throws IOException {
    require(json.nextToken() == JsonToken.START_OBJECT, "the answer is no object");
    boolean answered = false;
    boolean ours = false;
    @Nullable T result = null;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      switch (key) {
        case "id" -> ours = value == JsonToken.VALUE_NUMBER_INT && json.getLongValue() == id;
        case "result" -> {
          result = value == JsonToken.VALUE_NULL ? null : reader.read(json);
          answered = true;
        }
        case "error" -> throw error(json);
        default -> json.skipChildren();
      }
    }
    require(json.currentToken() == JsonToken.END_OBJECT, "the answer ends too early");
    require(json.nextToken() == null, "something follows the answer");
    require(answered && ours, "the answer is to another question");
    return result;
  }

  private static IOException error(JsonParser json) {
    boolean unknown = false;
    String said = "an error";
    if (json.currentToken() == JsonToken.START_OBJECT) {
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = json.currentName();
        JsonToken value = json.nextToken();
        if (key.equals("code") && value == JsonToken.VALUE_NUMBER_INT) {
          unknown |= json.getLongValue() == METHOD_NOT_FOUND;
        } else if (value == JsonToken.VALUE_STRING) {
          String text = json.getString();
          unknown |= NO_FUNCTION.matcher(text).find();
          said = key.equals("message") ? Quoted.text(text) : said;
        } else {
          json.skipChildren();
        }
      }
    }
    return new ErrorAnswerException("the endpoint says " + said, unknown);
  }

  private static byte[] hex(JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.VALUE_STRING, "the result is no text");
    HexText text = new HexText("result");
    json.getString(text);
    return text.decoded();
  }

  private static @Nullable String number(JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.START_OBJECT, "the result is no object");
    String number = null;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      if (key.equals("number") && value == JsonToken.VALUE_STRING) {
        number = json.getString();
      } else {
        json.skipChildren();
      }
    }
    return number;
  }

  /** A little-endian u64 of storage. */
  static BigInteger u64(byte[] bytes) {
    return new ScaleReader(bytes, "storage").unsigned(8, "u64");
  }

  private static void require(boolean good, String otherwise) throws IOException {
    if (!good) {
      throw new IOException(otherwise);
    }
  }
}
