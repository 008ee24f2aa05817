package org.axonometer.synapse;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.synapse.PythonType.EnumKind;
import org.axonometer.synapse.PythonValue.EnumMember;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A synapse with its values, checked and hashed once, from which the requests to many axons are
 * signed. Immutable, thread-safe.
 *
 * <p>What is sent is each value as the axon's pydantic 2 will have it, not as it was given: {@code
 * 5.0} for a float field given {@code 5}, a nested model with its defaults and without unknown
 * keys. Validating it again changes nothing, so our hash holds also where the axon declares the
 * field as {@code Any}. On pydantic 1 (SDK 6.9) it holds but for unions, which that one fills with
 * the first type that takes the value; {@link #warnings} tells where that makes a difference.
 */
public final class Question {
  private static final String INPUT_PREFIX = "bt_header_input_obj_";
  private static final String USER_AGENT = "axonometer/" + version();
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int MOST_CHARACTERS_NAMED = 5;

  private final String name;
  private final BodyHash bodyHash;
  private final List<String> warnings;
  private final Map<String, String> inputHeaders;
  private final String fieldsJson;

  private Question(
      String name,
      BodyHash bodyHash,
      List<String> warnings,
      Map<String, String> inputHeaders,
      String fieldsJson) {
    this.name = name;
    this.bodyHash = bodyHash;
    this.warnings = warnings;
    this.inputHeaders = inputHeaders;
    this.fieldsJson = fieldsJson;
  }

  /**
   * Who signs, as it stands in headers.
   *
   * @param signer a 64-byte signature of the bytes it is given
   */
  record Sender(String hotkey, String ip, int version, UnaryOperator<byte[]> signer) {}

  /**
   * Who is asked, as it stands in headers.
   *
   * @param ip the endpoint's address as text
   */
  record Receiver(Ss58Address hotkey, AxonEndpoint endpoint, String ip) {}

  /**
   * Checks and hashes the values.
   *
   * @param fields the request fields' JSON values by name
   * @throws IllegalArgumentException as {@link SynapseType#check}
   */
  public static Question of(SynapseType type, ObjectNode fields) {
    Map<String, Object> values = type.values(fields);
    List<String> texts = type.hashTexts(values);
    List<String> warnings =
        type.fields().stream()
            .filter(field -> type.hashFields().contains(field.name()))
            .flatMap(field -> warnings(field, value(values, field.name())))
            .toList();
    return new Question(
        type.name(),
        BodyHash.of(texts),
        warnings,
        inputHeaders(type.fields(), values),
        fieldsJson(values));
  }

  private static Stream<String> warnings(SynapseType.Field field, Object value) {
    String characters =
        PythonText.versionSensitiveIn(value).stream()
            .limit(MOST_CHARACTERS_NAMED)
            .map("U+%04X"::formatted)
            .collect(Collectors.joining(", "));
    List<String> found = new ArrayList<>();
    if (!characters.isEmpty()) {
      found.add(
          "holds "
              + characters
              + ", which Python 3.9 to 3.14 do not all print alike; axons on another Python than"
              + " 3.11 may refuse the query with 500");
    }
    if (value instanceof EnumMember member && member.type().kind() == EnumKind.INT_ENUM) {
      found.add(
          "is an IntEnum, which Python 3.9 and 3.10 print by its name and later ones by its value;"
              + " axons on those may refuse the query with 500");
    }
    if (differsOnPydantic1(field, value)) {
      found.add(
          "holds a value for which pydantic 1 takes another type of the union than pydantic 2;"
              + " axons of SDK 6.9 refuse the query with 500");
    }
    return found.stream().map(what -> "hash field " + field.name() + " " + what);
  }

  /** Whether pydantic 1 makes something else of what is sent. */
  private static boolean differsOnPydantic1(SynapseType.Field field, Object value) {
    if (value == PythonValue.None.NONE) {
      return false;
    }
    try {
      Object other = Coercion.ofPydantic1(field.type(), PythonJson.of(value));
      return !PythonText.str(other).equals(PythonText.str(value));
    } catch (IllegalArgumentException refused) {
      return true;
    }
  }

  private static Object value(Map<String, Object> values, String field) {
    return values.getOrDefault(field, PythonValue.None.NONE);
  }

  private static Map<String, String> inputHeaders(
      List<SynapseType.Field> fields, Map<String, Object> values) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (SynapseType.Field field : fields) {
      if (field.required()) {
        String json = PythonJson.text(EmptyValue.of(field.type(), value(values, field.name())));
        headers.put(
            INPUT_PREFIX + field.name(),
            Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.US_ASCII)));
      }
    }
    return headers;
  }

  private static String fieldsJson(Map<String, Object> values) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    values.forEach((name, value) -> json.set(name, PythonJson.of(value)));
    String text = PythonJson.text(json);
    return text.substring(1, text.length() - 1);
  }

  /** The request and response fields as they stand in the body: a JSON object in ASCII. */
  public String fieldsJson() {
    return "{" + fieldsJson + "}";
  }

  public BodyHash bodyHash() {
    return bodyHash;
  }

  /**
   * A line for each hash field whose hash depends on what the axon runs: its Python release, where
   * text in a container has characters newer than Unicode 13 and for an IntEnum, or pydantic 1
   * instead of 2, for some unions. We hash as Python 3.11 with pydantic 2 does.
   */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * A signed request of this question to one axon.
   *
   * @param timeout positive; the axon counts it into the window it allows for the nonce
   * @param uuid fresh for every request, see protocol 3.4
   * @param nonceNanos from {@link Nonces#next}
   * @throws IllegalArgumentException for a timeout that is not positive, a negative nonce or a uuid
   *     that cannot stand in a header
   */
  public SignedRequest sign(
      Caller caller,
      Ss58Address axonHotkey,
      AxonEndpoint endpoint,
      Duration timeout,
      String uuid,
      long nonceNanos) {
    return sign(
        new Sender(
            caller.hotkey().address().text(), caller.ip(), caller.version(), caller.hotkey()::sign),
        new Receiver(axonHotkey, endpoint, endpoint.hostText()),
        timeout,
        uuid,
        nonceNanos);
  }

  SignedRequest sign(
      Sender sender, Receiver receiver, Duration timeout, String uuid, long nonceNanos) {
    HeaderText.require("uuid", uuid);
    HeaderText.require("axon ip", receiver.ip());
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be positive, was " + timeout);
    }
    if (nonceNanos < 0) {
      throw new IllegalArgumentException("nonce must not be negative, was " + nonceNanos);
    }
    String axonHotkey = receiver.hotkey().text();
    String message =
        nonceNanos + "." + sender.hotkey() + "." + axonHotkey + "." + uuid + "." + bodyHash;
    byte[] signature = sender.signer().apply(message.getBytes(StandardCharsets.UTF_8));
    if (signature.length != 64) {
      throw new IllegalStateException("signature must be 64 bytes, was " + signature.length);
    }
    String signatureText = "0x" + HexFormat.of().formatHex(signature);
    String seconds = PythonFloat.repr(timeout.toNanos() / NANOS_PER_SECOND);

    Map<String, String> headers = LinkedHashMap.newLinkedHashMap(20 + inputHeaders.size());
    headers.put("name", name);
    headers.put("timeout", seconds);
    headers.put("bt_header_axon_ip", receiver.ip());
    headers.put("bt_header_axon_port", Integer.toString(receiver.endpoint().port()));
    headers.put("bt_header_axon_hotkey", axonHotkey);
    headers.put("bt_header_dendrite_ip", sender.ip());
    headers.put("bt_header_dendrite_version", Integer.toString(sender.version()));
    headers.put("bt_header_dendrite_nonce", Long.toString(nonceNanos));
    headers.put("bt_header_dendrite_uuid", uuid);
    headers.put("bt_header_dendrite_hotkey", sender.hotkey());
    headers.put("bt_header_dendrite_signature", signatureText);
    headers.putAll(inputHeaders);
    headers.put("header_size", Integer.toString(size(headers)));
    headers.put("total_size", Integer.toString(fieldsJson.length()));
    headers.put("computed_body_hash", bodyHash.hex());
    headers.put("content-type", "application/json");
    headers.put("accept", "*/*");
    headers.put("accept-encoding", "identity");
    headers.put("user-agent", USER_AGENT);

    return new SignedRequest(
        name,
        receiver.endpoint(),
        receiver.hotkey(),
        headers,
        body(sender, receiver, seconds, uuid, nonceNanos, signatureText),
        bodyHash.hex(),
        uuid,
        nonceNanos,
        timeout);
  }

  /** Characters of names and values; an axon only wants a number that is not negative. */
  private static int size(Map<String, String> headers) {
    int size = 0;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      size += header.getKey().length() + header.getValue().length();
    }
    return size;
  }

  /** Protocol 1.5, in its key order; all of it ASCII. */
  private byte[] body(
      Sender sender,
      Receiver receiver,
      String seconds,
      String uuid,
      long nonceNanos,
      String signature) {
    StringBuilder json = new StringBuilder(1_024 + fieldsJson.length());
    json.append("{\"name\":\"").append(name);
    json.append("\",\"timeout\":").append(seconds);
    json.append(",\"total_size\":").append(fieldsJson.length());
    json.append(",\"header_size\":0");
    json.append(
        ",\"dendrite\":{\"status_code\":null,\"status_message\":null,\"process_time\":null");
    json.append(",\"ip\":").append(PythonJson.text(sender.ip()));
    json.append(",\"port\":null,\"version\":").append(sender.version());
    json.append(",\"nonce\":").append(nonceNanos);
    json.append(",\"uuid\":").append(PythonJson.text(uuid));
    json.append(",\"hotkey\":").append(PythonJson.text(sender.hotkey()));
    json.append(",\"signature\":\"").append(signature);
    json.append("\"},\"axon\":{\"status_code\":null,\"status_message\":null,\"process_time\":null");
    json.append(",\"ip\":").append(PythonJson.text(receiver.ip()));
    json.append(",\"port\":").append(receiver.endpoint().port());
    json.append(",\"version\":null,\"nonce\":null,\"uuid\":null");
    json.append(",\"hotkey\":").append(PythonJson.text(receiver.hotkey().text()));
    json.append(",\"signature\":null},\"computed_body_hash\":\"\"");
    if (!fieldsJson.isEmpty()) {
      json.append(',').append(fieldsJson);
    }
    return json.append('}').toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String version() {
    String version = Question.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
