package org.axonometer.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.axonometer.sr25519.Sr25519;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.synapse.BodyHash;
import org.axonometer.synapse.SynapseType;
import org.axonometer.wallet.Hotkey;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An axon on a real socket that serves one class as the SDKs of one generation do: what it
 * verifies, in which order, what it answers and in which headers (protocol 1.6, 3.3, 3.4, 4.1,
 * 4.3). It answers 42 in the class's only response field. Built from the specification, not from
 * the program's park.
 */
public final class GenerationAxon implements AutoCloseable {
  private static final long UNIX_NONCES = 7_002_000;
  private static final long ALLOWED_NANOS = 4_000_000_000L;
  private static final JsonMapper JSON = JsonMapper.shared();

  /** What its functions do with a query that got so far. */
  public enum Behaviour {
    ANSWERS,
    /** Its forward function answers and sets axon.status_code to 418. */
    SETS_A_STATUS,
    /** Its blacklist_fn says "too little stake". */
    BLACKLISTS,
    /** Its blacklist_fn gives a reason of two lines, which cannot stand in a header. */
    BLACKLISTS_IN_TWO_LINES,
    /** Its blacklist_fn gives a reason in Greek, which cannot stand in a header either. */
    BLACKLISTS_IN_GREEK,
    /** Its own verify_fn gives a reason of two lines. */
    VERIFIES_IN_TWO_LINES,
    /** Its own verify_fn gives a reason in Greek. */
    VERIFIES_IN_GREEK,
    /** Its priority_fn runs out of time. */
    PRIORITY_TIMES_OUT,
    /** Its forward function raises with one line. */
    RAISES,
    /** Its forward function raises with two lines, which cannot stand in a header. */
    RAISES_TWO_LINES,
    /**
     * Its forward function sets axon.status_code to 429 and raises a SynapseException of its own.
     */
    RAISES_ITS_OWN
  }

  private final AxonGeneration generation;
  private final SynapseType type;
  private final Behaviour behaviour;
  private final Clock clock;
  private final Hotkey hotkey = Hotkey.generate();
  private final Map<String, Long> nonces = new HashMap<>();
  private final ScriptedAxon socket;

  public GenerationAxon(
      AxonGeneration generation, SynapseType type, Behaviour behaviour, Clock clock) {
    this.generation = generation;
    this.type = type;
    this.behaviour = behaviour;
    this.clock = clock;
    this.socket = ScriptedAxon.playing(this::play);
  }

  public AxonEndpoint endpoint() {
    return socket.endpoint();
  }

  public Ss58Address hotkey() {
    return hotkey.address();
  }

  @Override
  public void close() {
    socket.close();
  }

  private void play(ScriptedAxon.Connection connection) throws IOException {
    Optional<String> answer = answer(connection.readRequest());
    if (answer.isPresent()) {
      connection.send(answer.get());
    }
    connection.close();
  }

  /** How a query fails. */
  private static final class Failed extends Exception {
    private final int status;

    Failed(int status, String message) {
      super(message, null, false, false);
      this.status = status;
    }

    String text() {
      return String.valueOf(getMessage());
    }
  }

  /** The bytes to send; empty = the connection is dropped. */
  private synchronized Optional<String> answer(ScriptedAxon.Request query) {
    boolean parsed = false;
    try {
      requireKnown(query);
      requireParsed(query);
      parsed = true;
      blacklist();
      verify(query);
      priority();
      if (query.text().isEmpty()) {
        throw internal("Expecting value: line 1 column 1 (char 0)");
      }
      JsonNode body = JSON.readTree(query.text());
      requireWholeBody(query, body);
      forward();
      return Optional.of(type.streaming().isPresent() ? stream(query, body) : success(query, body));
    } catch (JacksonException malformed) {
      return Optional.of(
          ScriptedAxon.http(
              422,
              "{\"detail\":[{\"msg\":\"JSON decode error\"}]}",
              generation.since(AxonGeneration.SDK_7_2)
                  ? new String[] {"content-type: application/json"}
                  : lines(status(200, "Success", middleware(query)))));
    } catch (Failed failed) {
      return error(query, failed, parsed);
    }
  }

  private static void requireKnownHeader(boolean there, int status, String message) throws Failed {
    if (!there) {
      throw new Failed(status, message);
    }
  }

  private void requireKnown(ScriptedAxon.Request query) throws Failed {
    String name = query.line().split(" ", -1)[1].substring(1);
    requireKnownHeader(
        name.equals(type.name()),
        404,
        "Synapse name '%s' not found. Available synapses ['Synapse', '%s']"
            .formatted(name, type.name()));
  }

  private void requireParsed(ScriptedAxon.Request query) throws Failed {
    for (SynapseType.Field field : type.requestFields()) {
      boolean there = query.header("bt_header_input_obj_" + field.name()).isPresent();
      if (field.required() && !there) {
        throw generation.since(AxonGeneration.SDK_7_2)
            ? internal("cannot parse")
            : new Failed(
                400,
                "Improperly formatted request. Could not parse headers {} into synapse of type %s."
                    .formatted(type.name()));
      }
    }
  }

  private void blacklist() throws Failed {
    Optional<String> reason =
        switch (behaviour) {
          case BLACKLISTS -> Optional.of("too little stake");
          case BLACKLISTS_IN_TWO_LINES -> Optional.of("too little\nstake");
          case BLACKLISTS_IN_GREEK -> Optional.of("\u03bb\u03af\u03b3\u03bf");
          default -> Optional.empty();
        };
    if (reason.isPresent()) {
      throw new Failed(403, "Forbidden. Key is blacklisted: " + reason.get() + ".");
    }
  }

  private void priority() throws Failed {
    if (behaviour == Behaviour.PRIORITY_TIMES_OUT) {
      throw new Failed(
          generation.since(AxonGeneration.SDK_7_2) ? 408 : 503, "Response timeout after: 12.0s");
    }
  }

  private void forward() throws Failed {
    switch (behaviour) {
      case RAISES -> throw internal("out of memory");
      case RAISES_TWO_LINES -> throw internal("out of\nmemory");
      case RAISES_ITS_OWN ->
          throw generation.since(AxonGeneration.SDK_7_2)
              ? new Failed(429, "Quota used up")
              : internal("Quota used up");
      default -> {}
    }
  }

  /** A failure inside: the older axons tell its text, the newer ones a number. */
  private Failed internal(String text) {
    return new Failed(
        500,
        generation.since(AxonGeneration.SDK_7_2)
            ? "Internal Server Error #" + UUID.randomUUID()
            : "Internal server error with error: " + text);
  }

  private void requireWholeBody(ScriptedAxon.Request query, JsonNode body) throws Failed {
    String hash;
    try {
      hash = BodyHash.of(type, requestFields(body)).hex();
    } catch (IllegalArgumentException wrongType) {
      throw internal("1 validation error\nof two lines");
    }
    if (!hash.equals(query.header("computed_body_hash").orElse(""))) {
      throw internal("Hash mismatch between header body hash and parsed body hash");
    }
  }

  // --- verification

  private void verify(ScriptedAxon.Request query) throws Failed {
    switch (behaviour) {
      case VERIFIES_IN_TWO_LINES -> throw notVerified("not\nyou");
      case VERIFIES_IN_GREEK -> throw notVerified("\u03cc\u03c7\u03b9");
      default -> {}
    }
    String caller = query.header("bt_header_dendrite_hotkey").orElse("None");
    String uuid = query.header("bt_header_dendrite_uuid").orElse("None");
    Optional<String> nonce = query.header("bt_header_dendrite_nonce");
    String message =
        String.join(
            ".",
            nonce.orElse("None"),
            caller,
            hotkey.address().text(),
            uuid,
            query.header("computed_body_hash").orElse("None"));
    if (nonce.isEmpty() && generation.since(AxonGeneration.SDK_7_2)) {
      throw notVerified("Missing Nonce");
    }
    String key = caller + ":" + uuid;
    if (nonce.isPresent()) {
      checkNonce(query, Long.parseLong(nonce.get()), nonces.get(key));
    }
    checkSignature(query, caller, message);
    nonce.map(Long::valueOf).ifPresent(value -> nonces.put(key, value));
  }

  private void checkNonce(ScriptedAxon.Request query, long nonce, @Nullable Long last)
      throws Failed {
    boolean unix =
        query.header("bt_header_dendrite_version").map(Long::valueOf).orElse(0L) >= UNIX_NONCES;
    if (last != null) {
      if (nonce <= last) {
        throw notVerified(
            generation.since(AxonGeneration.SDK_7_4)
                ? "Nonce is too old, a newer one was last processed"
                : generation.since(AxonGeneration.SDK_7_2) && unix
                    ? "Nonce is too old"
                    : "Nonce is too small");
      }
    } else if (unix && generation.since(AxonGeneration.SDK_7_2)) {
      double seconds = query.header("timeout").map(Double::valueOf).orElse(0.0);
      boolean inSeconds = generation.since(AxonGeneration.SDK_7_4);
      double allowed = ALLOWED_NANOS + (inSeconds ? seconds * 1e9 : seconds);
      long age = ChronoUnit.NANOS.between(Instant.ofEpochSecond(0, nonce), clock.instant());
      if (age >= allowed) {
        throw notVerified(
            inSeconds
                ? String.format(
                    Locale.ROOT,
                    "Nonce is too old: acceptable delta is %.2f seconds but request was %.2f"
                        + " seconds old",
                    allowed / 1e9,
                    age / 1e9)
                : "Nonce is too old");
      }
    }
  }

  private void checkSignature(ScriptedAxon.Request query, String caller, String message)
      throws Failed {
    String signature = query.header("bt_header_dendrite_signature").orElse("");
    if (signature.isEmpty()) {
      if (generation.since(AxonGeneration.SDK_9_3)) {
        return;
      }
      throw notVerified("Signature must be of type str or bytes");
    }
    boolean good =
        Sr25519.verifyEither(
            new Ss58Address(caller).publicKey(),
            message.getBytes(UTF_8),
            HexFormat.of().parseHex(signature.substring(2)));
    if (!good) {
      throw notVerified("Signature mismatch with " + message + " and " + signature);
    }
  }

  private static Failed notVerified(String why) {
    return new Failed(401, "Not Verified with error: " + why);
  }

  // --- answers

  private String success(ScriptedAxon.Request query, JsonNode body) {
    ObjectNode json = (ObjectNode) body.deepCopy();
    json.put(type.responseFields().getFirst().name(), 42);
    int code = behaviour == Behaviour.SETS_A_STATUS ? 418 : 200;
    ObjectNode axon = (ObjectNode) json.get("axon");
    if (generation.since(AxonGeneration.SDK_7_2)) {
      axon.put("status_code", code);
      Map<String, String> headers = echo(body);
      headers.put("bt_header_axon_status_code", Integer.toString(code));
      if (code == 200) {
        headers.put("bt_header_axon_status_message", "Success");
      }
      headers.put("computed_body_hash", BodyHash.of(type, requestFields(body)).hex());
      return ScriptedAxon.http(code, json.toString(), lines(headers));
    }
    if (code != 200) {
      axon.put("status_code", code);
    }
    Map<String, String> headers = status(200, "Success", middleware(query));
    // Of the synapse that was made of headers, whose fields are empty.
    headers.put("computed_body_hash", BodyHash.of(List.of("0")).hex());
    return ScriptedAxon.http(200, json.toString(), lines(headers));
  }

  private ObjectNode requestFields(JsonNode body) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    type.requestFields().forEach(field -> fields.set(field.name(), body.get(field.name())));
    return fields;
  }

  /** A stream is headed like an answer of its generation; 7.2 and 7.3 cannot send any. */
  private String stream(ScriptedAxon.Request query, JsonNode body) throws Failed {
    if (generation == AxonGeneration.SDK_7_2) {
      throw internal("'BTStreamingResponse' object has no attribute 'axon'");
    }
    Map<String, String> headers =
        generation == AxonGeneration.SDK_6_9 ? middleware(query) : echo(body);
    String[] lines = lines(status(200, "Success", headers));
    lines[0] = "content-type: text/event-stream";
    return ScriptedAxon.http(200, "forty-two", lines);
  }

  private static Map<String, String> echo(JsonNode body) {
    Map<String, String> headers = new HashMap<>();
    echo(headers, "bt_header_dendrite_", body.path("dendrite"));
    echo(headers, "bt_header_axon_", body.path("axon"));
    headers.put("bt_header_axon_process_time", "2.36e-05");
    return headers;
  }

  private static void echo(Map<String, String> headers, String prefix, JsonNode side) {
    side.properties().stream()
        .filter(part -> !part.getValue().isNull())
        .forEach(part -> headers.put(prefix + part.getKey(), part.getValue().asString()));
  }

  private Optional<String> error(ScriptedAxon.Request query, Failed failed, boolean parsed) {
    if (failed.text().contains("\n")) {
      return Optional.empty();
    }
    if (failed.text().chars().anyMatch(c -> c > 0xFF)) {
      return Optional.of(
          ScriptedAxon.http(
              500, "Internal Server Error", "content-type: text/plain; charset=utf-8"));
    }
    Map<String, String> headers =
        parsed ? middleware(query) : new HashMap<>(Map.of("name", "Synapse"));
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("message", failed.text());
    return Optional.of(
        ScriptedAxon.http(
            failed.status, json.toString(), lines(status(failed.status, failed.text(), headers))));
  }

  private static Map<String, String> status(
      int status, String message, Map<String, String> headers) {
    headers.put("bt_header_axon_status_code", Integer.toString(status));
    headers.put("bt_header_axon_status_message", message);
    return headers;
  }

  /** The headers of the synapse that the middleware builds from the query's own. */
  private Map<String, String> middleware(ScriptedAxon.Request query) {
    Map<String, String> headers = new HashMap<>();
    query.headers().stream()
        .filter(header -> header.name().startsWith("bt_header_"))
        .forEach(header -> headers.put(header.name(), header.value()));
    headers.put("bt_header_dendrite_ip", "127.0.0.1");
    headers.put("bt_header_dendrite_port", "40123");
    String nonce = Long.toString(clock.instant().getEpochSecond() * 1_000_000_000L);
    String uuid = "axon-uuid";
    String message =
        String.join(
            ".",
            nonce,
            query.header("bt_header_dendrite_hotkey").orElse("None"),
            query.header("bt_header_axon_hotkey").orElse("None"),
            uuid);
    headers.put(
        "bt_header_axon_version", generation.since(AxonGeneration.SDK_7_2) ? "7002000" : "694");
    headers.put("bt_header_axon_nonce", nonce);
    headers.put("bt_header_axon_uuid", uuid);
    headers.put(
        "bt_header_axon_signature",
        "0x" + HexFormat.of().formatHex(hotkey.sign(message.getBytes(UTF_8))));
    return headers;
  }

  private String[] lines(Map<String, String> headers) {
    List<String> lines = new ArrayList<>(List.of("content-type: application/json"));
    headers.forEach((name, value) -> lines.add(name + ": " + value));
    return lines.toArray(String[]::new);
  }
}
