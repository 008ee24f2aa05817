package org.axonometer.synapse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonometer.subnet.AxonEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the Python dendrite records, protocol 4.4 and 4.5. */
class DendriteViewTest {
  private static final String URL = "http://127.0.0.1:8091/Dummy";
  private static final String GOOD = "{\"dummy_input\":1,\"dummy_output\":2}";

  private static DendriteView view(int status, String json, String... namesAndValues) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("content-type", List.of("application/json"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
    }
    return SynapseReply.read(UnsignedRequests.dummy(), URL, status, headers, json.getBytes(UTF_8))
        .view();
  }

  // --- exceptions

  @Test
  void writesPythonsTextsForFailures() {
    AxonEndpoint axon = new AxonEndpoint(InetAddress.ofLiteral("127.0.0.1"), 1);
    assertThat(DendriteView.unavailable(axon, "My"))
        .isEqualTo(new DendriteView(503, "Service unavailable at 127.0.0.1:1/My"));
    assertThat(DendriteView.timedOut("12.0"))
        .isEqualTo(new DendriteView(408, "Request timeout after 12.0 seconds"));
    assertThat(DendriteView.disconnected())
        .isEqualTo(new DendriteView(503, "Service disconnected: Server disconnected"));
    assertThat(DendriteView.payloadError())
        .isEqualTo(new DendriteView(400, "Payload error: Response payload is not completed"));
    assertThat(DendriteView.reset().statusCode()).isEqualTo(422);
    assertThat(DendriteView.notHttp(URL, "it's").statusMessage())
        .isEqualTo(
            "Client response error: 400, message=\"it's\", url=URL('http://127.0.0.1:8091/Dummy')");
  }

  // --- answers of status 200

  @Test
  void takesTheStatusOfTheHeader() {
    assertThat(
            view(
                200,
                GOOD,
                "bt_header_axon_status_code",
                "200",
                "bt_header_axon_status_message",
                "Success"))
        .isEqualTo(new DendriteView(200, "Success"));
    assertThat(view(200, GOOD, "bt_header_axon_status_code", "500"))
        .isEqualTo(new DendriteView(500, null));
  }

  @Test
  void hasNoStatusWhenTheAxonGivesNone() {
    assertThat(view(200, GOOD)).isEqualTo(new DendriteView(null, null));
  }

  @Test
  void takesTheStatusOfTheJsonUnlessAHeaderOverridesIt() {
    String json =
        "{\"dummy_input\":1,\"axon\":{\"status_code\":\"206\",\"status_message\":\"some\"}}";
    assertThat(view(200, json)).isEqualTo(new DendriteView(206, "some"));
    assertThat(view(200, json, "bt_header_axon_status_code", "200"))
        .isEqualTo(new DendriteView(200, "some"));
  }

  @Test
  void failsToParseAnEmptyBody() {
    assertThat(view(200, ""))
        .isEqualTo(
            new DendriteView(
                422,
                "Failed to parse response: Dummy() argument after ** must be a mapping, not"
                    + " NoneType"));
  }

  @Test
  void failsToParseAListBody() {
    assertThat(view(200, "[]").statusMessage()).endsWith("must be a mapping, not list");
    assertThat(view(200, "[]").statusCode()).isEqualTo(422);
  }

  @Test
  void failsToParseBrokenJson() {
    DendriteView view = view(200, "{broken");
    assertThat(view.statusCode()).isEqualTo(422);
    assertThat(view.statusMessage()).startsWith("Failed to parse response: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|dummy_input",
        "{\"dummy_input\":\"x\"}|dummy_input",
        "{\"dummy_input\":1,\"dummy_output\":\"x\"}|dummy_output",
        "{\"dummy_input\":1,\"timeout\":\"soon\"}|timeout",
        "{\"dummy_input\":1,\"total_size\":\"1.5\"}|total_size",
        "{\"dummy_input\":1,\"axon\":5}|axon",
        "{\"dummy_input\":1,\"axon\":{\"port\":\"x\"}}|axon.port",
        "{\"dummy_input\":1,\"dendrite\":{\"ip\":5}}|dendrite.ip",
        "{\"dummy_input\":1,\"axon\":{\"process_time\":\"fast\"}}|axon.process_time",
        "{\"dummy_input\":1,\"computed_body_hash\":5}|computed_body_hash"
      })
  void failsToParseJsonThatIsNotTheClass(String json, String field) {
    assertThat(view(200, json, "bt_header_axon_status_code", "200"))
        .isEqualTo(
            new DendriteView(
                422, "Failed to parse response: 1 validation error for Dummy: " + field));
  }

  @Test
  void readsJsonAsLaxlyAsPython() {
    assertThat(
            view(
                200,
                "{\"dummy_input\":1,\"dummy_input\":2,\"x\":NaN,\"timeout\":\"12.0\"}",
                "bt_header_axon_status_code",
                "200"))
        .isEqualTo(new DendriteView(200, null));
  }

  @Test
  void cannotTellWhatACallThatRaisesRecords() {
    assertThat(view(200, "{\"dummy_input\":1,\"dendrite\":null,\"axon\":{\"status_code\":200}}"))
        .isEqualTo(DendriteView.unknown());
  }

  @Test
  void failsOnAnAnswerWithoutItsAxonAsPythonDoes() {
    assertThat(view(200, "{\"dummy_input\":1,\"axon\":null}", "bt_header_axon_status_code", "200"))
        .isEqualTo(
            new DendriteView(
                422, "Failed to parse response: 'NoneType' object has no attribute '__dict__'"));
  }

  // --- other answers

  @ParameterizedTest
  @CsvSource({"400", "401", "403", "404", "408", "500", "503"})
  void takesHttpStatusAndJsonMessageOfAnError(int status) {
    assertThat(view(status, "{\"message\":\"why\"}")).isEqualTo(new DendriteView(status, "why"));
    assertThat(view(status, "{\"detail\":[]}")).isEqualTo(new DendriteView(status, null));
    assertThat(
            view(
                status,
                "{\"message\":\"why\"}",
                "bt_header_axon_status_code",
                "200",
                "bt_header_axon_status_message",
                "Success"))
        .isEqualTo(new DendriteView(200, "Success"));
  }

  @Test
  void losesTheStatusOfAnHtmlErrorPage() {
    assertThat(view(502, "<html></html>", "content-type", "Text/HTML"))
        .isEqualTo(
            new DendriteView(
                422,
                "Failed to parse response: 0, message='Attempt to decode JSON with unexpected"
                    + " mimetype: text/html', url=URL('http://127.0.0.1:8091/Dummy')"));
  }

  @Test
  void failsToParseAnErrorThatIsNoObject() {
    assertThat(view(500, "[]"))
        .isEqualTo(
            new DendriteView(
                422, "Failed to parse response: 'list' object has no attribute 'get'"));
    assertThat(view(500, "").statusMessage())
        .isEqualTo("Failed to parse response: 'NoneType' object has no attribute 'get'");
    assertThat(view(500, "{\"message\":[]}").statusMessage())
        .startsWith("Failed to parse response: 1 validation error for TerminalInfo");
  }

  @ParameterizedTest
  @CsvSource({
    "bt_header_axon_port, x",
    "bt_header_axon_status_code, ok",
    "bt_header_dendrite_nonce, 1.5",
    "bt_header_axon_process_time, fast",
    "timeout, soon",
    "header_size, big"
  })
  void failsToParseBadHeaders(String name, String value) {
    DendriteView view = view(200, GOOD, name, value);
    assertThat(view.statusCode()).isEqualTo(422);
    assertThat(view.statusMessage())
        .startsWith("Failed to parse response: 1 validation error for Synapse");
  }

  @Test
  void readsNumbersAsPythonDoes() {
    assertThat(view(200, GOOD, "bt_header_axon_status_code", " +2_00 ").statusCode())
        .isEqualTo(200);
    assertThat(view(200, GOOD, "bt_header_axon_process_time", "2.36e-05").statusCode()).isNull();
    assertThat(view(200, GOOD, "bt_header_axon_status_code", "9".repeat(60_000)).statusCode())
        .isEqualTo(422);
    assertThat(view(200, GOOD, "bt_header_axon_port", "1_".repeat(30_000) + "1").statusCode())
        .isEqualTo(422);
  }

  @Test
  void cannotTellWhereARedirectWouldHaveLed() {
    assertThat(view(307, "", "location", "http://127.0.0.1/")).isEqualTo(DendriteView.unknown());
  }
}
