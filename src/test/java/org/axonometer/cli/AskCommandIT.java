package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.testing.ScriptedAxon;
import org.axonometer.wallet.Hotkey;
import org.axonometer.wallet.WalletDirectory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code axonometer ask} against real sockets. */
class AskCommandIT {
  private static final String DUMMY =
      """
      name: Dummy
      request: {dummy_input: int}
      response: {dummy_output: "optional[int]"}
      """;
  private static final String AXON_HOTKEY = Hotkey.generate().address().text();

  @TempDir private Path folder = Path.of("");
  private Path synapse = Path.of("");

  private record Ran(int exitCode, String out, String err) {
    JsonNode json() {
      return JsonMapper.shared().readTree(out);
    }
  }

  @BeforeAll
  static void settings() {
    HttpProperties.set();
  }

  @BeforeEach
  void files() throws IOException {
    new WalletDirectory(folder.resolve("wallets")).create("default", "default", Hotkey.generate());
    synapse = Files.writeString(folder.resolve("dummy.yaml"), DUMMY);
  }

  private Ran ask(String... arguments) {
    List<String> line = new ArrayList<>(List.of("ask"));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--wallet.path", folder.resolve("wallets").toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commands = Axonometer.commandLine();
    commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exitCode = commands.execute(line.toArray(String[]::new));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  private Ran askDummy(ScriptedAxon axon, String... more) {
    List<String> line =
        new ArrayList<>(
            List.of(
                axon.endpoint().toString(),
                "--synapse",
                synapse.toString(),
                "--field",
                "dummy_input=7",
                "--hotkey",
                AXON_HOTKEY,
                "--allow-addresses",
                "127.0.0.0/8"));
    line.addAll(List.of(more));
    return ask(line.toArray(String[]::new));
  }

  @Test
  void printsTheAnswersFields() {
    try (ScriptedAxon axon = ScriptedAxon.answering("{\"dummy_input\":7,\"dummy_output\":14}")) {
      Ran ran = askDummy(axon);

      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertThat(ran.out()).startsWith("OK  " + axon.endpoint()).contains("dummy_output = 14");
      assertThat(axon.requests().getFirst().line()).isEqualTo("POST /Dummy HTTP/1.1");
      assertThat(axon.requests().getFirst().text()).contains("\"dummy_input\":7");
    }
  }

  @Test
  void givesAllThreeViewsAsJson() {
    try (ScriptedAxon axon =
        ScriptedAxon.answering(
            "{\"dummy_input\":8,\"dummy_output\":14,\"dendrite\":{\"ip\":\"9.9.9.9\"}}")) {
      JsonNode json = askDummy(axon, "--json", "--external-ip", "203.0.113.7").json();

      JsonNode request = json.get("request");
      assertThat(request.get("url").stringValue())
          .isEqualTo("http://" + axon.endpoint() + "/Dummy");
      assertThat(request.at("/headers/bt_header_dendrite_ip").stringValue())
          .isEqualTo("203.0.113.7");
      assertThat(request.at("/body/dummy_input").intValue()).isEqualTo(7);
      JsonNode observed = json.get("observed");
      assertThat(observed.get("outcome").stringValue()).isEqualTo("OK");
      assertThat(observed.get("blame").stringValue()).isEqualTo("NONE");
      assertThat(observed.get("http_status").intValue()).isEqualTo(200);
      assertThat(observed.at("/headers/bt_header_axon_status_code").stringValue()).isEqualTo("200");
      assertThat(observed.get("body").stringValue()).contains("9.9.9.9");
      JsonNode dendrite = json.get("dendrite");
      assertThat(dendrite.get("status_code").intValue()).isEqualTo(200);
      assertThat(dendrite.get("status_message").stringValue()).isEqualTo("Success");
      assertThat(dendrite.get("is_success").booleanValue()).isTrue();
      assertThat(dendrite.at("/fields/dummy_input").intValue()).isEqualTo(8);
      assertThat(dendrite.at("/synapse/dendrite/ip").stringValue()).isEqualTo("9.9.9.9");
      assertThat(dendrite.at("/synapse/axon/process_time").doubleValue()).isEqualTo(0.05);
    }
  }

  @Test
  void endsWithTwoWhenTheAnswerIsNotOk() {
    try (ScriptedAxon axon =
        ScriptedAxon.sending(
            ScriptedAxon.http(
                403,
                "{\"message\":\"Forbidden. Key is blacklisted: no.\"}",
                "content-type: application/json"))) {
      Ran ran = askDummy(axon);

      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.out()).startsWith("REFUSED").contains("HTTP 403").contains("blacklisted");
    }
  }

  @Test
  void showsHeadersAndBodiesWithoutObeyingThem() {
    try (ScriptedAxon axon =
        ScriptedAxon.answering(
            "{\"dummy_input\":7,\n\"dummy_output\":14,\"x\":\"\u001b[2J\u009b31m\u202e\"}")) {
      Ran ran = askDummy(axon, "-v");

      assertThat(ran.out())
          .contains("> POST http://" + axon.endpoint() + "/Dummy")
          .contains("> bt_header_dendrite_signature: 0x")
          .contains("< HTTP 200")
          .contains("< bt_header_axon_status_code: 200")
          .contains("\\u001b[2J\\u009b31m\\u202e");
      assertThat(ran.out().chars().filter(c -> c != '\n' && Character.isISOControl(c))).isEmpty();
    }
  }

  @Test
  void givesAnArrayForSeveralAxonsInTheOrderAsked() {
    try (ScriptedAxon first = ScriptedAxon.answering("{\"dummy_input\":7,\"dummy_output\":1}");
        ScriptedAxon second = ScriptedAxon.answering("{\"dummy_input\":7,\"dummy_output\":2}")) {
      JsonNode json =
          askDummy(first, second.endpoint().toString(), "--sequential", "--json").json();

      assertThat(json.isArray()).isTrue();
      assertThat(json.at("/0/dendrite/fields/dummy_output").intValue()).isEqualTo(1);
      assertThat(json.at("/1/dendrite/fields/dummy_output").intValue()).isEqualTo(2);
    }
  }

  @Test
  void printsAStreamWhileItComes() {
    try (ScriptedAxon axon =
        ScriptedAxon.sending(
            String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "content-type: text/event-stream",
                "bt_header_axon_status_code: 200",
                "transfer-encoding: chunked",
                "",
                "6",
                "Hel\u001blo",
                "6",
                " world",
                "0",
                "",
                ""))) {
      Ran text = askDummy(axon, "--stream");
      JsonNode json = askDummy(axon, "--stream", "--json").json();

      assertThat(text.out()).startsWith("Hel\\u001blo world\nOK  ");
      assertThat(json.at("/observed/stream/chunks").intValue()).isPositive();
      assertThat(json.at("/observed/outcome").stringValue()).isEqualTo("OK");
      assertThat(json.at("/dendrite/status_code").intValue()).isEqualTo(200);
    }
  }

  @Test
  void pingsWithTheBaseSynapse() {
    try (ScriptedAxon axon = ScriptedAxon.answering("{\"name\":\"Synapse\"}")) {
      Ran ran =
          ask(
              axon.endpoint().toString(),
              "--hotkey",
              AXON_HOTKEY,
              "--allow-addresses",
              "127.0.0.1/32");

      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertThat(axon.requests().getFirst().line()).isEqualTo("POST /Synapse HTTP/1.1");
    }
  }

  @Test
  void asksAnIpv6Axon() {
    try (ScriptedAxon axon =
        ScriptedAxon.playing(
            InetAddress.ofLiteral("::1"),
            connection -> {
              connection.readRequest();
              connection.send(ScriptedAxon.success("{\"dummy_input\":7,\"dummy_output\":14}"));
            })) {
      Ran ran = askDummy(axon, "--allow-addresses", "::1/128", "--json");

      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertThat(ran.json().at("/request/url").stringValue()).startsWith("http://[::1]:");
    }
  }

  @Test
  void refusesAnAddressThatIsNotPublic() {
    Ran ran = ask("127.0.0.1:9", "--hotkey", AXON_HOTKEY);

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("127.0.0.1:9 is not asked").contains("--allow-addresses");
  }

  @Test
  void needsTheHotkeyOfAnUnknownAddress() {
    Ran ran = ask("127.0.0.1:9", "--allow-addresses", "127.0.0.0/8");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("whose axon is it?").contains("--hotkey");
  }

  @Test
  void refusesAFieldTheSynapseDoesNotHave() {
    Ran ran =
        ask(
            "127.0.0.1:9",
            "--hotkey",
            AXON_HOTKEY,
            "--synapse",
            synapse.toString(),
            "--field",
            "dummy_input=7",
            "--field",
            "other=1");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("\"other\" is no request field").contains("dummy_input");
  }

  @Test
  void refusesAValueOfTheWrongType() {
    Ran ran =
        ask(
            "127.0.0.1:9",
            "--hotkey",
            AXON_HOTKEY,
            "--synapse",
            synapse.toString(),
            "--field",
            "dummy_input=seven");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("dummy_input").contains("\"seven\"").contains("int");
  }
}
