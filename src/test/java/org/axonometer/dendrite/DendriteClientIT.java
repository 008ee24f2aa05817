package org.axonometer.dendrite;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.synapse.AxonSignature;
import org.axonometer.synapse.PythonType;
import org.axonometer.synapse.Synapse;
import org.axonometer.synapse.SynapseReply;
import org.axonometer.synapse.SynapseType;
import org.axonometer.synapse.UnsignedRequests;
import org.axonometer.testing.ClosedPort;
import org.axonometer.testing.ScriptedAxon;
import org.axonometer.wallet.Hotkey;
import org.axonometer.wallet.WalletDirectory;
import org.axonometer.wallet.WalletException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The calls of Python's dendrite, against real sockets. */
class DendriteClientIT {
  private static final Ss58Address AXON = Hotkey.generate().address();
  private static final String ANSWER = "{\"dummy_input\":1,\"dummy_output\":2}";
  private static final AskOptions<Synapse> OPTIONS = AskOptions.defaults();

  private final Hotkey hotkey = Hotkey.generate();
  private final DendriteClient dendrite = new DendriteClient(hotkey);
  @AutoClose private final ClosedPort closed = ClosedPort.hold();

  @BeforeAll
  static void settings() {
    HttpProperties.set();
  }

  private static Synapse dummy() {
    return Synapse.of(
        UnsignedRequests.dummy(), JsonNodeFactory.instance.objectNode().put("dummy_input", 1));
  }

  private static AxonTarget at(ScriptedAxon axon) {
    return new AxonTarget(axon.endpoint(), AXON);
  }

  private AxonTarget nobody() {
    return new AxonTarget(closed.endpoint(), AXON);
  }

  private static AxonTarget at(String host, int port) {
    return new AxonTarget(new AxonEndpoint(AxonEndpoint.literal(host), port), AXON);
  }

  private static int output(Synapse synapse) {
    return synapse.fields().path("dummy_output").asInt(-1);
  }

  @Test
  void pingsWithTheBaseSynapse() throws InterruptedException {
    try (ScriptedAxon axon = ScriptedAxon.answering("{}")) {
      assertThat(dendrite.query(at(axon)).synapse().isSuccess()).isTrue();
      assertThat(dendrite.query(List.of(at(axon), nobody())))
          .extracting(reply -> reply.synapse().isSuccess())
          .containsExactly(true, false);
      assertThat(axon.requests().getFirst().line()).isEqualTo("POST /Synapse HTTP/1.1");
    }
  }

  @Test
  void givesOneReplyForOneAxonAndAListInOrderForAList() throws InterruptedException {
    try (ScriptedAxon slow =
            ScriptedAxon.playing(
                connection -> {
                  connection.readRequest();
                  connection.pause(ofMillis(200)).send(ScriptedAxon.success(ANSWER));
                });
        ScriptedAxon fast = ScriptedAxon.answering("{\"dummy_input\":1,\"dummy_output\":3}")) {
      Reply<Integer> one =
          dendrite.forward(at(fast), dummy(), OPTIONS.deserializing(DendriteClientIT::output));
      List<Reply<Integer>> both =
          dendrite.forward(
              List.of(at(slow), at(fast)),
              dummy(),
              OPTIONS.deserializing(DendriteClientIT::output));

      assertThat(one.value()).isEqualTo(3);
      assertThat(both).extracting(Reply::value).containsExactly(2, 3);
    }
  }

  @Test
  void asksOneAfterAnotherWhenNotAsynchronous() throws InterruptedException {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    try (ScriptedAxon first = slowly("first", seen);
        ScriptedAxon second = slowly("second", seen)) {
      dendrite.forward(List.of(at(first), at(second)), dummy(), OPTIONS.runAsync(false));

      assertThat(seen)
          .containsExactly("first asked", "first answers", "second asked", "second answers");
    }
  }

  @Test
  void asksAllAtTheSameTimeOtherwise() throws InterruptedException {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    try (ScriptedAxon first = slowly("first", seen);
        ScriptedAxon second = slowly("second", seen)) {
      dendrite.forward(List.of(at(first), at(second)), dummy(), OPTIONS);

      assertThat(seen.subList(0, 2)).containsExactlyInAnyOrder("first asked", "second asked");
    }
  }

  @Test
  void asksAtMostSoManyAtTheSameTime() throws InterruptedException {
    assertThat(DendriteSettings.defaults().mostInFlight()).isEqualTo(100);
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<ScriptedAxon> axons = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        axons.add(
            ScriptedAxon.playing(
                connection -> {
                  connection.readRequest();
                  most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                  connection.pause(ofMillis(100));
                  underWay.decrementAndGet();
                  connection.send(ScriptedAxon.success(ANSWER));
                }));
      }
      var client = new DendriteClient(hotkey, DendriteSettings.defaults().mostInFlight(3));

      List<Reply<Synapse>> replies =
          client.query(axons.stream().map(DendriteClientIT::at).toList(), dummy(), OPTIONS);

      assertThat(replies).hasSize(8).allMatch(reply -> reply.synapse().isSuccess());
      assertThat(most).hasValue(3);
    } finally {
      axons.forEach(ScriptedAxon::close);
    }
  }

  @Test
  void waitingForAPlaceUsesNobodysDeadline() throws InterruptedException {
    try (ScriptedAxon silent = ScriptedAxon.acceptsAndStaysSilent();
        ScriptedAxon honest = ScriptedAxon.answering(ANSWER)) {
      var client = new DendriteClient(hotkey, DendriteSettings.defaults().mostInFlight(1));

      List<Reply<Synapse>> replies =
          client.query(List.of(at(silent), at(honest)), dummy(), OPTIONS.timeout(ofMillis(1_500)));

      assertThat(replies)
          .extracting(reply -> reply.exchange().outcome())
          .containsExactly(Outcome.TIMED_OUT, Outcome.OK);
    }
  }

  @Test
  void runsTheExampleOfTheDocuments() throws InterruptedException {
    try (ScriptedAxon first = ScriptedAxon.answering("{\"dummy_input\":21,\"dummy_output\":42}");
        ScriptedAxon second = ScriptedAxon.answering("{\"dummy_input\":21,\"dummy_output\":43}")) {
      List<AxonTarget> axons =
          List.of(
              DendriteExample.axon("127.0.0.1", first.endpoint().port(), AXON.text()),
              DendriteExample.axon("127.0.0.1", second.endpoint().port(), AXON.text()),
              nobody());

      assertThat(DendriteExample.doubled(hotkey, axons)).containsExactly(42, 43, -1);
      assertThat(first.requests().getFirst().text()).contains("\"dummy_input\":21");
      assertThat(first.requests().getFirst().header("timeout")).hasValue("5.0");
    }
  }

  private static ScriptedAxon slowly(String name, List<String> seen) {
    return ScriptedAxon.playing(
        connection -> {
          connection.readRequest();
          seen.add(name + " asked");
          connection.pause(ofMillis(500));
          seen.add(name + " answers");
          connection.send(ScriptedAxon.success(ANSWER));
        });
  }

  @Test
  void waitsTwelveSecondsUnlessTold() throws InterruptedException {
    try (ScriptedAxon axon = ScriptedAxon.answering(ANSWER)) {
      Reply<Synapse> reply = dendrite.call(at(axon), dummy(), OPTIONS);

      assertThat(OPTIONS.timeout()).isEqualTo(ofSeconds(12));
      assertThat(axon.requests().getFirst().header("timeout")).hasValue("12.0");
      assertThat(reply.request().timeout()).isEqualTo(ofSeconds(12));
    }
  }

  @Test
  void mergesTheAnswerAsPythonDoesAndKeepsWhatWasObserved() throws InterruptedException {
    try (ScriptedAxon axon =
        ScriptedAxon.answering(
            "{\"dummy_input\":9,\"dummy_output\":2,\"axon\":{\"ip\":\"9.9.9.9\"},\"timeout\":1}")) {
      Reply<Synapse> reply = dendrite.call(at(axon), dummy(), OPTIONS);

      Synapse synapse = reply.synapse();
      assertThat(synapse.fields().get("dummy_input").intValue()).isEqualTo(9);
      assertThat(synapse.axon().ip()).isEqualTo("9.9.9.9");
      assertThat(synapse.axon().hotkey()).isNull();
      assertThat(synapse.timeout()).isEqualTo(1.0);
      assertThat(synapse.dendrite().statusCode()).isEqualTo(200);
      assertThat(synapse.dendrite().statusMessage()).isEqualTo("Success");
      assertThat(synapse.dendrite().processTime()).isPositive();
      assertThat(reply.errorId()).isEmpty();
      assertThat(reply.request().endpoint()).isEqualTo(axon.endpoint());
      SynapseReply observed = Objects.requireNonNull(reply.exchange().reply());
      assertThat(observed.fields().propertyNames()).containsExactly("dummy_output");
    }
  }

  @Test
  void keepsTheNameOfTheClassWhateverTheAxonSays() throws InterruptedException {
    try (ScriptedAxon axon =
        ScriptedAxon.answering("{\"name\":\"Other\",\"dummy_input\":1,\"dummy_output\":2}")) {
      Synapse synapse = dendrite.call(at(axon), dummy(), OPTIONS).synapse();

      assertThat(synapse.isSuccess()).isTrue();
      assertThat(synapse.name()).isEqualTo("Dummy");
      assertThat(synapse.toJson().get("name").stringValue()).isEqualTo("Dummy");
    }
  }

  @Test
  void checksTheAxonsSignatureBesideTheAnswer() throws InterruptedException {
    Hotkey axonKey = Hotkey.generate();
    try (ScriptedAxon unsigned = ScriptedAxon.answering(ANSWER);
        ScriptedAxon signing =
            ScriptedAxon.playing(
                connection -> {
                  ScriptedAxon.Request query = connection.readRequest();
                  connection.send(signed(query, axonKey));
                })) {
      assertThat(signature(dendrite.call(at(unsigned), dummy(), OPTIONS)))
          .hasValue(AxonSignature.Verdict.ABSENT);
      var ours = new AxonTarget(signing.endpoint(), axonKey.address());
      assertThat(signature(dendrite.call(ours, dummy(), OPTIONS)))
          .hasValue(AxonSignature.Verdict.VALID);
      assertThat(signature(dendrite.call(ours, dummy(), OPTIONS)))
          .as("the same nonce again")
          .hasValue(AxonSignature.Verdict.REPLAYED);
      assertThat(signature(dendrite.call(at(signing), dummy(), OPTIONS)))
          .as("another hotkey was asked")
          .hasValue(AxonSignature.Verdict.INVALID);
      assertThat(signature(dendrite.call(nobody(), dummy(), OPTIONS))).isEmpty();
    }
  }

  private static Optional<AxonSignature.Verdict> signature(Reply<Synapse> reply) {
    return reply.signature().map(AxonSignature::verdict);
  }

  /** A refusal as axons of today sign it, always with the same nonce. */
  private static String signed(ScriptedAxon.Request query, Hotkey axon) {
    String message =
        "12345.%s.%s.axon"
            .formatted(
                query.header("bt_header_dendrite_hotkey").orElseThrow(),
                query.header("bt_header_axon_hotkey").orElseThrow());
    return ScriptedAxon.http(
        403,
        "{\"message\":\"no\"}",
        "content-type: application/json",
        "bt_header_axon_nonce: 12345",
        "bt_header_axon_uuid: axon",
        "bt_header_axon_signature: 0x"
            + HexFormat.of().formatHex(axon.sign(message.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void tellsOfHashesThatDependOnTheAxonsSdk() {
    SynapseType type =
        new SynapseType(
            "Probe",
            List.of(
                new SynapseType.Field(
                    "rate", PythonType.parse("union[int, float]", Map.of()), true, null)),
            List.of(),
            List.of("rate"));
    assertThat(
            DendriteClient.warnings(
                Synapse.of(type, JsonNodeFactory.instance.objectNode().put("rate", 5.5))))
        .singleElement()
        .asString()
        .contains("pydantic 1");
    assertThat(DendriteClient.warnings(dummy())).isEmpty();
  }

  @Test
  void recordsWhatPythonWouldHaveRaised() throws InterruptedException {
    AxonTarget nobody = nobody();
    Reply<Synapse> refused = dendrite.call(nobody, dummy(), OPTIONS);

    assertThat(refused.synapse().dendrite().statusCode()).isEqualTo(503);
    assertThat(refused.synapse().dendrite().statusMessage())
        .isEqualTo("Service unavailable at " + nobody.endpoint() + "/Dummy");
    assertThat(refused.synapse().dendrite().processTime()).isNull();
    assertThat(refused.synapse().axon().statusCode()).isNull();
    assertThat(refused.errorId()).isPresent();

    try (ScriptedAxon silent = ScriptedAxon.acceptsAndStaysSilent()) {
      Reply<Synapse> late = dendrite.call(at(silent), dummy(), OPTIONS.timeout(ofMillis(500)));

      assertThat(late.synapse().isTimeout()).isTrue();
      assertThat(late.synapse().dendrite().statusMessage())
          .isEqualTo("Request timeout after 0.5 seconds");
      assertThat(late.value()).isEqualTo(late.synapse());
    }
  }

  @Test
  void keepsTheCodeOfAnErrorInBothSides() throws InterruptedException {
    try (ScriptedAxon axon =
        ScriptedAxon.sending(
            ScriptedAxon.http(
                403, "{\"message\":\"Forbidden.\"}", "content-type: application/json"))) {
      Synapse synapse = dendrite.call(at(axon), dummy(), OPTIONS).synapse();

      assertThat(synapse.isBlacklist()).isTrue();
      assertThat(synapse.axon().statusCode()).isEqualTo(403);
      assertThat(synapse.axon().statusMessage()).isEqualTo("Forbidden.");
      assertThat(synapse.dendrite().statusMessage()).isEqualTo("Forbidden.");
      assertThat(synapse.axon().ip()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void sendsOneUuidWithNoncesRisingInTheOrderTheyArrive() throws InterruptedException {
    try (ScriptedAxon axon = ScriptedAxon.answering(ANSWER)) {
      dendrite.forward(Collections.nCopies(20, at(axon)), dummy(), OPTIONS);

      assertThat(axon.requests())
          .hasSize(20)
          .allSatisfy(
              request ->
                  assertThat(request.header("bt_header_dendrite_uuid")).hasValue(dendrite.uuid()));
      assertThat(axon.requests())
          .extracting(
              request -> Long.valueOf(request.header("bt_header_dendrite_nonce").orElseThrow()))
          .isSorted()
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void opensTheSessionAtTheFirstCallAndClosesItAfterAQuery() throws InterruptedException {
    try (ScriptedAxon axon = ScriptedAxon.answering(ANSWER)) {
      assertThat(dendrite.hasSession()).isFalse();
      dendrite.forward(at(axon), dummy(), OPTIONS);
      assertThat(dendrite.hasSession()).isTrue();
      dendrite.closeSession();
      assertThat(dendrite.hasSession()).isFalse();
      assertThat(dendrite.query(at(axon), dummy(), OPTIONS).synapse().isSuccess()).isTrue();
      assertThat(dendrite.hasSession()).isFalse();
    }
  }

  @Test
  void closesTheSessionAtTheEndOfATryBlock() throws InterruptedException {
    try (ScriptedAxon axon = ScriptedAxon.answering(ANSWER)) {
      DendriteClient left;
      try (var client = new DendriteClient(hotkey)) {
        client.forward(at(axon), dummy(), OPTIONS);
        left = client;
      }
      assertThat(left.hasSession()).isFalse();
      assertThat(axon.hasNoOpenConnectionsWithin(ofSeconds(10))).isTrue();
    }
  }

  @Test
  void endsTheSessionOfAForgottenClient() throws InterruptedException {
    Dendrite engine = engineOfAForgottenSession();
    long giveUp = System.nanoTime() + ofSeconds(30).toNanos();
    while (!isClosed(engine)) {
      assertThat(System.nanoTime()).as("the collector had its time").isLessThan(giveUp);
      System.gc();
      Thread.sleep(20);
    }
  }

  private static Dendrite engineOfAForgottenSession() {
    var session = new Session(1_000);
    try (Session.Lease lease = session.lease()) {
      assertThat(session.isOpen()).isTrue();
      return lease.dendrite();
    }
  }

  private boolean isClosed(Dendrite engine) throws InterruptedException {
    try {
      engine.lanes().take(closed.endpoint()).close();
      return false;
    } catch (Dendrite.ClosedDendrite closed) {
      return true;
    }
  }

  @Test
  void letsACallEndThatAClosedSessionIsOn() throws InterruptedException {
    AtomicInteger closed = new AtomicInteger();
    try (ScriptedAxon axon =
        ScriptedAxon.playing(
            connection -> {
              connection.readRequest();
              dendrite.closeSession();
              closed.incrementAndGet();
              connection.send(ScriptedAxon.success(ANSWER));
            })) {
      assertThat(dendrite.forward(at(axon), dummy(), OPTIONS).synapse().isSuccess()).isTrue();
      assertThat(closed).hasValue(1);
    }
  }

  @Test
  void goesToLoopbackForItsOwnAddressOnlyWhenAsked() throws InterruptedException {
    DendriteSettings settings = DendriteSettings.defaults().externalIp("203.0.113.7");
    var plain = new DendriteClient(hotkey, settings);
    var local = new DendriteClient(hotkey, settings.ownIpIsLoopback(true));

    assertThat(plain.endpointUrl(at("203.0.113.7", 80), "Dummy"))
        .isEqualTo("http://203.0.113.7:80/Dummy");
    assertThat(local.endpointUrl(at("203.0.113.7", 80), "Dummy"))
        .isEqualTo("http://127.0.0.1:80/Dummy");
    assertThat(local.endpointUrl(at("203.0.113.8", 80), "Dummy"))
        .isEqualTo("http://203.0.113.8:80/Dummy");
    try (ScriptedAxon axon = ScriptedAxon.answering(ANSWER)) {
      Reply<Synapse> reply =
          local.call(at("203.0.113.7", axon.endpoint().port()), dummy(), OPTIONS);

      assertThat(reply.synapse().isSuccess()).isTrue();
      assertThat(axon.requests().getFirst().header("bt_header_axon_ip")).hasValue("203.0.113.7");
    }
  }

  @Test
  void putsIpv6InBrackets() {
    assertThat(dendrite.endpointUrl(at("2001:db8::1", 8091), "Dummy"))
        .isEqualTo("http://[2001:db8::1]:8091/Dummy");
  }

  @Test
  void refusesValuesBeforeAnybodyIsAsked() {
    Synapse broken =
        new Synapse(
            dummy().type(),
            JsonNodeFactory.instance.objectNode().put("dummy_input", "one"),
            12.0,
            0L,
            0L,
            dummy().dendrite(),
            dummy().axon(),
            "");

    assertThatThrownBy(() -> dendrite.forward(List.of(nobody()), broken, OPTIONS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dummy_input");
    assertThat(dendrite.synapseHistory()).isEmpty();
  }

  @Test
  void setsBothSidesAndTheTimeoutBeforeItSigns() {
    DendriteClient.Prepared prepared =
        dendrite.preprocessSynapseForRequest(at("203.0.113.9", 8091), dummy(), ofSeconds(3));

    Synapse synapse = prepared.synapse();
    assertThat(synapse.timeout()).isEqualTo(3.0);
    assertThat(synapse.axon().ip()).isEqualTo("203.0.113.9");
    assertThat(synapse.axon().port()).isEqualTo(8091L);
    assertThat(synapse.axon().hotkey()).isEqualTo(AXON.text());
    assertThat(synapse.dendrite().hotkey()).isEqualTo(hotkey.address().text());
    assertThat(synapse.dendrite().uuid()).isEqualTo(dendrite.uuid());
    assertThat(synapse.dendrite().signature()).startsWith("0x").hasSize(130);
    JsonNode sent =
        tools.jackson.databind.json.JsonMapper.shared().readTree(prepared.request().body());
    assertThat(sent.get("dendrite")).isEqualTo(json(synapse.dendrite().toJson()));
    assertThat(sent.get("axon")).isEqualTo(json(synapse.axon().toJson()));
  }

  private static JsonNode json(JsonNode node) {
    return tools.jackson.databind.json.JsonMapper.shared().readTree(node.toString());
  }

  @Test
  void keepsTheNewestBaseSynapses() throws InterruptedException {
    var client = new DendriteClient(hotkey, DendriteSettings.defaults().historyLength(2));
    try (ScriptedAxon axon = ScriptedAxon.answering(ANSWER)) {
      client.query(at(axon), dummy(), OPTIONS);
      client.query(nobody(), dummy(), OPTIONS);
      client.query(at(axon), dummy(), OPTIONS);

      assertThat(client.synapseHistory())
          .extracting(kept -> kept.dendrite().statusCode())
          .containsExactly(503, 200);
      Synapse kept = client.synapseHistory().getLast();
      assertThat(kept.name()).isEqualTo("Synapse");
      assertThat(kept.fields()).isEmpty();
      assertThat(kept.computedBodyHash()).hasSize(64);
      assertThat(kept.axon().processTime()).isEqualTo(0.05);
    }
  }

  @Test
  void saysWhoItIs() {
    assertThat(dendrite).hasToString("dendrite(" + hotkey.address() + ")");
    assertThat(dendrite.keypair()).isSameAs(hotkey);
    assertThat(dendrite.externalIp()).isEmpty();
    assertThat(dendrite.uuid()).isNotEqualTo(new DendriteClient(hotkey).uuid());
  }

  @Test
  void signsWithTheDefaultWalletWhenNoneIsGiven(@TempDir Path folder) {
    new WalletDirectory(folder).create("validator", "probe", hotkey);

    assertThat(
            DendriteClient.of(
                    Map.of(
                        "BT_WALLET_PATH",
                        folder.toString(),
                        "BT_WALLET_NAME",
                        "validator",
                        "BT_WALLET_HOTKEY",
                        "probe"),
                    DendriteSettings.defaults())
                .keypair()
                .address())
        .isEqualTo(hotkey.address());
    assertThatThrownBy(
            () ->
                DendriteClient.of(
                    Map.of("BT_WALLET_PATH", folder.toString()), DendriteSettings.defaults()))
        .isInstanceOf(WalletException.class);
  }

  @Test
  void readsTheDefaultWalletsPathAsBtcliDoes() {
    assertThatThrownBy(
            () ->
                DendriteClient.of(
                    Map.of("BT_WALLET_PATH", "~/no-such-wallets"), DendriteSettings.defaults()))
        .isInstanceOf(WalletException.class)
        .hasMessageStartingWith(System.getProperty("user.home") + "/no-such-wallets/default");
  }

  @Test
  void opensAnEncryptedDefaultHotkeyWithThePasswordInTheVariables(@TempDir Path folder)
      throws IOException {
    new WalletDirectory(folder).create("default", "default", hotkey);
    Path file = folder.resolve("default/hotkeys/default");
    try (InputStream vault = getClass().getResourceAsStream("/vectors/wallet/hotkey.vault")) {
      Files.write(file, Objects.requireNonNull(vault).readAllBytes());
    }
    String variable =
        "BT_PW_" + file.toString().replace('/', '_').replace('.', '_').toUpperCase(Locale.ROOT);
    byte[] hidden = "correct horse ö".getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < hidden.length; at++) {
      hidden[at] ^= (byte) variable.charAt(at % variable.length());
    }
    Files.delete(folder.resolve("default/hotkeys/defaultpub.txt"));

    assertThat(
            DendriteClient.of(
                    Map.of(
                        "BT_WALLET_PATH",
                        folder.toString(),
                        variable,
                        Base64.getEncoder().encodeToString(hidden)),
                    DendriteSettings.defaults())
                .keypair()
                .address())
        .hasToString("5Fq2t9BiuPURkTUpFYdkW5ucryBMk8hAR8PUCinksTs82QpQ");
  }

  @Test
  void detectsItsExternalAddressWhenAsked() throws InterruptedException {
    try (ScriptedAxon html = ScriptedAxon.sending(ScriptedAxon.http(200, "<html>"));
        ScriptedAxon service = ScriptedAxon.sending(ScriptedAxon.http(200, "203.0.113.7\n"))) {
      List<URI> services =
          List.of(
              URI.create("http://" + nobody().endpoint()),
              URI.create("http://" + html.endpoint()),
              URI.create("http://" + service.endpoint()));

      assertThat(ExternalIp.detect(services, ofSeconds(5))).hasValue("203.0.113.7");
      assertThat(ExternalIp.detect(services.subList(0, 2), ofSeconds(5))).isEmpty();
    }
  }

  @Test
  void waitsForNoServicesBodyLongerThanTold() throws InterruptedException {
    try (ScriptedAxon neverDone =
            ScriptedAxon.playing(
                connection -> {
                  connection.readRequest();
                  connection.send("HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n203.0");
                });
        ScriptedAxon endless = ScriptedAxon.sending(ScriptedAxon.http(200, "1".repeat(100_000)))) {
      long began = System.nanoTime();

      assertThat(
              ExternalIp.detect(
                  List.of(
                      URI.create("http://" + neverDone.endpoint()),
                      URI.create("http://" + endless.endpoint())),
                  ofSeconds(1)))
          .isEmpty();
      assertThat(System.nanoTime() - began).isLessThan(ofSeconds(20).toNanos());
      assertThat(neverDone.hasNoOpenConnectionsWithin(ofSeconds(10))).isTrue();
      assertThat(endless.hasNoOpenConnectionsWithin(ofSeconds(10))).isTrue();
    }
  }

  @Test
  void hearsTwoStreamsAtTheSameTimeEachOnItsOwn() throws InterruptedException {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    try (ScriptedAxon first = streaming("one", seen);
        ScriptedAxon second = streaming("two", seen)) {
      Map<AxonTarget, String> heard = new ConcurrentHashMap<>();
      List<Reply<Synapse>> replies =
          dendrite.forwardStreaming(
              List.of(at(first), at(second)),
              dummy(),
              OPTIONS,
              axon -> part -> heard.merge(axon, part.text(), String::concat));

      assertThat(heard).containsOnly(entry(at(first), "one one"), entry(at(second), "two two"));
      assertThat(replies).extracting(reply -> reply.synapse().isSuccess()).containsOnly(true);
      assertThat(replies)
          .extracting(reply -> reply.request().endpoint())
          .containsExactly(first.endpoint(), second.endpoint());
      assertThat(seen.subList(0, 2)).as("both at once").containsExactlyInAnyOrder("one", "two");
    }
  }

  /** Sends its word, and half a second later again. */
  private static ScriptedAxon streaming(String word, List<String> seen) {
    return ScriptedAxon.playing(
        connection -> {
          connection.readRequest();
          connection.send(
              """
              HTTP/1.1 200 OK\r
              content-type: text/event-stream\r
              bt_header_axon_status_code: 200\r
              transfer-encoding: chunked\r
              \r
              """);
          connection.send("3\r\n" + word + "\r\n");
          seen.add(word);
          connection.pause(ofMillis(500));
          seen.add(word + " again");
          connection.send("4\r\n " + word + "\r\n0\r\n\r\n");
        });
  }

  @Test
  void hearsAStreamInPartsAndEndsWithTheSynapse() throws InterruptedException {
    try (ScriptedAxon axon =
        ScriptedAxon.playing(
            connection -> {
              connection.readRequest();
              connection.send(
                  String.join(
                      "\r\n",
                      "HTTP/1.1 200 OK",
                      "content-type: text/event-stream",
                      "bt_header_axon_status_code: 200",
                      "bt_header_axon_status_message: Success",
                      "bt_header_axon_ip: 198.51.100.2",
                      "transfer-encoding: chunked",
                      "",
                      "3",
                      "Hel",
                      ""));
              connection.pause(ofMillis(300)).send("2\r\nlo\r\n0\r\n\r\n");
            })) {
      List<String> heard = new ArrayList<>();
      Reply<Synapse> reply =
          dendrite.callStream(at(axon), dummy(), OPTIONS, part -> heard.add(part.text()));

      assertThat(String.join("", heard)).isEqualTo("Hello");
      assertThat(heard).hasSizeGreaterThan(1);
      assertThat(reply.synapse().isSuccess()).isTrue();
      assertThat(reply.synapse().axon().ip()).isEqualTo("198.51.100.2");
      assertThat(reply.synapse().dendrite().processTime()).isPositive();
      assertThat(Objects.requireNonNull(reply.exchange().stream()).chunks()).isGreaterThan(1);
    }
  }

  @Test
  void hearsNothingOfAnErrorOfAStreamingAxon() throws InterruptedException {
    try (ScriptedAxon axon =
        ScriptedAxon.sending(
            ScriptedAxon.http(
                401,
                "{\"message\":\"Not Verified\"}",
                "content-type: application/json",
                "bt_header_axon_status_code: 401",
                "bt_header_axon_status_message: Not Verified"))) {
      List<String> heard = new ArrayList<>();
      Reply<Synapse> reply =
          dendrite.forward(at(axon), dummy(), OPTIONS, part -> heard.add(part.text()));

      assertThat(heard).isEmpty();
      assertThat(reply.synapse().failedVerification()).isTrue();
      assertThat(reply.synapse().dendrite().statusMessage()).isEqualTo("Not Verified");
      assertThat(reply.synapse().dendrite().statusCode())
          .isEqualTo(reply.exchange().view().statusCode());
    }
  }
}
