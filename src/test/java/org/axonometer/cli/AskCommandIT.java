package org.axonometer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.metagraph.Neuron;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.testing.ScriptedAxon;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.TestRounds;
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
    return ask(new StringWriter(), arguments);
  }

  private Ran ask(Writer out, String... arguments) {
    List<String> line = new ArrayList<>(List.of("ask"));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--wallet.path", folder.resolve("wallets").toString()));
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
  void printsTheFirstTextBeforeTheStreamGoesOn() throws Exception {
    CountDownLatch printed = new CountDownLatch(1);
    StringWriter out =
        new StringWriter() {
          @Override
          public void write(String text, int from, int length) {
            super.write(text, from, length);
            if (toString().contains("Hello")) {
              printed.countDown();
            }
          }
        };
    AtomicBoolean seenWhileOpen = new AtomicBoolean();
    try (ScriptedAxon axon =
        ScriptedAxon.playing(
            connection -> {
              connection.readRequest();
              connection.send(
                  """
                  HTTP/1.1 200 OK\r
                  content-type: text/event-stream\r
                  bt_header_axon_status_code: 200\r
                  transfer-encoding: chunked\r
                  \r
                  5\r
                  Hello\r
                  """);
              seenWhileOpen.set(printed.await(30, TimeUnit.SECONDS));
              connection.send("6\r\n world\r\n0\r\n\r\n");
            })) {
      Ran ran =
          ask(
              out,
              axon.endpoint().toString(),
              "--hotkey",
              AXON_HOTKEY,
              "--allow-addresses",
              "127.0.0.0/8",
              "--stream",
              "--timeout",
              "60s");

      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertThat(seenWhileOpen).isTrue();
      assertThat(ran.out()).startsWith("Hello world\nOK  ");
    }
  }

  private Path snapshot(Neuron... neurons) {
    Path file = folder.resolve("snapshot.json");
    SnapshotFile.write(SnapshotNeurons.snapshot(neurons), file);
    return file;
  }

  @Test
  void asksAUidOfASnapshot() {
    try (ScriptedAxon axon = ScriptedAxon.answering("{\"dummy_input\":7,\"dummy_output\":14}")) {
      Path file =
          snapshot(
              SnapshotNeurons.serving(2, "127.0.0.1", 1),
              SnapshotNeurons.serving(3, "127.0.0.1", axon.endpoint().port()),
              SnapshotNeurons.notServing(4));
      String[] more = {
        "--snapshot",
        file.toString(),
        "--synapse",
        synapse.toString(),
        "--field",
        "dummy_input=7",
        "--allow-addresses",
        "127.0.0.0/8"
      };
      Ran ran = ask(with(more, "3"));

      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertThat(axon.requests().getFirst().header("bt_header_axon_hotkey"))
          .hasValue(SnapshotNeurons.hotkey(3).text());
      assertThat(axon.requests().getFirst().header("bt_header_axon_port"))
          .hasValue(Integer.toString(axon.endpoint().port()));
      assertThat(ask(with(more, axon.endpoint().toString())).exitCode())
          .as("the address of one neuron needs no hotkey")
          .isZero();
      assertThat(ask(with(more, "4")).err()).contains("uid 4 serves nowhere");
      assertThat(ask(with(more, "5")).err()).contains("uid 5 is not in the snapshot");
      assertThat(ask("3").err()).contains("a uid needs a snapshot");
      assertThat(axon.acceptedConnections()).isEqualTo(2);
    }
  }

  private static String[] with(String[] flags, String axon) {
    List<String> line = new ArrayList<>(List.of(axon));
    line.addAll(List.of(flags));
    return line.toArray(String[]::new);
  }

  @Test
  void takesEverythingFromAJob() throws IOException {
    try (ScriptedAxon axon = ScriptedAxon.answering("{\"completion\":\"noon\"}")) {
      Hotkey validator = Hotkey.generate();
      Path home = Files.createDirectory(folder.resolve("rounds"));
      TestRounds.in(
              home,
              SnapshotNeurons.snapshot(
                  SnapshotNeurons.serving(7, "127.0.0.1", axon.endpoint().port())),
              validator)
          .job("probe", "timeout: 3s", "dendrite-ip: 203.0.113.9");
      StringWriter out = new StringWriter();
      CommandLine commands = Axonometer.commandLine();
      commands.setOut(new PrintWriter(out, true));

      int exitCode =
          commands.execute("ask", "7", "--job", "probe", "--jobs", home.resolve("jobs").toString());

      assertThat(exitCode).isZero();
      assertThat(out.toString()).startsWith("OK  ").contains("completion = \"noon\"");
      ScriptedAxon.Request asked = axon.requests().getFirst();
      assertThat(asked.line()).isEqualTo("POST /Prompt HTTP/1.1");
      assertThat(asked.text()).contains("What is the time?");
      assertThat(asked.header("timeout")).hasValue("3.0");
      assertThat(asked.header("bt_header_dendrite_ip")).hasValue("203.0.113.9");
      assertThat(asked.header("bt_header_dendrite_hotkey")).hasValue(validator.address().text());
      assertThat(asked.header("bt_header_axon_hotkey")).hasValue(SnapshotNeurons.hotkey(7).text());
    }
  }

  @Test
  void judgesANeuronByItsOwnAddressAndType() {
    try (ScriptedAxon axon = ScriptedAxon.answering("{}")) {
      Path file =
          snapshot(
              SnapshotNeurons.neuron(
                  3,
                  BigInteger.valueOf(0x7f000001L),
                  6,
                  axon.endpoint().port(),
                  BigInteger.ONE,
                  false));
      Ran ran = ask("3", "--snapshot", file.toString(), "--allow-addresses", "127.0.0.0/8");

      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.err())
          .contains("127.0.0.1 is IPv4, but its ip_type is 6")
          .doesNotContain("--allow-addresses");
      assertThat(axon.acceptedConnections()).isZero();
    }
  }

  @Test
  void neverAsksThisMachineItself() {
    Ran ran =
        ask("8.8.4.4:8091", "--hotkey", AXON_HOTKEY, "--external-ip", "8.8.4.4", "--timeout", "1s");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .contains("8.8.4.4 is this machine itself")
        .contains("allow it with --allow-addresses 8.8.4.4/32");
    assertThat(ask("8.8.4.4:5432", "--hotkey", AXON_HOTKEY).err())
        .contains("port 5432 is denied")
        .doesNotContain("--allow-addresses");
  }

  @Test
  void goesToLoopbackForItsOwnAddressWhenAsked() {
    try (ScriptedAxon axon = ScriptedAxon.answering("{}")) {
      Ran ran =
          ask(
              "8.8.4.4:" + axon.endpoint().port(),
              "--hotkey",
              AXON_HOTKEY,
              "--external-ip",
              "8.8.4.4",
              "--own-ip-is-loopback");

      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertThat(axon.requests().getFirst().header("bt_header_axon_ip")).hasValue("8.8.4.4");
      assertThat(axon.requests().getFirst().header("bt_header_dendrite_ip")).hasValue("8.8.4.4");
    }
  }

  @Test
  void detectsItsExternalAddress() {
    try (ScriptedAxon axon = ScriptedAxon.answering("{\"dummy_input\":7}");
        ScriptedAxon broken = ScriptedAxon.sending(ScriptedAxon.http(503, "busy"));
        ScriptedAxon service = ScriptedAxon.sending(ScriptedAxon.http(200, "8.8.4.4\n"))) {
      Ran ran =
          askDummy(
              axon,
              "--external-ip",
              "detect",
              "--external-ip-service",
              "http://" + broken.endpoint(),
              "--external-ip-service",
              "http://" + service.endpoint());

      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertThat(axon.requests().getFirst().header("bt_header_dendrite_ip")).hasValue("8.8.4.4");
      assertThat(broken.requests()).hasSize(1);
      Ran none =
          askDummy(
              axon,
              "--external-ip",
              "detect",
              "--external-ip-service",
              "http://" + broken.endpoint());
      assertThat(none.exitCode()).isEqualTo(1);
      assertThat(none.err()).contains("no service told our address");
    }
  }

  @Test
  void warnsOfAHashThatDependsOnTheAxonsSdk() throws IOException {
    Path rate =
        Files.writeString(
            folder.resolve("rate.yaml"),
            """
            name: Rate
            request: {rate: {type: "union[int, float]"}}
            response: {answer: "optional[int]"}
            hash-fields: [rate]
            """);
    try (ScriptedAxon axon = ScriptedAxon.answering("{}")) {
      Ran ran =
          ask(
              axon.endpoint().toString(),
              "--hotkey",
              AXON_HOTKEY,
              "--allow-addresses",
              "127.0.0.0/8",
              "--synapse",
              rate.toString(),
              "--field",
              "rate=5.5",
              "--json");

      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertThat(ran.err()).startsWith("warning: hash field rate ").contains("SDK 6.9");
      assertThat(ran.json().at("/observed/outcome").stringValue()).isEqualTo("OK");
    }
  }

  @Test
  void tellsWhatTheAxonsSignatureIsWorth() {
    Hotkey key = Hotkey.generate();
    try (ScriptedAxon axon =
        ScriptedAxon.playing(
            connection -> {
              ScriptedAxon.Request query = connection.readRequest();
              String message =
                  "12345.%s.%s.axon"
                      .formatted(
                          query.header("bt_header_dendrite_hotkey").orElseThrow(), key.address());
              connection.send(
                  ScriptedAxon.http(
                      401,
                      "{\"message\":\"no\"}",
                      "content-type: application/json",
                      "bt_header_axon_nonce: 12345",
                      "bt_header_axon_uuid: axon",
                      "bt_header_axon_signature: 0x"
                          + HexFormat.of().formatHex(key.sign(message.getBytes(UTF_8)))));
            })) {
      String[] flags = {"--allow-addresses", "127.0.0.0/8", "--hotkey"};
      List<String> own = new ArrayList<>(List.of(with(flags, axon.endpoint().toString())));
      own.add(key.address().text());

      Ran text = ask(own.toArray(String[]::new));
      assertThat(text.out()).startsWith("REFUSED").contains("axon signature VALID");
      own.set(own.size() - 1, AXON_HOTKEY);
      own.add("--json");
      JsonNode observed = ask(own.toArray(String[]::new)).json().get("observed");
      assertThat(observed.get("axon_signature").stringValue()).isEqualTo("INVALID");
      assertThat(observed.get("claimed_axon_nonce").stringValue()).isEqualTo("12345");
    }
    Ran nobody =
        ask("127.0.0.1:9", "--hotkey", AXON_HOTKEY, "--allow-addresses", "127.0.0.0/8", "--json");
    assertThat(nobody.json().at("/observed/axon_signature").isNull()).isTrue();
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
