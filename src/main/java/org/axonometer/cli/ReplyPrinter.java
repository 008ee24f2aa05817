package org.axonometer.cli;

import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.axonometer.dendrite.AxonTarget;
import org.axonometer.dendrite.Exchange;
import org.axonometer.dendrite.Outcome;
import org.axonometer.dendrite.Reply;
import org.axonometer.dendrite.StreamFigures;
import org.axonometer.subnet.ForeignText;
import org.axonometer.synapse.AxonSignature;
import org.axonometer.synapse.SignedRequest;
import org.axonometer.synapse.Synapse;
import org.axonometer.synapse.SynapseReply;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Prints replies of axons, as text or as JSON whose keys scripts rely on. */
final class ReplyPrinter {
  private final PrintWriter out;

  /**
   * A reply and what was heard of it while it came.
   *
   * @param parts texts, in order; empty but for a stream
   */
  record Heard(Reply<Synapse> reply, List<String> parts) {}

  ReplyPrinter(PrintWriter out) {
    this.out = out;
  }

  /** One object. */
  void json(Heard heard) {
    out.println(AsciiJson.MAPPER.writeValueAsString(object(heard)));
  }

  /** An array, in the order asked. */
  void json(List<Heard> all) {
    out.println(
        AsciiJson.MAPPER.writeValueAsString(all.stream().map(ReplyPrinter::object).toList()));
  }

  private static ObjectNode object(Heard heard) {
    Reply<Synapse> reply = heard.reply();
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.set("request", request(reply.request()));
    ObjectNode observed = observed(reply.exchange());
    observed.put("axon_signature", reply.signature().map(it -> it.verdict().name()).orElse(null));
    observed.put("claimed_axon_nonce", reply.signature().map(AxonSignature::nonce).orElse(null));
    observed.set("stream", stream(reply.exchange().stream(), heard.parts()));
    object.set("observed", observed);
    object.set("dendrite", dendrite(reply.synapse()));
    return object;
  }

  private static ObjectNode request(SignedRequest request) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("url", url(request));
    json.put("axon_hotkey", request.axonHotkey().text());
    ObjectNode headers = json.putObject("headers");
    request.headers().forEach(headers::put);
    json.set("body", JsonMapper.shared().readTree(request.body()));
    return json;
  }

  private static String url(SignedRequest request) {
    return "http://" + request.endpoint() + "/" + request.synapseName();
  }

  private static ObjectNode observed(Exchange exchange) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("outcome", exchange.outcome().name());
    json.put("blame", exchange.outcome().blame().name());
    json.put("detail", exchange.detail());
    json.put("http_status", exchange.httpStatus());
    ObjectNode headers = json.putObject("headers");
    exchange.headers().forEach((name, values) -> headers.put(name, String.join(", ", values)));
    body(json, exchange.body());
    json.put("body_bytes", exchange.body().length);
    SynapseReply reply = exchange.reply();
    json.set("fields", reply == null ? JsonNodeFactory.instance.objectNode() : reply.fields());
    json.put("claimed_status_code", reply == null ? null : reply.claimedStatusCode());
    json.put("claimed_status_message", reply == null ? null : reply.claimedStatusMessage());
    json.put("claimed_process_time", reply == null ? null : reply.claimedProcessTime());
    json.put("connect_nanos", exchange.timings().connectNanos());
    json.put("first_byte_nanos", exchange.timings().firstByteNanos());
    json.put("total_nanos", exchange.timings().totalNanos());
    return json;
  }

  /** How a stream came; null when none did. */
  private static @Nullable ObjectNode stream(@Nullable StreamFigures figures, List<String> parts) {
    if (figures == null) {
      return null;
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("first_chunk_nanos", figures.firstChunkNanos());
    json.put("chunks", figures.chunks());
    json.put("gap_p50_nanos", figures.gapP50Nanos());
    json.put("gap_p95_nanos", figures.gapP95Nanos());
    json.put("gap_max_nanos", figures.gapMaxNanos());
    json.put("last_bytes_share", figures.lastBytesShare());
    ArrayNode texts = json.putArray("parts");
    parts.forEach(texts::add);
    return json;
  }

  /** As text; what is no UTF-8 in base64 instead. */
  private static void body(ObjectNode json, byte[] bytes) {
    String text = utf8(bytes);
    json.put("body", text);
    json.put("body_base64", text == null ? Base64.getEncoder().encodeToString(bytes) : null);
  }

  private static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException binary) {
      return null;
    }
  }

  /** The status first, then the whole synapse, its own fields a second time by themselves. */
  private static ObjectNode dendrite(Synapse synapse) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("status_code", synapse.dendrite().statusCode());
    json.put("status_message", synapse.dendrite().statusMessage());
    json.put("process_time", synapse.dendrite().processTime());
    json.put("is_success", synapse.isSuccess());
    json.put("is_failure", synapse.isFailure());
    json.put("is_timeout", synapse.isTimeout());
    json.put("is_blacklist", synapse.isBlacklist());
    json.put("failed_verification", synapse.failedVerification());
    json.set("fields", synapse.fields());
    json.set("synapse", synapse.toJson());
    return json;
  }

  /**
   * A piece of a stream as it comes.
   *
   * @param axon named in front, when several may speak at once
   */
  synchronized void part(Optional<AxonTarget> axon, String text) {
    axon.ifPresent(from -> out.print(from.endpoint() + " | "));
    out.print(block(text));
    axon.ifPresent(from -> out.println());
    out.flush();
  }

  /** Line feeds and tabs stay, nothing else that a terminal would obey. */
  private static String block(String foreign) {
    return foreign
        .codePoints()
        .mapToObj(c -> c == '\n' || c == '\t' ? Character.toString(c) : escaped(c))
        .collect(Collectors.joining());
  }

  private static String escaped(int character) {
    return ForeignText.escape(Character.toString(character));
  }

  /** A line on how it ended, then the answer; with {@code verbose} all that was sent and came. */
  void text(Reply<Synapse> reply, boolean verbose) {
    Exchange exchange = reply.exchange();
    if (verbose) {
      sent(reply.request());
      received(exchange);
    }
    out.println(summary(reply));
    SynapseReply answer = exchange.reply();
    if (exchange.outcome() == Outcome.OK && answer != null) {
      for (Map.Entry<String, JsonNode> field : answer.fields().properties()) {
        out.println(
            ForeignText.escape(
                "  "
                    + field.getKey()
                    + " = "
                    + JsonMapper.shared().writeValueAsString(field.getValue())));
      }
    }
  }

  private static String summary(Reply<Synapse> reply) {
    Exchange exchange = reply.exchange();
    Long nanos = exchange.timings().totalNanos();
    String signature =
        reply
            .signature()
            .map(AxonSignature::verdict)
            .filter(verdict -> verdict != AxonSignature.Verdict.ABSENT)
            .map(verdict -> "  axon signature " + verdict)
            .orElse("");
    String line =
        "%s  %s  HTTP %s  %s%s"
            .formatted(
                exchange.outcome(),
                reply.request().endpoint(),
                exchange.httpStatus() == null ? "none" : exchange.httpStatus(),
                nanos == null ? "" : "%.1f ms".formatted(nanos / 1e6),
                signature);
    String detail = exchange.detail();
    return ForeignText.escape(detail == null ? line : line + "  " + detail);
  }

  private void sent(SignedRequest request) {
    out.println("> POST " + url(request));
    request.headers().forEach((name, value) -> out.println("> " + name + ": " + value));
    out.println("> " + new String(request.body(), StandardCharsets.US_ASCII));
  }

  private void received(Exchange exchange) {
    if (exchange.httpStatus() != null) {
      out.println("< HTTP " + exchange.httpStatus());
    }
    exchange
        .headers()
        .forEach(
            (name, values) ->
                values.forEach(
                    value -> out.println(ForeignText.escape("< " + name + ": " + value))));
    if (exchange.body().length > 0) {
      out.println(
          block("< " + new String(exchange.body(), StandardCharsets.UTF_8).replace("\n", "\n< ")));
    }
  }
}
