package org.axonometer.synapse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A synapse as Python holds it. */
class SynapseTest {
  private static final String URL = "http://198.51.100.2:8091/Dummy";
  private static final Map<String, List<String>> JSON =
      Map.of("content-type", List.of("application/json"));

  private static Synapse dummy() {
    ObjectNode values = JsonNodeFactory.instance.objectNode().put("dummy_input", 1);
    return Synapse.of(UnsignedRequests.dummy(), values)
        .preprocessed(
            12.0, side("203.0.113.7", null, "5Dendrite"), side("198.51.100.2", 8091L, "5Axon"));
  }

  private static TerminalInfo side(String ip, @Nullable Long port, String hotkey) {
    return new TerminalInfo(null, null, null, ip, port, null, null, null, hotkey, null);
  }

  private static Synapse.Answered answered(
      int status, Map<String, List<String>> headers, String body) {
    return dummy().processServerResponse(URL, status, headers, body.getBytes(UTF_8));
  }

  private static Map<String, List<String>> with(String... namesAndValues) {
    Map<String, List<String>> headers = new LinkedHashMap<>(JSON);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
    }
    return headers;
  }

  @Test
  void beginsAsAPythonSynapseDoes() {
    JsonNode json = Synapse.ping().toJson();

    assertThat(json.propertyNames())
        .containsExactly(
            "name",
            "timeout",
            "total_size",
            "header_size",
            "dendrite",
            "axon",
            "computed_body_hash");
    assertThat(json.get("timeout").doubleValue()).isEqualTo(12.0);
    assertThat(json.get("total_size").intValue()).isZero();
    assertThat(json.get("computed_body_hash").stringValue()).isEmpty();
    assertThat(json.get("axon").propertyNames())
        .containsExactly(
            "status_code",
            "status_message",
            "process_time",
            "ip",
            "port",
            "version",
            "nonce",
            "uuid",
            "hotkey",
            "signature");
    assertThat(json.get("axon")).allMatch(JsonNode::isNull);
    assertThat(Synapse.ping().size()).isEqualTo(json.toString().length());
  }

  @Test
  void tellsHowItEndedByTheDendritesCode() {
    assertThat(dummy().isSuccess()).isFalse();
    assertThat(dummy().isFailure()).isTrue();
    assertThat(ended(200).isSuccess()).isTrue();
    assertThat(ended(200).isFailure()).isFalse();
    assertThat(ended(408).isTimeout()).isTrue();
    assertThat(ended(403).isBlacklist()).isTrue();
    assertThat(ended(401).failedVerification()).isTrue();
    assertThat(ended(401).isTimeout() || ended(401).isBlacklist()).isFalse();
  }

  private static Synapse ended(int code) {
    return dummy().processErrorMessage(new DendriteView(code, "any"));
  }

  @Test
  void deserializesToItself() {
    Synapse synapse = dummy();
    assertThat(synapse.deserialize()).isSameAs(synapse);
  }

  @Test
  void hashesTheHashFieldsAlone() {
    var type =
        new SynapseType(
            "Hashed",
            List.of(
                new SynapseType.Field("a", PythonType.Plain.INT, true, null),
                new SynapseType.Field("b", PythonType.Plain.INT, true, null)),
            List.of(),
            List.of("a"));
    ObjectNode values = JsonNodeFactory.instance.objectNode().put("a", 1).put("b", 2);

    Synapse synapse = Synapse.of(type, values);

    assertThat(synapse.bodyHash()).isEqualTo(BodyHash.of(List.of("1")));
    assertThat(Synapse.ping().bodyHash().hex()).startsWith("a7ffc6f8").endsWith("8434a");
  }

  @Test
  void travelsThroughHeaders() {
    Map<String, String> headers = dummy().toHeaders();

    assertThat(headers)
        .containsEntry("name", "Dummy")
        .containsEntry("timeout", "12.0")
        .containsEntry("bt_header_axon_port", "8091")
        .containsEntry("bt_header_input_obj_dummy_input", "MA==")
        .doesNotContainKey("bt_header_axon_nonce")
        .doesNotContainKey("bt_header_input_obj_dummy_output");
    assertThat(dummy().requiredFields()).containsExactly("dummy_input");
    Synapse base = Synapse.fromHeaders(headers);
    assertThat(base.name()).isEqualTo("Synapse");
    assertThat(base.fields()).isEmpty();
    assertThat(base.axon()).isEqualTo(dummy().axon());
    assertThat(base.computedBodyHash()).isEqualTo(dummy().bodyHash().hex());
    Synapse full = Synapse.fromHeaders(UnsignedRequests.dummy(), headers);
    assertThat(full.fields().get("dummy_input").intValue()).isZero();
    assertThatThrownBy(() -> Synapse.fromHeaders(Map.of("bt_header_axon_port", "eighty")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("port");
  }

  @Test
  void readsHeadersAsInputs() {
    ObjectNode inputs =
        Synapse.parseHeadersToInputs(
            Map.of(
                "bt_header_axon_nonce", "111",
                "bt_header_dendrite_ip", "12.1.1.2",
                "bt_header_input_obj_a", "WzFd",
                "bt_header_input_obj_b", "not base64",
                "timeout", "12"));

    assertThat(inputs.at("/axon/nonce").stringValue()).isEqualTo("111");
    assertThat(inputs.at("/dendrite/ip").stringValue()).isEqualTo("12.1.1.2");
    assertThat(inputs.at("/a/0").intValue()).isEqualTo(1);
    assertThat(inputs.has("b")).isFalse();
    assertThat(inputs.get("timeout").stringValue()).isEqualTo("12");
    assertThat(inputs.get("name").isNull()).isTrue();
  }

  @Test
  void mergesJsonThenHeadersThenTheStatus() {
    Synapse.Answered answered =
        answered(
            200,
            with(
                "bt_header_axon_status_code", "200",
                "bt_header_axon_status_message", "Success",
                "bt_header_axon_process_time", "2.5e-05",
                "bt_header_dendrite_port", "4711"),
            "{\"dummy_input\":3,\"dummy_output\":6,\"axon\":{\"ip\":\"9.9.9.9\"},"
                + "\"dendrite\":{\"port\":1},\"computed_body_hash\":\"theirs\",\"other\":1}");

    Synapse synapse = answered.synapse();
    assertThat(answered.raised()).isFalse();
    assertThat(synapse.fields().get("dummy_input").intValue()).isEqualTo(3);
    assertThat(synapse.fields().get("dummy_output").intValue()).isEqualTo(6);
    assertThat(synapse.fields().has("other")).isFalse();
    assertThat(synapse.axon().ip()).isEqualTo("9.9.9.9");
    assertThat(synapse.axon().hotkey()).isNull();
    assertThat(synapse.axon().processTime()).isEqualTo(2.5e-5);
    assertThat(synapse.dendrite().port()).isEqualTo(4711L);
    assertThat(synapse.dendrite().statusCode()).isEqualTo(200);
    assertThat(synapse.dendrite().statusMessage()).isEqualTo("Success");
    assertThat(synapse.computedBodyHash()).isEmpty();
  }

  @Test
  void hasNoStatusAfterAnAnswerThatGivesNone() {
    Synapse synapse = answered(200, JSON, "{\"dummy_input\":1,\"dummy_output\":6}").synapse();

    assertThat(synapse.fields().get("dummy_output").intValue()).isEqualTo(6);
    assertThat(synapse.dendrite().statusCode()).isNull();
    assertThat(synapse.isFailure()).isTrue();
  }

  @Test
  void keepsItsFieldsAfterAnErrorStatus() {
    Synapse synapse = answered(500, JSON, "{\"message\":\"broken\"}").synapse();

    assertThat(synapse.fields()).isEqualTo(dummy().fields());
    assertThat(synapse.axon().hotkey()).isEqualTo("5Axon");
    assertThat(synapse.axon().statusCode()).isEqualTo(500);
    assertThat(synapse.dendrite().statusMessage()).isEqualTo("broken");
  }

  @Test
  void keepsTheHttpStatusOfAnErrorThatIsAList() {
    Synapse.Answered answered = answered(500, JSON, "[]");

    assertThat(answered.raised()).isTrue();
    assertThat(answered.synapse().axon().statusCode()).isEqualTo(500);
    assertThat(answered.synapse().dendrite().statusCode()).isEqualTo(422);
  }

  @Test
  void isFilledAlreadyWhenAHeaderThenFails() {
    Synapse.Answered answered =
        answered(
            200, with("bt_header_axon_port", "eighty"), "{\"dummy_input\":1,\"dummy_output\":6}");

    assertThat(answered.raised()).isTrue();
    assertThat(answered.synapse().fields().get("dummy_output").intValue()).isEqualTo(6);
    assertThat(answered.synapse().dendrite().statusCode()).isEqualTo(422);
  }

  @Test
  void recordsEachKindOfExceptionWithItsCodeAndText() {
    assertThat(recorded(DendriteError.CONNECTOR))
        .isEqualTo("503 Service unavailable at 198.51.100.2:8091/Dummy");
    assertThat(recorded(DendriteError.TIMEOUT)).isEqualTo("408 Request timeout after 12.0 seconds");
    assertThat(recorded(DendriteError.RESPONSE)).isEqualTo("400 Client response error: why");
    assertThat(recorded(DendriteError.PAYLOAD)).isEqualTo("400 Payload error: why");
    assertThat(recorded(DendriteError.CLIENT)).isEqualTo("500 Client error: why");
    assertThat(recorded(DendriteError.SERVER_TIMEOUT)).isEqualTo("504 Server timeout error: why");
    assertThat(recorded(DendriteError.SERVER_DISCONNECTED))
        .isEqualTo("503 Service disconnected: why");
    assertThat(recorded(DendriteError.SERVER_CONNECTION))
        .isEqualTo("503 Service connection error: why");
    assertThat(recorded(DendriteError.OTHER)).isEqualTo("422 Failed to parse response: why");
  }

  @Test
  void recordsThreeKindsOfExceptionAsSdksBefore74() {
    assertThat(before74(DendriteError.CONNECTOR))
        .isEqualTo("503 Service at 198.51.100.2:8091/Dummy unavailable.");
    for (DendriteError late : List.of(DendriteError.TIMEOUT, DendriteError.SERVER_TIMEOUT)) {
      assertThat(before74(late)).isEqualTo("408 Timedout after 12.0 seconds.");
    }
    for (DendriteError other :
        List.of(
            DendriteError.RESPONSE,
            DendriteError.PAYLOAD,
            DendriteError.CLIENT,
            DendriteError.SERVER_DISCONNECTED,
            DendriteError.SERVER_CONNECTION,
            DendriteError.OTHER)) {
      assertThat(before74(other)).isEqualTo("422 Failed to parse response object with error: why");
    }
  }

  private static String before74(DendriteError error) {
    DendriteView view = error.viewBeforeSdk74(dummy(), "Dummy", "why");
    return view.statusCode() + " " + view.statusMessage();
  }

  private static String recorded(DendriteError error) {
    TerminalInfo side = dummy().processErrorMessage(error.view(dummy(), "Dummy", "why")).dendrite();
    return side.statusCode() + " " + side.statusMessage();
  }
}
