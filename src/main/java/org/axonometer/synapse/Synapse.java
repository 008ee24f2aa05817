package org.axonometer.synapse;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A synapse object as the Python dendrite holds it: what is asked, and after the call what it makes
 * of the answer. A record of claims, for whoever wants Python's view; what was observed is the
 * exchange. Immutable; do not change its fields' JSON.
 *
 * @param fields the values of the class's own fields in class order
 * @param timeout seconds; null where Python has None
 * @param totalSize bytes as claimed by whoever wrote it; Python's own numbers are of its objects in
 *     memory and mean nothing elsewhere
 */
public record Synapse(
    SynapseType type,
    ObjectNode fields,
    @Nullable Double timeout,
    @Nullable Long totalSize,
    @Nullable Long headerSize,
    TerminalInfo dendrite,
    TerminalInfo axon,
    @Nullable String computedBodyHash) {

  /** The class without fields of its own: what a ping asks and the history keeps. */
  public static final SynapseType BASE =
      new SynapseType("Synapse", List.of(), List.of(), List.of());

  private static final double DEFAULT_TIMEOUT = 12.0;
  private static final String AXON = "bt_header_axon_";
  private static final String DENDRITE = "bt_header_dendrite_";
  private static final String INPUT = "bt_header_input_obj_";
  private static final List<String> PLAIN_HEADERS =
      List.of("timeout", "name", "header_size", "total_size", "computed_body_hash");

  /** {@code Synapse()}: the ping. */
  public static Synapse ping() {
    return of(BASE, JsonNodeFactory.instance.objectNode());
  }

  /**
   * A new synapse.
   *
   * @param values the request fields' JSON values by name
   * @throws IllegalArgumentException as {@link SynapseType#check}
   */
  public static Synapse of(SynapseType type, ObjectNode values) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    type.values(values).forEach((name, value) -> fields.set(name, PythonJson.of(value)));
    return new Synapse(
        type, fields, DEFAULT_TIMEOUT, 0L, 0L, TerminalInfo.EMPTY, TerminalInfo.EMPTY, "");
  }

  /** The same as one that streams: as its class says, or as text into no field. */
  public Synapse streaming() {
    return type.streaming().isPresent()
        ? this
        : new Synapse(
            type.streaming(Streaming.UNDECLARED),
            fields,
            timeout,
            totalSize,
            headerSize,
            dendrite,
            axon,
            computedBodyHash);
  }

  /** The class's name. */
  public String name() {
    return type.name();
  }

  /** The dendrite's code is 200. */
  public boolean isSuccess() {
    return hasStatus(200);
  }

  /** The dendrite's code is not 200; none at all counts as failure, as in Python. */
  public boolean isFailure() {
    return !hasStatus(200);
  }

  /** The dendrite's code is 408, its own or the axon's. */
  public boolean isTimeout() {
    return hasStatus(408);
  }

  /** The dendrite's code is 403. */
  public boolean isBlacklist() {
    return hasStatus(403);
  }

  /** The dendrite's code is 401. */
  public boolean failedVerification() {
    return hasStatus(401);
  }

  private boolean hasStatus(int code) {
    Integer status = dendrite.statusCode();
    return status != null && status == code;
  }

  /** The base class's: the synapse itself. A class with one of its own is given to the call. */
  public Synapse deserialize() {
    return this;
  }

  /** The names of the fields without a default. */
  public List<String> requiredFields() {
    return type.fields().stream()
        .filter(SynapseType.Field::required)
        .map(SynapseType.Field::name)
        .toList();
  }

  /** What {@link #toJson} takes as bytes. */
  public int size() {
    return PythonJson.text(toJson()).length();
  }

  /**
   * The hash of the hash fields as they stand.
   *
   * @throws IllegalArgumentException for a value without a hash, such as a lone surrogate
   */
  public BodyHash bodyHash() {
    Map<String, Object> values = new LinkedHashMap<>();
    for (SynapseType.Field field : type.fields()) {
      values.put(field.name(), value(field, fields.path(field.name())));
    }
    return BodyHash.of(type.hashTexts(values));
  }

  private static Object value(SynapseType.Field field, JsonNode json) {
    return json.isNull() || json.isMissingNode()
        ? PythonValue.None.NONE
        : field.type().coerce(json);
  }

  /** Everything in Python's order, nulls included: {@code model_dump()} as JSON. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", name());
    json.put("timeout", timeout);
    json.put("total_size", totalSize);
    json.put("header_size", headerSize);
    json.set("dendrite", dendrite.toJson());
    json.set("axon", axon.toJson());
    json.put("computed_body_hash", computedBodyHash);
    json.setAll(fields);
    return json;
  }

  /**
   * The headers that stand for it: name, timeout, both sides, the empty values of required fields,
   * sizes in bytes, the body hash. What is None has none.
   *
   * @throws IllegalArgumentException as {@link #bodyHash}
   */
  public Map<String, String> toHeaders() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("name", name());
    if (timeout != null) {
      headers.put("timeout", seconds(this));
    }
    headers.putAll(axon.toHeaders(AXON));
    headers.putAll(dendrite.toHeaders(DENDRITE));
    for (SynapseType.Field field : type.fields()) {
      JsonNode value = fields.path(field.name());
      if (field.required() && !value.isNull() && !value.isMissingNode()) {
        String empty = PythonJson.text(EmptyValue.of(field.type(), value(field, value)));
        headers.put(
            INPUT + field.name(),
            Base64.getEncoder().encodeToString(empty.getBytes(StandardCharsets.US_ASCII)));
      }
    }
    int size = 0;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      size += header.getKey().length() + header.getValue().length();
    }
    headers.put("header_size", Integer.toString(size));
    headers.put("total_size", Integer.toString(size()));
    headers.put("computed_body_hash", bodyHash().hex());
    return headers;
  }

  /** The timeout as Python prints it. */
  static String seconds(Synapse synapse) {
    return PythonFloat.repr(synapse.timeout == null ? 0.0 : synapse.timeout);
  }

  /**
   * The base synapse these headers stand for; custom fields are not in it.
   *
   * @throws IllegalArgumentException naming the header with a value Python would refuse
   */
  public static Synapse fromHeaders(Map<String, String> headers) {
    return fromHeaders(BASE, headers);
  }

  /**
   * The synapse of a class these headers stand for, its required fields empty.
   *
   * @throws IllegalArgumentException also for a required field without a header
   */
  public static Synapse fromHeaders(SynapseType type, Map<String, String> headers) {
    return construct(type, parseHeadersToInputs(headers));
  }

  /** The constructor's arguments these headers stand for; an unreadable empty value is left out. */
  public static ObjectNode parseHeadersToInputs(Map<String, String> headers) {
    ObjectNode inputs = JsonNodeFactory.instance.objectNode();
    ObjectNode axon = inputs.putObject("axon");
    ObjectNode dendrite = inputs.putObject("dendrite");
    headers.forEach(
        (name, value) -> {
          if (name.startsWith(AXON)) {
            axon.put(name.substring(AXON.length()), value);
          } else if (name.startsWith(DENDRITE)) {
            dendrite.put(name.substring(DENDRITE.length()), value);
          } else if (name.startsWith(INPUT)) {
            takeInput(inputs, name.substring(INPUT.length()), value);
          }
        });
    PLAIN_HEADERS.forEach(name -> inputs.put(name, headers.get(name)));
    return inputs;
  }

  private static void takeInput(ObjectNode inputs, String field, String base64) {
    if (!inputs.has(field)) {
      try {
        inputs.set(field, JsonMapper.shared().readTree(Base64.getDecoder().decode(base64)));
      } catch (IllegalArgumentException | JacksonException unreadable) {
        // Python logs it and goes on: the class then says which field it lacks.
      }
    }
  }

  /** One side from its headers, by the last part of their names. */
  static TerminalInfo terminal(Map<String, String> headers) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    headers.forEach(json::put);
    return TerminalInfo.of(json);
  }

  /**
   * {@code cls(**json)}: unknown keys are passed over, absent ones take the default.
   *
   * @throws IllegalArgumentException naming the key pydantic would refuse
   */
  private static Synapse construct(SynapseType type, JsonNode json) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    for (SynapseType.Field field : type.fields()) {
      fields.set(field.name(), constructed(field, json.get(field.name())));
    }
    return new Synapse(
        type,
        fields,
        json.has("timeout") ? PythonNumber.real("timeout", json) : Double.valueOf(DEFAULT_TIMEOUT),
        json.has("total_size") ? PythonNumber.whole("total_size", json) : Long.valueOf(0),
        json.has("header_size") ? PythonNumber.whole("header_size", json) : Long.valueOf(0),
        TerminalInfo.of(json.path("dendrite")),
        TerminalInfo.of(json.path("axon")),
        json.has("computed_body_hash") ? json.get("computed_body_hash").asString(null) : "");
  }

  private static JsonNode constructed(SynapseType.Field field, @Nullable JsonNode given) {
    if (given == null) {
      if (field.required()) {
        throw new IllegalArgumentException("field " + field.name() + " is required");
      }
      return PythonJson.of(field.defaultIn());
    }
    if (given.isNull() && field.isNoneByDefault()) {
      return given;
    }
    Object value = field.type().coerce(given);
    try {
      return PythonJson.of(value);
    } catch (IllegalArgumentException notANumber) {
      return given;
    }
  }

  /**
   * The base synapse of a request's JSON.
   *
   * @throws IllegalArgumentException naming the key pydantic would refuse
   */
  public static Synapse base(JsonNode request) {
    return construct(BASE, request);
  }

  /** The same between these two. */
  public Synapse between(TerminalInfo ourSide, TerminalInfo axonSide) {
    return withDendrite(ourSide).withAxon(axonSide);
  }

  public Synapse withBodyHash(@Nullable String hex) {
    return new Synapse(type, fields, timeout, totalSize, headerSize, dendrite, axon, hex);
  }

  /** Every field as the answer's JSON has it; the frozen body hash stays as it is. */
  Synapse answered(JsonNode json) {
    Synapse server = construct(type, json);
    return new Synapse(
        type,
        server.fields,
        server.timeout,
        server.totalSize,
        server.headerSize,
        server.dendrite,
        server.axon,
        computedBodyHash);
  }

  /**
   * A synapse after an answer.
   *
   * @param raised whether Python would have met an exception on the way
   */
  public record Answered(Synapse synapse, boolean raised) {}

  /**
   * What the Python dendrite would hold after this complete HTTP answer (protocol 4.4): the JSON's
   * fields over ours, the headers over both, then the axon's status as the dendrite's; or after an
   * exception on the way the status of that (4.5). Process time is not set.
   *
   * @param url where it was asked, which Python repeats in some texts
   */
  public Answered processServerResponse(
      String url, int httpStatus, Map<String, List<String>> headers, byte[] body) {
    return ReplyPython.merge(this, url, httpStatus, new ReplyHeaders(headers), body);
  }

  /**
   * As {@link #processServerResponse} for a stream that ended well.
   *
   * @param streamed what came, by response field
   */
  public Answered processStreamedResponse(
      int httpStatus, Map<String, List<String>> headers, ObjectNode streamed) {
    return ReplyPython.mergeStream(this, httpStatus, new ReplyHeaders(headers), streamed);
  }

  /** These fields, and nothing known of the two sides. */
  Synapse streamed(ObjectNode values) {
    ObjectNode all = fields.deepCopy();
    all.setAll(values);
    return new Synapse(
        type,
        all,
        timeout,
        totalSize,
        headerSize,
        TerminalInfo.EMPTY,
        TerminalInfo.EMPTY,
        computedBodyHash);
  }

  /** The same with the status of an exception; the axon's side is left alone. */
  public Synapse processErrorMessage(DendriteView view) {
    return withDendrite(dendrite.withStatus(view.statusCode(), view.statusMessage()));
  }

  /** The same after the timeout and the two sides were set for a request. */
  public Synapse preprocessed(double timeoutSeconds, TerminalInfo ourSide, TerminalInfo axonSide) {
    return new Synapse(
        type, fields, timeoutSeconds, totalSize, headerSize, ourSide, axonSide, computedBodyHash);
  }

  public Synapse withProcessTime(double seconds) {
    return withDendrite(dendrite.withProcessTime(seconds));
  }

  Synapse withDendrite(TerminalInfo side) {
    return new Synapse(type, fields, timeout, totalSize, headerSize, side, axon, computedBodyHash);
  }

  Synapse withAxon(TerminalInfo side) {
    return new Synapse(
        type, fields, timeout, totalSize, headerSize, dendrite, side, computedBodyHash);
  }
}
