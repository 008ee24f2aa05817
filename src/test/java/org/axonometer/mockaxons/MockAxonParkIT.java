package org.axonometer.mockaxons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.mockaxons.Behaviour.Manner;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MockAxonParkIT {
  private static final Uid FIRST = new Uid(1);

  @Test
  void answersAPingWithTheSynapseAndItsHeaders() throws IOException {
    try (MockAxonPark park = park(Manner.ANSWER)) {
      RawPeer.Answer answer = RawPeer.ask(address(park, 1), ping(park).bytes());

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers())
          .containsEntry("name", "Synapse")
          .containsEntry("bt_header_axon_status_code", "200")
          .containsEntry("bt_header_axon_status_message", "Success")
          .containsEntry("computed_body_hash", HandMadeQuery.NO_FIELDS_HASH)
          .containsKeys("bt_header_axon_process_time", "header_size", "total_size", "timeout")
          .doesNotContainKeys("bt_header_axon_signature", "connection");
      assertThat(answer.body())
          .startsWith("{\"name\":\"Synapse\",\"timeout\":12.0,\"total_size\":0,\"header_size\":0,")
          .contains("\"status_code\":200,\"status_message\":\"Success\",\"process_time\":0.0")
          .endsWith("\"computed_body_hash\":\"\"}");
      assertTraffic(park, 1, 1, 1);
    }
  }

  @Test
  void doublesADummyInput() throws IOException {
    try (MockAxonPark park = park(Manner.ANSWER)) {
      HandMadeQuery query = dummy(park, "{\"dummy_input\": 21, \"dummy_output\": null}");

      RawPeer.Answer answer = RawPeer.ask(address(park, 1), query.bytes());

      assertThat(answer.body()).endsWith("\"dummy_input\":21,\"dummy_output\":42}");
      assertThat(answer.headers()).containsEntry("bt_header_input_obj_dummy_input", "MA==");
    }
  }

  @Test
  void namesTheServedSynapsesToACallerOfAnother() throws IOException {
    try (MockAxonPark park = park(Manner.ANSWER)) {
      RawPeer.Answer answer =
          RawPeer.ask(address(park, 1), ping(park).at("POST", "/Nothing").bytes());

      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.headers()).containsEntry("name", "Synapse");
      assertThat(answer.body())
          .isEqualTo(
              "{\"message\":\"Synapse name 'Nothing' not found. "
                  + "Available synapses ['Synapse', 'Dummy', 'Prompt']\"}");
    }
  }

  @Test
  void redirectsATrailingSlash() throws IOException {
    try (MockAxonPark park = park(Manner.ANSWER)) {
      RawPeer.Answer answer =
          RawPeer.ask(address(park, 1), ping(park).at("POST", "/Synapse/").bytes());

      assertThat(answer.status()).isEqualTo(307);
      assertThat(answer.headers()).containsEntry("location", "/Synapse");
    }
  }

  @Test
  void hidesWhatIsWrongWithTheHeadersOrTheBody() throws IOException {
    try (MockAxonPark park = park(Manner.ANSWER)) {
      List<HandMadeQuery> broken =
          List.of(
              dummy(park, "{\"dummy_input\":1}").without("bt_header_input_obj_dummy_input"),
              dummy(park, "{\"dummy_input\":1}").with("bt_header_axon_port", "many"),
              dummy(park, "{\"dummy_input\":1}").with("timeout", "soon"),
              dummy(park, "{\"dummy_input\":1}").with("content-type", "text/plain"),
              dummy(park, "{\"dummy_input\":1}").with("computed_body_hash", "00").signed(),
              dummy(park, "{\"dummy_input\":\"one\"}"),
              dummy(park, "{}"),
              dummy(park, "[1]"),
              dummy(park, ""));

      for (HandMadeQuery query : broken) {
        RawPeer.Answer answer = RawPeer.ask(address(park, 1), query.bytes());

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body())
            .matches("\\{\"message\":\"Internal Server Error #[0-9a-f-]{36}\"}");
        assertThat(answer.headers()).containsEntry("bt_header_axon_status_code", "500");
      }
    }
  }

  @Test
  void answersMalformedJsonWithoutSynapseHeaders() throws IOException {
    try (MockAxonPark park = park(Manner.ANSWER)) {
      RawPeer.Answer answer = RawPeer.ask(address(park, 1), dummy(park, "{nope").bytes());

      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("bt_header"));
      assertThat(answer.body()).startsWith("{\"detail\":[");
    }
  }

  @Test
  void refusesAnUnsignedAForgedAndARepeatedQuery() throws IOException {
    try (MockAxonPark park = park(Manner.ANSWER)) {
      HandMadeQuery good = ping(park);
      HandMadeQuery forged = ping(park).with("bt_header_dendrite_uuid", "another");
      HandMadeQuery unsigned = ping(park).without("bt_header_dendrite_signature");

      assertThat(RawPeer.ask(address(park, 1), good.bytes()).status()).isEqualTo(200);
      assertThat(RawPeer.ask(address(park, 1), good.bytes()).body())
          .isEqualTo(
              "{\"message\":\"Not Verified with error: "
                  + "Nonce is too old, a newer one was last processed\"}");
      RawPeer.Answer mismatch = RawPeer.ask(address(park, 1), forged.bytes());
      assertThat(mismatch.status()).isEqualTo(401);
      assertThat(mismatch.body()).contains("Signature mismatch with " + forged.message());
      assertThat(mismatch.headers())
          .containsEntry("bt_header_axon_status_code", "401")
          .containsKeys("bt_header_axon_signature", "bt_header_dendrite_port");
      assertThat(RawPeer.ask(address(park, 1), unsigned.bytes()).status()).isEqualTo(401);
      assertTraffic(park, 4, 1, 4);
    }
  }

  @Test
  void holdsNoncesAgainstItsOwnClock() throws IOException {
    Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));
    ParkSettings settings = ParkSettings.of(1, Profile.HONEST);
    try (MockAxonPark park =
        MockAxonPark.open(settings, List.of(Behaviour.of(Manner.ANSWER)), wrong)) {
      RawPeer.Answer answer = RawPeer.ask(address(park, 1), ping(park).bytes());

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.body())
          .contains("Nonce is too old: acceptable delta is 16.00 seconds but request was 60.");
    }
  }

  @Test
  void servesSeveralQueriesOnOneConnectionEvenWhenSentTogether() throws IOException {
    try (MockAxonPark park = park(Manner.ANSWER);
        RawPeer peer = new RawPeer(address(park, 1))) {
      peer.send(ping(park).bytes());
      assertThat(peer.answer().status()).isEqualTo(200);
      peer.send(ping(park).bytes());
      peer.send(ping(park).bytes());

      assertThat(peer.answer().status()).isEqualTo(200);
      assertThat(peer.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void refusesWithTheStatusOfItsManner() throws IOException {
    try (MockAxonPark park =
        park(Manner.BLACKLIST, Manner.NOT_VERIFIED, Manner.FAULT, Manner.HTML)) {
      List<RawPeer.Answer> answers = new ArrayList<>();
      for (int uid = 1; uid <= 4; uid++) {
        answers.add(RawPeer.ask(address(park, uid), pingTo(park, uid).bytes()));
      }

      assertThat(answers).extracting(RawPeer.Answer::status).containsExactly(403, 401, 500, 502);
      assertThat(answers.get(0).body()).contains("Forbidden. Key is blacklisted: ");
      assertThat(answers.get(1).body()).contains("Signature mismatch with ");
      assertThat(answers.get(3).headers()).containsEntry("content-type", "text/html");
    }
  }

  @Test
  void spoilsTheJson() throws IOException {
    try (MockAxonPark park = park(Manner.BROKEN_JSON, Manner.WRONG_TYPE)) {
      String body = "{\"dummy_input\":1}";

      RawPeer.Answer broken = RawPeer.ask(address(park, 1), dummy(park, body).bytes());
      RawPeer.Answer wrong =
          RawPeer.ask(
              address(park, 2),
              HandMadeQuery.dummy(park.validator(), hotkey(park, 2), body).bytes());

      assertThat(broken.status()).isEqualTo(200);
      assertThat(broken.body()).startsWith("{\"name\":\"Dummy\"").doesNotContain("dummy_output");
      assertThat(wrong.status()).isEqualTo(200);
      assertThat(wrong.body()).endsWith("\"dummy_output\":[{\"wrong\":true}]}");
    }
  }

  @Test
  void hangsUntilThePeerLeaves() throws IOException, InterruptedException {
    try (MockAxonPark park = park(Manner.HANG)) {
      try (RawPeer peer = new RawPeer(address(park, 1))) {
        peer.send(ping(park).bytes());
        peer.readTimeoutMillis(200);
        assertThatThrownBy(peer::read).isInstanceOf(SocketTimeoutException.class);
        assertThat(park.openConnections()).isEqualTo(1);
      }
      waitForNoConnections(park);
      assertTraffic(park, 1, 0, 0);
    }
  }

  @Test
  void hangsUpResetsTalksRubbishDripsOrNeverEnds() throws IOException {
    try (MockAxonPark park =
        park(Manner.HANG_UP, Manner.RESET, Manner.RUBBISH, Manner.DRIP, Manner.ENDLESS)) {
      assertThat(bytesOf(park, 1, 1)).isEmpty();
      assertThatThrownBy(() -> bytesOf(park, 2, 1_000_000)).isInstanceOf(SocketException.class);
      assertThat(new String(bytesOf(park, 3, 100), StandardCharsets.US_ASCII))
          .startsWith("SSH-2.0-");
      long start = System.nanoTime();
      assertThat(bytesOf(park, 4, 3)).hasSize(3);
      assertThat(System.nanoTime() - start).isGreaterThan(450_000_000L);
      assertThat(bytesOf(park, 5, 20_000_000)).hasSize(20_000_000);
    }
  }

  @Test
  void leavesAClosedPortClosed() {
    try (MockAxonPark park = park(Manner.CLOSED)) {
      assertThatThrownBy(() -> new RawPeer(address(park, 1)).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void writesEveryQueryDownBeforeItAnswers(@TempDir Path folder) throws IOException {
    Path log = folder.resolve("nonces.tsv");
    ParkSettings settings = ParkSettings.of(2, Profile.HONEST).withHanging(1).withNonceLog(log);
    try (MockAxonPark park = MockAxonPark.open(settings);
        RawPeer hanging = new RawPeer(address(park, 1))) {
      HandMadeQuery first = pingTo(park, 1);
      HandMadeQuery second = pingTo(park, 2).without("bt_header_dendrite_uuid");
      hanging.send(first.bytes());
      hanging.readTimeoutMillis(300);
      assertThatThrownBy(hanging::read).isInstanceOf(SocketTimeoutException.class);
      RawPeer.ask(address(park, 2), second.bytes());

      List<ReceivedQuery> lines =
          Files.readAllLines(log).stream().map(ReceivedQuery::parse).toList();
      assertThat(lines).isEqualTo(park.receivedQueries());
      assertThat(lines).extracting(ReceivedQuery::uid).containsExactly(FIRST, new Uid(2));
      assertThat(lines.get(0).uuid()).isEqualTo(first.headers().get("bt_header_dendrite_uuid"));
      assertThat(lines.get(0).nonce()).isEqualTo(first.headers().get("bt_header_dendrite_nonce"));
      assertThat(lines.get(0).hotkey()).isEqualTo(park.validator().address().text());
      assertThat(lines.get(1).uuid()).isEqualTo("-");
    }
  }

  @Test
  void refusesANonceLogItCannotWrite(@TempDir Path folder) {
    Path log = folder.resolve("missing").resolve("nonces.tsv");

    assertThatThrownBy(
            () -> MockAxonPark.open(ParkSettings.of(1, Profile.HONEST).withNonceLog(log)))
        .isInstanceOf(ParkException.class)
        .hasMessageContaining(log.toString());
  }

  @Test
  void listsTheValidatorTheAxonsAndInMixedTwoUnreachableNeurons() {
    Instant now = Instant.parse("2026-11-02T10:00:00Z");
    ParkSettings settings = ParkSettings.of(32, Profile.MIXED).withSeed(7);
    try (MockAxonPark park =
        MockAxonPark.open(
            settings, settings.profile().behaviours(settings), Clock.fixed(now, ZoneOffset.UTC))) {
      MetagraphSnapshot snapshot = park.snapshot();

      assertThat(snapshot.takenAt()).isEqualTo(now);
      assertThat(snapshot.neurons()).extracting(n -> n.uid().value()).hasSize(35).isSorted();
      Neuron validator = snapshot.neurons().get(0);
      assertThat(validator.hotkey()).isEqualTo(park.validator().address());
      assertThat(validator.validatorPermit()).isTrue();
      assertThat(validator.axonPort()).isZero();
      assertThat(snapshot.neurons().get(33).axonIp()).isZero();
      assertThat(snapshot.neurons().get(34).axonIp()).isEqualTo(0x0a420001L);
      assertThat(snapshot.neurons()).extracting(Neuron::hotkey).doesNotHaveDuplicates();
    }
  }

  @Test
  void handsOutASnapshotThatReadsBackEqual(@TempDir Path folder) {
    try (MockAxonPark park = MockAxonPark.open(ParkSettings.of(40, Profile.MIXED))) {
      MetagraphSnapshot snapshot = park.snapshot();

      SnapshotFile.write(snapshot, folder.resolve("snapshot.json"));

      assertThat(SnapshotFile.read(folder.resolve("snapshot.json"))).isEqualTo(snapshot);
    }
  }

  @Test
  void refusesAPortThatIsTaken() {
    ParkSettings settings = ParkSettings.of(2, Profile.HONEST).withAddressOffset(9_000);
    try (MockAxonPark park = MockAxonPark.open(settings)) {
      int port = address(park, 1).getPort();
      ParkSettings same = settings.withPort(port);

      assertThatThrownBy(() -> MockAxonPark.open(same))
          .isInstanceOf(ParkException.class)
          .hasMessageContaining("127.10.36.1:" + port)
          .hasMessageContaining("another port");
    }
  }

  @Test
  void opens4096AxonsInSecondsAndFreesThemInOne() throws IOException {
    ParkSettings settings = ParkSettings.of(4096, Profile.HONEST).withPort(18_091);
    long start = System.nanoTime();
    MockAxonPark park = MockAxonPark.open(settings);
    long opened = System.nanoTime();
    InetSocketAddress last = address(park, 4096);
    assertThat(RawPeer.ask(last, pingTo(park, 4096).bytes()).status()).isEqualTo(200);
    Socket idle = new Socket(last.getAddress(), last.getPort());
    long closing = System.nanoTime();
    park.close();
    long closed = System.nanoTime();

    assertThat(Duration.ofNanos(opened - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(Duration.ofNanos(closed - closing)).isLessThan(Duration.ofMillis(1500));
    assertThat(park.openConnections()).isZero();
    assertThatThrownBy(() -> new RawPeer(last).close()).isInstanceOf(ConnectException.class);
    idle.close();
    MockAxonPark.open(settings).close();
  }

  @Test
  void refusesRequestsBeyondItsLimits() throws IOException {
    try (MockAxonPark park = park(Manner.ANSWER)) {
      InetSocketAddress axon = address(park, 1);
      String start = "POST /Synapse HTTP/1.1\r\n";

      assertThat(ask(axon, start + "x: " + "y".repeat(70_000) + "\r\n\r\n")).isEqualTo(431);
      assertThat(ask(axon, start + "content-length: 16777217\r\n\r\n")).isEqualTo(413);
      assertThat(ask(axon, start + "content-length: 99999999999999999999\r\n\r\n")).isEqualTo(413);
      assertThat(ask(axon, start + "content-length: -1\r\n\r\n")).isEqualTo(400);
      assertThat(ask(axon, start + "content-length: 1\r\ncontent-length: 2\r\n\r\n"))
          .isEqualTo(400);
      assertThat(ask(axon, start + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n")).isEqualTo(400);
      assertThat(ask(axon, start + "no colon\r\n\r\n")).isEqualTo(400);
      assertThat(ask(axon, start + "a b: c\r\n\r\n")).isEqualTo(400);
      assertThat(ask(axon, "POST /Synapse HTTP/2\r\n\r\n")).isEqualTo(400);
      assertThat(ask(axon, "GET\r\n\r\n")).isEqualTo(400);
    }
  }

  @Test
  void dropsTheConnectionWhenTheCallersTextCannotBeAHeader() throws IOException {
    try (MockAxonPark park = park(Manner.ANSWER)) {
      HandMadeQuery newline = dummy(park, "{\"dummy_input\":1,\"dendrite\":{\"uuid\":\"a\\nb\"}}");
      HandMadeQuery cyrillic =
          dummy(park, "{\"dummy_input\":1,\"dendrite\":{\"uuid\":\"\\u0436\"}}");

      assertThatThrownBy(() -> RawPeer.ask(address(park, 1), newline.bytes()))
          .isInstanceOf(IOException.class);
      assertThat(RawPeer.ask(address(park, 1), cyrillic.bytes()).headers())
          .containsEntry("content-type", "text/plain; charset=utf-8");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Manner.class,
      names = {"CLOSED", "HANG", "DRIP", "ENDLESS"},
      mode = EnumSource.Mode.EXCLUDE)
  void outlivesAnyBytes(Manner manner) throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(manner.name().hashCode());
    try (MockAxonPark park = park(manner, Manner.ANSWER)) {
      for (int i = 0; i < 40; i++) {
        byte[] bytes = pingTo(park, 1).bytes();
        for (int flips = random.nextInt(1, 8); flips > 0; flips--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        try (RawPeer peer = new RawPeer(address(park, 1))) {
          peer.readTimeoutMillis(20);
          peer.send(Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
          peer.read();
        } catch (IOException e) {
          // Whatever became of this connection, the park must live.
        }
      }
      assertThat(RawPeer.ask(address(park, 2), pingTo(park, 2).bytes()).status()).isEqualTo(200);
      waitForNoConnections(park);
    }
  }

  private static MockAxonPark park(Manner... manners) {
    List<Behaviour> behaviours = List.of(manners).stream().map(Behaviour::of).toList();
    return MockAxonPark.open(
        ParkSettings.of(manners.length, Profile.HONEST), behaviours, Clock.systemUTC());
  }

  private static InetSocketAddress address(MockAxonPark park, int uid) {
    Neuron neuron = park.snapshot().neurons().get(uid);
    byte[] ip = neuron.axonIp().toByteArray();
    try {
      return new InetSocketAddress(InetAddress.getByAddress(ip), neuron.axonPort());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Ss58Address hotkey(MockAxonPark park, int uid) {
    return park.snapshot().neurons().get(uid).hotkey();
  }

  private static HandMadeQuery ping(MockAxonPark park) {
    return pingTo(park, 1);
  }

  private static HandMadeQuery pingTo(MockAxonPark park, int uid) {
    return HandMadeQuery.ping(park.validator(), hotkey(park, uid));
  }

  private static HandMadeQuery dummy(MockAxonPark park, String body) {
    return HandMadeQuery.dummy(park.validator(), hotkey(park, 1), body);
  }

  private static byte[] bytesOf(MockAxonPark park, int uid, int most) throws IOException {
    try (RawPeer peer = new RawPeer(address(park, uid))) {
      peer.send(pingTo(park, uid).bytes());
      return peer.bytes(most);
    }
  }

  private static int ask(InetSocketAddress axon, String request) throws IOException {
    try (RawPeer peer = new RawPeer(axon)) {
      peer.send(request);
      return peer.answer().status();
    }
  }

  /** An answer is counted once it is written, which the one who asked may be quicker to see. */
  private static void assertTraffic(
      MockAxonPark park, long received, long verified, long answered) {
    for (int i = 0; i < 200 && park.traffic(FIRST).answered() < answered; i++) {
      LockSupport.parkNanos(10_000_000);
    }
    assertThat(park.traffic(FIRST))
        .extracting(Traffic::received, Traffic::verified, Traffic::answered)
        .containsExactly(received, verified, answered);
  }

  private static void waitForNoConnections(MockAxonPark park) throws InterruptedException {
    for (int i = 0; i < 200 && park.openConnections() > 0; i++) {
      Thread.sleep(10);
    }
    assertThat(park.openConnections()).isZero();
  }
}
