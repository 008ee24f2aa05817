package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.synapse.PythonType.Plain;
import org.axonometer.synapse.Question.Receiver;
import org.axonometer.synapse.Question.Sender;
import org.axonometer.synapse.SynapseType.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class QuestionTest {
  private static final String ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
  private static final String BOB = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
  private static final String UUID = "7a3426e6-c8f5-11f0-9d2e-0242ac120002";
  private static final long NONCE = 1_795_343_746_668_457_831L;
  private static final String OF_NOTHING =
      "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a";
  private static final String SIGNATURE = "0x" + "ab".repeat(64);

  private static final SynapseType DUMMY =
      new SynapseType(
          "Dummy",
          List.of(new Field("dummy_input", Plain.INT, true, null)),
          List.of(new Field("dummy_output", optional("int"), false, null)),
          List.of());

  private final List<String> signed = new ArrayList<>();

  @Test
  void sendsTheHeadersOfTheSubnetTemplateInOrder() {
    SignedRequest request = sign(DUMMY, "{\"dummy_input\": 1}", Duration.ofSeconds(1));
    assertThat(new ArrayList<>(request.headers().entrySet()))
        .extracting(Map.Entry::getKey, Map.Entry::getValue)
        .extracting(tuple -> tuple.toList().getFirst() + ": " + tuple.toList().getLast())
        .containsExactly(
            "name: Dummy",
            "timeout: 1.0",
            "bt_header_axon_ip: 127.0.0.1",
            "bt_header_axon_port: 19010",
            "bt_header_axon_hotkey: " + BOB,
            "bt_header_dendrite_ip: 203.0.113.7",
            "bt_header_dendrite_version: 10002000",
            "bt_header_dendrite_nonce: " + NONCE,
            "bt_header_dendrite_uuid: " + UUID,
            "bt_header_dendrite_hotkey: " + ALICE,
            "bt_header_dendrite_signature: " + SIGNATURE,
            "bt_header_input_obj_dummy_input: MA==",
            "header_size: " + request.headers().get("header_size"),
            "total_size: " + request.headers().get("total_size"),
            "computed_body_hash: " + OF_NOTHING,
            "content-type: application/json",
            "accept: */*",
            "accept-encoding: identity",
            "user-agent: " + request.headers().get("user-agent"));
    assertThat(request.headers().get("header_size")).matches("[0-9]+");
    assertThat(request.headers().get("total_size")).matches("[0-9]+");
    assertThat(request.headers().get("user-agent")).matches("axonometer/[A-Za-z0-9.-]+");
  }

  @Test
  void sendsTheBodyOfTheSubnetTemplateWithItsNulls() {
    SignedRequest request = sign(DUMMY, "{\"dummy_input\": 1}", Duration.ofSeconds(1));
    assertThat(new String(request.body(), StandardCharsets.US_ASCII))
        .isEqualTo(
            "{\"name\":\"Dummy\",\"timeout\":1.0,\"total_size\":35,\"header_size\":0,"
                + "\"dendrite\":{\"status_code\":null,\"status_message\":null,"
                + "\"process_time\":null,\"ip\":\"203.0.113.7\",\"port\":null,"
                + "\"version\":10002000,\"nonce\":1795343746668457831,\"uuid\":\""
                + UUID
                + "\",\"hotkey\":\""
                + ALICE
                + "\",\"signature\":\""
                + SIGNATURE
                + "\"},\"axon\":{\"status_code\":null,\"status_message\":null,"
                + "\"process_time\":null,\"ip\":\"127.0.0.1\",\"port\":19010,\"version\":null,"
                + "\"nonce\":null,\"uuid\":null,\"hotkey\":\""
                + BOB
                + "\",\"signature\":null},\"computed_body_hash\":\"\","
                + "\"dummy_input\":1,\"dummy_output\":null}");
  }

  @Test
  void signsNonceBothHotkeysUuidAndHash() {
    SignedRequest request = sign(DUMMY, "{\"dummy_input\": 1}", Duration.ofSeconds(12));
    assertThat(signed)
        .containsExactly(NONCE + "." + ALICE + "." + BOB + "." + UUID + "." + OF_NOTHING);
    assertThat(request.bodyHash()).isEqualTo(OF_NOTHING);
    assertThat(request.uuid()).isEqualTo(UUID);
    assertThat(request.nonceNanos()).isEqualTo(NONCE);
    assertThat(request.synapseName()).isEqualTo("Dummy");
    assertThat(request.axonHotkey()).isEqualTo(new Ss58Address(BOB));
  }

  @Test
  void printsTheTimeoutAsAPythonFloatOfSeconds() {
    assertThat(timeoutOf(Duration.ofSeconds(12))).isEqualTo("12.0");
    assertThat(timeoutOf(Duration.ofMillis(500))).isEqualTo("0.5");
    assertThat(timeoutOf(Duration.ofMillis(100))).isEqualTo("0.1");
    assertThat(timeoutOf(Duration.ofNanos(10_000))).isEqualTo("1e-05");
  }

  private String timeoutOf(Duration timeout) {
    SignedRequest request = sign(DUMMY, "{\"dummy_input\": 1}", timeout);
    assertThat(request.timeout()).isEqualTo(timeout);
    assertThat(
            json(new String(request.body(), StandardCharsets.US_ASCII)).get("timeout").asString())
        .isNotEmpty();
    return String.valueOf(request.headers().get("timeout"));
  }

  @Test
  void sendsTheEmptyValueOfEachRequiredFieldsOwnType() {
    assertThat(inputHeader("str", "\"a long question\"")).isEqualTo("IiI=");
    assertThat(inputHeader("int", "7")).isEqualTo("MA==");
    assertThat(inputHeader("float", "7")).isEqualTo("MC4w");
    assertThat(inputHeader("bool", "true")).isEqualTo("ZmFsc2U=");
    assertThat(inputHeader("list[str]", "[\"a\"]")).isEqualTo("W10=");
    assertThat(inputHeader("tuple[int, ...]", "[1]")).isEqualTo("W10=");
    assertThat(inputHeader("dict[str, any]", "{\"a\": 1}")).isEqualTo("e30=");
    assertThat(inputHeader("any", "{\"a\": 1}")).isEqualTo("e30=");
    assertThat(inputHeader("optional[int]", "7")).isEqualTo("MA==");
    assertThat(inputHeader("union[int, str]", "\"x\"")).isEqualTo("IiI=");
  }

  @Test
  void sendsTheSmallestValidValueWhereTheEmptyOneWouldFailInTheAxon() {
    assertThat(decoded(inputHeader("optional[int]", "null"))).isEqualTo("null");
    assertThat(decoded(inputHeader("literal['a', 'b']", "\"b\""))).isEqualTo("\"a\"");
    assertThat(decoded(inputHeader("enum[E1, a='x', b='y']", "\"y\""))).isEqualTo("\"x\"");
    assertThat(decoded(inputHeader("tuple[int, str]", "[1, \"a\"]"))).isEqualTo("[0,\"\"]");
    assertThat(decoded(inputHeader("decimal", "\"1.10\""))).isEqualTo("\"0\"");
    assertThat(decoded(inputHeader("Message", "{\"content\": \"hi\"}")))
        .isEqualTo("{\"content\":\"\"}");
    assertThat(decoded(inputHeader("Options", "{}"))).isEqualTo("{}");
  }

  private String inputHeader(String type, String value) {
    SynapseType synapse =
        new SynapseType(
            "Probe",
            List.of(new Field("x", PythonType.parse(type, models()), true, null)),
            List.of(),
            List.of());
    SignedRequest request = sign(synapse, "{\"x\": " + value + "}", Duration.ofSeconds(1));
    return String.valueOf(request.headers().get("bt_header_input_obj_x"));
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }

  @Test
  void sendsNoEmptyValueForFieldsWithADefault() {
    SynapseType type =
        new SynapseType(
            "Probe",
            List.of(new Field("x", Plain.INT, false, json("3"))),
            List.of(new Field("y", Plain.ANY, false, null)),
            List.of("x"));
    SignedRequest request = sign(type, "{}", Duration.ofSeconds(1));
    assertThat(request.headers().keySet()).noneMatch(h -> h.startsWith("bt_header_input_obj_"));
    assertThat(bodyOf(request).get("x").intValue()).isEqualTo(3);
    assertThat(request.bodyHash()).isEqualTo(BodyHash.of(List.of("3")).hex());
  }

  @Test
  void sendsEachValueAsItIsHashed() {
    SynapseType type =
        new SynapseType(
            "Probe",
            List.of(
                new Field("f", Plain.FLOAT, true, null),
                new Field("b", Plain.BOOL, true, null),
                new Field("m", PythonType.parse("list[Message]", models()), true, null),
                new Field("d", PythonType.parse("dict[int, decimal]", Map.of()), true, null)),
            List.of(),
            List.of("f", "b", "m"));
    SignedRequest request =
        sign(
            type,
            """
            {"f": 5, "b": "yes", "m": [{"content": "h\u00e9 \ud83d\ude00", "extra": 1}],
             "d": {"01": 1.10}}
            """,
            Duration.ofSeconds(1));
    String text = new String(request.body(), StandardCharsets.US_ASCII);
    assertThat(text)
        .endsWith(
            ",\"f\":5.0,\"b\":true,"
                + "\"m\":[{\"role\":\"user\",\"content\":\"h\\u00E9 \\uD83D\\uDE00\"}],"
                + "\"d\":{\"1\":\"1.1\"}}");
    assertThat(request.bodyHash())
        .isEqualTo(
            BodyHash.of(
                    List.of("5.0", "True", "[{'role': 'user', 'content': 'h\u00e9 \ud83d\ude00'}]"))
                .hex());
  }

  @Test
  void sendsLoneSurrogatesInsideContainersAsEscapes() {
    SynapseType type =
        new SynapseType(
            "Probe",
            List.of(new Field("l", PythonType.parse("list[str]", Map.of()), true, null)),
            List.of(),
            List.of("l"));
    SignedRequest request = sign(type, "{\"l\": [\"\\ud800\\u0000\"]}", Duration.ofSeconds(1));
    assertThat(new String(request.body(), StandardCharsets.US_ASCII))
        .endsWith("\"l\":[\"\\uD800\\u0000\"]}");
    assertThat(request.bodyHash()).isEqualTo(BodyHash.of(List.of("['\\ud800\\x00']")).hex());
  }

  @Test
  void sendsASynapseWithoutFields() {
    SignedRequest request =
        sign(new SynapseType("Ping", List.of(), List.of(), List.of()), "{}", Duration.ofSeconds(1));
    assertThat(bodyOf(request).get("computed_body_hash").stringValue()).isEmpty();
  }

  @Test
  void warnsOfHashFieldsThatDependOnTheAxonsPython() {
    SynapseType type =
        new SynapseType(
            "Probe",
            List.of(
                new Field("top", Plain.STR, true, null),
                new Field("inside", PythonType.parse("list", Map.of()), true, null)),
            List.of(),
            List.of("top", "inside"));
    String face = Character.toString(0x1FAE8);
    assertThat(question(type, "{\"top\": \"" + face + "\", \"inside\": []}").warnings()).isEmpty();
    assertThat(question(type, "{\"top\": \"\", \"inside\": [\"" + face + "\"]}").warnings())
        .containsExactly(
            "hash field inside holds U+1FAE8, which Python 3.9 to 3.14 do not all print alike;"
                + " axons on another Python than 3.11 may refuse the query with 500");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "union[int, float]; 5.5; another type of the union",
        "union[float, int]; 5; another type of the union",
        "list[union[int, str]]; [\"5\"]; another type of the union",
        "union[bool, int]; 1; another type of the union",
        "optional[union[datetime, str]]; \"2024-01-02\"; another type of the union",
        "intenum[Level, low=1]; 1; is an IntEnum",
        "union[int, str]; \"5\"; ",
        "union[int, float]; 5; ",
        "list[union[int, str]]; [5, \"a\"]; ",
        "list[intenum[Level, low=1]]; [1]; ",
        "optional[union[int, float]]; null; ",
        "decimal; \"1.10\"; ",
        "datetime; \"2024-01-02T03:04:05Z\"; ",
        "dict[int, tuple[float, bytes]]; {\"1\": [1, \"a\"]}; ",
        "set[int]; [1, 2]; ",
      })
  void warnsOfHashFieldsThatDependOnTheAxonsSdk(String type, String value, String warning) {
    List<Field> field = List.of(new Field("x", PythonType.parse(type, Map.of()), true, null));
    List<String> hashed =
        question(new SynapseType("Probe", field, List.of(), List.of("x")), "{\"x\": " + value + "}")
            .warnings();
    if (warning == null) {
      assertThat(hashed).isEmpty();
    } else {
      assertThat(hashed).singleElement().asString().startsWith("hash field x ").contains(warning);
    }
    assertThat(
            question(
                    new SynapseType("Probe", field, List.of(), List.of()), "{\"x\": " + value + "}")
                .warnings())
        .isEmpty();
  }

  @Test
  void refusesWhatCannotStandInAHeader() {
    Question question = question(DUMMY, "{\"dummy_input\": 1}");
    Receiver receiver = receiver();
    assertThatThrownBy(
            () -> question.sign(sender(), receiver, Duration.ofSeconds(1), "a\r\nx: y", NONCE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("uuid must be")
        .hasMessageContaining("\\r\\n");
    assertThatThrownBy(() -> question.sign(sender(), receiver, Duration.ofSeconds(1), "", NONCE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> question.sign(sender(), receiver, Duration.ZERO, UUID, NONCE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("timeout must be positive");
    assertThatThrownBy(() -> question.sign(sender(), receiver, Duration.ofSeconds(1), UUID, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nonce");
  }

  @Test
  void handsOutCopiesOfTheBodyAndNoWayToChangeHeaders() {
    SignedRequest request = sign(DUMMY, "{\"dummy_input\": 1}", Duration.ofSeconds(1));
    Arrays.fill(request.body(), (byte) 0);
    assertThat(request.body()[0]).isEqualTo((byte) '{');
    assertThatThrownBy(() -> request.headers().put("x", "y"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private SignedRequest sign(SynapseType type, String fields, Duration timeout) {
    return question(type, fields).sign(sender(), receiver(), timeout, UUID, NONCE);
  }

  private static Question question(SynapseType type, String fields) {
    return Question.of(type, (ObjectNode) json(fields));
  }

  private Sender sender() {
    return new Sender(
        ALICE,
        "203.0.113.7",
        10_002_000,
        message -> {
          signed.add(new String(message, StandardCharsets.UTF_8));
          byte[] signature = new byte[64];
          Arrays.fill(signature, (byte) 0xab);
          return signature;
        });
  }

  private static Receiver receiver() {
    try {
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      return new Receiver(new Ss58Address(BOB), new AxonEndpoint(loopback, 19_010), "127.0.0.1");
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static JsonNode bodyOf(SignedRequest request) {
    return json(new String(request.body(), StandardCharsets.US_ASCII));
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static PythonType optional(String type) {
    return PythonType.parse("optional[" + type + "]", Map.of());
  }

  private static Map<String, PythonType.Model> models() {
    return Map.of(
        "Message",
        new PythonType.Model(
            "Message",
            List.of(
                new Field("role", Plain.STR, false, json("\"user\"")),
                new Field("content", Plain.STR, true, null))),
        "Options",
        new PythonType.Model("Options", List.of(new Field("n", Plain.INT, false, json("1")))));
  }
}
