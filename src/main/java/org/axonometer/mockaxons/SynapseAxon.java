package org.axonometer.mockaxons;

import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.axonometer.mockaxons.Behaviour.Manner;
import org.axonometer.subnet.Uid;
import org.axonometer.synapse.BodyHash;
import org.axonometer.synapse.Caller;
import org.axonometer.synapse.SynapseType;
import org.axonometer.wallet.Hotkey;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a query into an answer as the SDK's axon does since 7.2 (protocol 1.6, 4.1, 4.3): headers,
 * blacklist, verification, then the body. Knows nothing of connections and delays. Thread-safe.
 */
final class SynapseAxon {
  private static final String NO_FIELDS_HASH = BodyHash.of(List.of()).hex();
  private static final String JSON = "application/json";

  private final Uid uid;
  private final Hotkey hotkey;
  private final Behaviour behaviour;
  private final Clock clock;
  private final Verification verification;
  private final String uuid = UUID.randomUUID().toString();

  /**
   * @param servingKey the key it serves under; the snapshot names it unless the manner is
   *     NOT_VERIFIED
   */
  SynapseAxon(Uid uid, Hotkey servingKey, Behaviour behaviour, Clock clock) {
    this.uid = uid;
    this.hotkey = servingKey;
    this.behaviour = behaviour;
    this.clock = clock;
    this.verification = new Verification(servingKey.address(), clock);
  }

  Behaviour behaviour() {
    return behaviour;
  }

  /**
   * @param http null when the SDK drops the connection instead of answering
   * @param verified whether signature and nonce held
   */
  record Reply(@Nullable HttpAnswer http, boolean verified) {}

  /** The reply to one query that came from there, with its whole body. */
  Reply reply(HttpRequest request, byte[] body, InetSocketAddress client) {
    long startNanos = System.nanoTime();
    HeaderSynapse query = null;
    boolean verified = false;
    try {
      query = HeaderSynapse.read(synapseAt(request.path()), request.headers());
      if (behaviour.manner() == Manner.BLACKLIST) {
        throw RefusedQuery.blacklisted("Hotkey is not welcome here");
      }
      verification.check(query);
      verified = true;
      return new Reply(route(request, query, body, startNanos), true);
    } catch (RefusedQuery refused) {
      return new Reply(refusal(refused, query, client, startNanos), verified);
    }
  }

  private static ServedSynapse synapseAt(String path) throws RefusedQuery {
    String name = path.split("/", -1)[1];
    ServedSynapse synapse = ServedSynapse.named(name);
    if (synapse == null) {
      throw RefusedQuery.unknownName(name);
    }
    return synapse;
  }

  private @Nullable HttpAnswer route(
      HttpRequest request, HeaderSynapse query, byte[] body, long startNanos) throws RefusedQuery {
    String route = "/" + query.synapse().pythonName();
    if (request.path().equals(route + "/")) {
      HttpAnswer redirect = HttpAnswer.plain(307, "text/plain; charset=utf-8", "");
      redirect.headers().put("location", route);
      return redirect;
    }
    if (!request.path().equals(route)) {
      return HttpAnswer.plain(404, JSON, "{\"detail\":\"Not Found\"}");
    }
    if (!request.method().equals("POST") && !request.method().equals("GET")) {
      return HttpAnswer.plain(405, JSON, "{\"detail\":\"Method Not Allowed\"}");
    }
    ObjectNode json;
    try {
      json = jsonObject(request, body);
    } catch (JacksonException e) {
      return HttpAnswer.plain(
          422,
          JSON,
          "{\"detail\":[{\"type\":\"json_invalid\",\"loc\":[\"body\",0],"
              + "\"msg\":\"JSON decode error\",\"input\":{},\"ctx\":{\"error\":\"not JSON\"}}]}");
    }
    return answer(query, json, startNanos);
  }

  private static ObjectNode jsonObject(HttpRequest request, byte[] body) throws RefusedQuery {
    String type = request.headers().getOrDefault("content-type", JSON);
    if (!type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals(JSON)) {
      throw RefusedQuery.internalError();
    }
    if (ParkJson.read(body) instanceof ObjectNode json) {
      return json;
    }
    throw RefusedQuery.internalError();
  }

  private @Nullable HttpAnswer answer(HeaderSynapse query, ObjectNode json, long startNanos)
      throws RefusedQuery {
    ServedSynapse synapse = query.synapse();
    ObjectNode fields = synapse.fields(json);
    String hash = synapse.bodyHash(fields);
    String claimedHash = query.bodyHash() == null ? "" : query.bodyHash();
    if (!hash.equals(claimedHash) || behaviour.manner() == Manner.FAULT) {
      throw RefusedQuery.internalError();
    }
    ObjectNode dendrite = Terminal.of(json.get("dendrite"));
    ObjectNode axon = Terminal.of(json.get("axon"));
    synapse.forward(fields, uid);
    if (behaviour.manner() == Manner.WRONG_TYPE) {
      synapse.spoil(fields);
    }
    axon.put("status_code", 200);
    axon.put("status_message", "Success");
    axon.put("process_time", processTime(startNanos));

    ObjectNode answer = ParkJson.object();
    answer.put("name", synapse.pythonName());
    answer.set("timeout", timeout(json));
    answer.set("total_size", size(json, "total_size"));
    answer.set("header_size", size(json, "header_size"));
    answer.set("dendrite", dendrite);
    answer.set("axon", axon);
    answer.set("computed_body_hash", text(json, "computed_body_hash"));
    fields.forEachEntry(answer::set);

    String timeout = answer.get("timeout").isNull() ? null : answer.get("timeout").asString();
    Map<String, String> headers = synapseHeaders(synapse, timeout, axon, dendrite, fields, hash);
    if (behaviour.manner().streams()) {
      headers.put("content-type", "text/event-stream");
      return sendable(new HttpAnswer(200, headers, streamed(synapse, fields)));
    }
    try {
      return sendable(new HttpAnswer(200, headers, ParkJson.write(answer)));
    } catch (JacksonException e) {
      throw RefusedQuery.internalError();
    }
  }

  /** The text of the first response field, which is all a stream has of the synapse. */
  private static byte[] streamed(ServedSynapse synapse, ObjectNode fields) {
    List<SynapseType.Field> response = synapse.type().responseFields();
    JsonNode text = response.isEmpty() ? fields : fields.path(response.getFirst().name());
    return text.asString("").getBytes(StandardCharsets.UTF_8);
  }

  /** What becomes of header values that HTTP cannot carry (protocol 4.3, last lines). */
  private static @Nullable HttpAnswer sendable(HttpAnswer answer) {
    for (String value : answer.headers().values()) {
      if (value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
        return null;
      }
      if (value.chars().anyMatch(c -> c > 0xff)) {
        return HttpAnswer.plain(500, "text/plain; charset=utf-8", "Internal Server Error");
      }
    }
    return answer;
  }

  private @Nullable HttpAnswer refusal(
      RefusedQuery refused,
      @Nullable HeaderSynapse query,
      InetSocketAddress client,
      long startNanos) {
    ObjectNode axon = ParkJson.object();
    ObjectNode dendrite = ParkJson.object();
    if (query != null) {
      query.axon().forEach(axon::put);
      query.dendrite().forEach(dendrite::put);
      describeTerminals(axon, dendrite, client);
    }
    axon.put("status_code", Integer.toString(refused.status()));
    axon.put("status_message", refused.text());
    axon.put("process_time", processTime(startNanos));
    ServedSynapse synapse = query == null ? ServedSynapse.SYNAPSE : query.synapse();
    ObjectNode fields = query == null ? ParkJson.object() : query.inputs();
    String bodyHash = query == null ? NO_FIELDS_HASH : query.inputsHash();
    String timeout = query == null ? "12.0" : query.timeout();
    Map<String, String> headers =
        synapseHeaders(synapse, timeout, axon, dendrite, fields, bodyHash);
    ObjectNode message = ParkJson.object();
    message.put("message", refused.text());
    return sendable(new HttpAnswer(refused.status(), headers, ParkJson.write(message)));
  }

  /** What the axon writes over the claims before it decides, its own signature included. */
  private void describeTerminals(ObjectNode axon, ObjectNode dendrite, InetSocketAddress client) {
    long nonceNanos = Verification.epochNanos(clock.instant());
    String message =
        nonceNanos
            + "."
            + dendrite.path("hotkey").asString("None")
            + "."
            + axon.path("hotkey").asString("None")
            + "."
            + uuid;
    byte[] signature = hotkey.sign(message.getBytes(StandardCharsets.UTF_8));
    axon.put("version", Caller.NEWEST_VERSION);
    axon.put("nonce", nonceNanos);
    axon.put("uuid", uuid);
    axon.put("signature", "0x" + HexFormat.of().formatHex(signature));
    dendrite.put("ip", client.getAddress().getHostAddress());
    dendrite.put("port", client.getPort());
  }

  private static Map<String, String> synapseHeaders(
      ServedSynapse synapse,
      @Nullable String timeout,
      ObjectNode axon,
      ObjectNode dendrite,
      ObjectNode fields,
      String bodyHash) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("name", synapse.pythonName());
    if (timeout != null) {
      headers.put("timeout", timeout);
    }
    Terminal.addHeaders(axon, "bt_header_axon_", headers);
    Terminal.addHeaders(dendrite, "bt_header_dendrite_", headers);
    for (SynapseType.Field field : synapse.type().requestFields()) {
      JsonNode value = fields.path(field.name());
      byte[] empty = (value.isArray() ? "[]" : "0").getBytes(StandardCharsets.US_ASCII);
      headers.put("bt_header_input_obj_" + field.name(), Base64.getEncoder().encodeToString(empty));
    }
    headers.put("header_size", Integer.toString(headers.toString().length()));
    headers.put("total_size", Integer.toString(headers.toString().length()));
    headers.put("computed_body_hash", bodyHash);
    headers.put("content-type", JSON);
    return headers;
  }

  private static JsonNode timeout(ObjectNode json) throws RefusedQuery {
    JsonNode given = json.get("timeout");
    if (given == null) {
      return ParkJson.number(12.0);
    }
    if (given.isNull()) {
      return given;
    }
    if (!given.isNumber()) {
      throw RefusedQuery.internalError();
    }
    return ParkJson.number(given.doubleValue());
  }

  private static JsonNode size(ObjectNode json, String key) throws RefusedQuery {
    JsonNode given = json.get(key);
    if (given == null) {
      return ParkJson.number(0);
    }
    if (!given.isNull() && !given.isIntegralNumber()) {
      throw RefusedQuery.internalError();
    }
    return given;
  }

  private static JsonNode text(ObjectNode json, String key) throws RefusedQuery {
    JsonNode given = json.get(key);
    if (given == null) {
      return ParkJson.text("");
    }
    if (!given.isNull() && !given.isString()) {
      throw RefusedQuery.internalError();
    }
    return given;
  }

  /** Seconds, to the microsecond; the delay counts as the forward function's work. */
  private BigDecimal processTime(long startNanos) {
    long workNanos = Math.max(System.nanoTime() - startNanos, behaviour.delay().toNanos());
    return BigDecimal.valueOf(workNanos / 1000, 6);
  }
}
