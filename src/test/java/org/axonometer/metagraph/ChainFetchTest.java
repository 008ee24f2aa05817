package org.axonometer.metagraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.axonometer.testing.SnapshotNeurons.serving;
import static org.axonometer.testing.SnapshotNeurons.snapshot;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.RpcNode;
import org.axonometer.testing.ScaleMetagraph;
import org.axonometer.testing.SharedFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChainFetchTest {

  private static final String LITE = "NeuronInfoRuntimeApi_get_neurons_lite";
  private static final String STATE = "SubnetInfoRuntimeApi_get_subnet_state";
  private static final NetUid ONE = new NetUid(1);
  private static final Instant BLOCK_TIME = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final Clock NOW = Clock.fixed(BLOCK_TIME.plusSeconds(10), ZoneOffset.UTC);
  private static final MetagraphSnapshot SMALL =
      snapshot(
          serving(0, "203.0.113.7", 8091).with(Optional.of(BigInteger.TEN), OptionalLong.of(5)),
          serving(1, "2606:4700::1111", 1).with(Optional.of(BigInteger.ONE), OptionalLong.of(6)));

  @ParameterizedTest
  @ValueSource(strings = {"ws", "http"})
  void replaysTheRecordedAnswersOfMainnet(String scheme) throws IOException {
    JsonNode state = decoded("finney_sn1_block6530367_subnet_state");
    try (RpcNode node =
        RpcNode.at(6_530_367, BLOCK_TIME)
            .hex(LITE, hex("finney_sn1_block6530367_neurons_lite"))
            .hex(STATE, hex("finney_sn1_block6530367_subnet_state"))) {
      ChainFetch.Fetched fetched =
          fetch("finney", node.address(scheme)).fetch(ONE, OptionalLong.empty(), NOW);

      MetagraphSnapshot snapshot = fetched.snapshot();
      assertThat(fetched.notes()).isEmpty();
      assertThat(snapshot.block()).isEqualTo(6_530_367);
      assertThat(snapshot.takenAt()).isEqualTo(BLOCK_TIME);
      assertThat(snapshot.neurons()).hasSize(1_024);
      for (Neuron neuron : snapshot.neurons()) {
        int uid = neuron.uid().value();
        assertThat(neuron.totalStakeRao())
            .contains(state.get("total_stake").get(uid).bigIntegerValue());
        assertThat(neuron.registeredBlock())
            .hasValue(state.get("block_at_registration").get(uid).longValue());
      }
      assertThat(node.asked())
          .anySatisfy(
              asked ->
                  assertThat(asked)
                      .contains("\"state_call\"")
                      .contains("\"" + LITE + "\",\"0x0100\",\"" + RpcNode.HEAD + "\""));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "http"})
  void readsTheLegacyFormAndAChainWithoutSubnetState(String scheme) throws IOException {
    try (RpcNode node =
        RpcNode.at(7, BLOCK_TIME)
            .inPieces()
            .hex(LITE, hex("legacy_netuid23_neurons_lite_vec_u8"))) {
      ChainFetch.Fetched fetched =
          fetch("old", node.address(scheme)).fetch(new NetUid(23), OptionalLong.empty(), NOW);
      assertThat(fetched.snapshot().neurons()).hasSize(19);
      assertThat(fetched.snapshot().neurons().getFirst().totalStakeRao()).isEmpty();
      assertThat(fetched.notes())
          .singleElement()
          .asString()
          .contains("without total stake and registration", "no " + STATE);
    }
  }

  @Test
  void fetchesTheRootSubnet() throws IOException {
    NetUid root = new NetUid(0);
    MetagraphSnapshot of =
        MetagraphSnapshot.of("finney", root, SMALL.block(), BLOCK_TIME, SMALL.neurons());
    try (RpcNode node =
        RpcNode.at(SMALL.block(), BLOCK_TIME)
            .hex(LITE, "0x" + HexFormat.of().formatHex(ScaleMetagraph.neuronsLite(of)))
            .hex(STATE, "0x" + HexFormat.of().formatHex(ScaleMetagraph.subnetState(of)))) {
      assertThat(
              fetch("finney", node.address("ws")).fetch(root, OptionalLong.empty(), NOW).snapshot())
          .isEqualTo(of);
    }
  }

  @Test
  void asksAtTheBlockThatIsWanted() throws IOException {
    try (RpcNode node = small()) {
      MetagraphSnapshot fetched =
          fetch("finney", node.address("ws"))
              .fetch(ONE, OptionalLong.of(SMALL.block()), NOW)
              .snapshot();
      assertThat(fetched.neurons()).isEqualTo(SMALL.neurons());
      assertThat(node.asked())
          .anySatisfy(a -> assertThat(a).contains("chain_getBlockHash\",\"params\":[6530367]"));
      assertThatThrownBy(
              () -> fetch("finney", node.address("ws")).fetch(ONE, OptionalLong.of(9), NOW))
          .hasMessageContaining("asked for block 9, got block 6530367");
      node.result("chain_getBlockHash", "null");
      assertThatThrownBy(
              () -> fetch("finney", node.address("ws")).fetch(ONE, OptionalLong.of(9), NOW))
          .hasMessageContaining("does not know this block");
    }
  }

  @Test
  void saysWhichEndpointsFailedBeforeOneAnswered() throws IOException {
    try (RpcNode silent = small().silent();
        RpcNode wrong = small().hex(LITE, "0x00");
        RpcNode good = small()) {
      ChainFetch fetch =
          new ChainFetch(
              "finney",
              List.of(
                  URI.create("ws://127.0.0.1:1"),
                  silent.address("ws"),
                  silent.address("http"),
                  wrong.address("http"),
                  good.address("ws")),
              Duration.ofMillis(1_500));
      ChainFetch.Fetched fetched = fetch.fetch(ONE, OptionalLong.empty(), NOW);
      assertThat(fetched.endpoint()).isEqualTo(good.address("ws").toString());
      assertThat(fetched.notes()).hasSize(4);
      assertThat(fetched.notes().get(0)).contains("cannot connect");
      assertThat(fetched.notes().get(1)).contains("no answer in time");
      assertThat(fetched.notes().get(2)).contains("no answer in time");
      assertThat(fetched.notes().get(3)).contains("there is no subnet 1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "http"})
  void neverGivesAnotherStakeBecauseAnEndpointFailedHalfWay(String scheme) throws IOException {
    String busy = "{\"code\":-32005,\"message\":\"limit of 5 method calls reached\"}";
    String pruned =
        "{\"code\":4003,\"message\":\"Client error: Api called for an unknown Block: State already"
            + " discarded for 0xa1\"}";
    try (RpcNode silent = small().silentOn(STATE);
        RpcNode gone = small().hangsUpOn(STATE);
        RpcNode large = small().hex(STATE, "0".repeat(RpcConnection.MAX_ANSWER_BYTES));
        RpcNode limited = small().error(STATE, busy);
        RpcNode young = small().error(STATE, pruned);
        RpcNode empty = small().result(STATE, "null");
        RpcNode good = small()) {
      List<RpcNode> bad = List.of(silent, gone, large, limited, young, empty);
      List<URI> endpoints =
          Stream.concat(bad.stream(), Stream.of(good)).map(node -> node.address(scheme)).toList();
      ChainFetch.Fetched fetched =
          new ChainFetch("finney", endpoints, Duration.ofSeconds(5))
              .fetch(ONE, OptionalLong.empty(), NOW);
      assertThat(fetched.snapshot().neurons()).isEqualTo(SMALL.neurons());
      assertThat(fetched.endpoint()).isEqualTo(good.address(scheme).toString());
      assertThat(fetched.notes()).hasSameSizeAs(bad);
      assertThat(fetched.notes().get(0)).contains("no answer in time");
      assertThat(fetched.notes().get(3)).contains("limit of 5 method calls reached");
      assertThat(fetched.notes().get(4)).contains("State already discarded");
      assertThat(fetched.notes().get(5)).contains("no result");

      assertThatThrownBy(
              () -> fetch("finney", limited.address(scheme)).fetch(ONE, OptionalLong.empty(), NOW))
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining("no snapshot of finney 1 from the chain");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\":-32601,\"message\":\"?\"}",
        "{\"code\":4003,\"message\":\"Client error: Execution failed: Other: Exported method"
            + " SubnetInfoRuntimeApi_get_subnet_state is not found\"}",
        "{\"message\":\"Client error\",\"code\":1,\"data\":\"Exported method X is not found\"}",
      })
  void notesARuntimeThatDoesNotKnowTheSubnetState(String error) throws IOException {
    try (RpcNode node = small().error(STATE, error)) {
      ChainFetch.Fetched fetched =
          fetch("finney", node.address("ws")).fetch(ONE, OptionalLong.empty(), NOW);
      assertThat(fetched.snapshot().neurons().getFirst().totalStakeRao()).isEmpty();
      assertThat(fetched.notes())
          .singleElement()
          .asString()
          .contains("without total stake and registration");
    }
  }

  @Test
  void passesOverAnEndpointThatLiesAboutItsNewestBlock() throws IOException {
    try (RpcNode lying = small().result("state_getStorage", "null");
        RpcNode good = small()) {
      String block = "0x" + "b2".repeat(32);
      lying
          .result("chain_getBlockHash", "\"" + block + "\"")
          .headerOf(block, "{\"number\":\"0x%x\"}".formatted(SMALL.block()))
          .headerOf(RpcNode.HEAD, "{\"number\":\"0xfffffffffffffff\"}");
      ChainFetch fetch =
          new ChainFetch(
              "finney",
              List.of(lying.address("http"), good.address("http")),
              Duration.ofSeconds(30));
      ChainFetch.Fetched fetched = fetch.fetch(ONE, OptionalLong.of(SMALL.block()), NOW);
      assertThat(fetched.snapshot().neurons()).isEqualTo(SMALL.neurons());
      assertThat(fetched.notes()).singleElement().asString().contains("no chain is so old");
    }
  }

  @Test
  void leavesNoClientBehindWhenItIsInterrupted() throws Exception {
    try (RpcNode node = small().silent()) {
      Set<Thread> before = selectors();
      Thread.currentThread().interrupt();
      assertThatThrownBy(
              () -> fetch("finney", node.address("ws")).fetch(ONE, OptionalLong.empty(), NOW))
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      Set<Thread> left = selectors();
      left.removeAll(before);
      for (Thread thread : left) {
        thread.join(Duration.ofSeconds(20));
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  private static Set<Thread> selectors() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("SelectorManager"))
        .collect(Collectors.toSet());
  }

  @Test
  void reckonsTheTimeOfABlockWithoutOneAndSeesAChainThatStands() throws IOException {
    try (RpcNode node = small()) {
      Clock later = Clock.fixed(BLOCK_TIME.plus(Duration.ofHours(3)), ZoneOffset.UTC);
      ChainFetch fetch = fetch("finney", node.address("http"));
      assertThat(fetch.fetch(ONE, OptionalLong.empty(), later).notes())
          .singleElement()
          .asString()
          .contains("179 minutes old");
      node.result("state_getStorage", "null");
      ChainFetch.Fetched reckoned = fetch.fetch(ONE, OptionalLong.empty(), NOW);
      assertThat(reckoned.notes()).singleElement().asString().contains("gives no block time");
      assertThat(reckoned.snapshot().takenAt()).isEqualTo(Instant.parse("2026-01-02T03:04:15Z"));
      node.error("state_getStorage", "{\"code\":-32601,\"message\":\"Method not found\"}");
      assertThat(fetch.fetch(ONE, OptionalLong.empty(), NOW)).isEqualTo(reckoned);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "chain_getHead | 7 | no text",
        "chain_getHead | \"0x12\" | a hash of 1 bytes",
        "chain_getHead | \"xyz\" | no hex digit",
        "chain_getHead | \"0x123\" | odd number",
        "chain_getHead | {} | no text",
        "chain_getHead | 1,\"result\":2 | no text",
        "chain_getHead | \"0x00\"} x | not JSON",
        "chain_getHeader | {\"number\":\"12\"} | no block number",
        "chain_getHeader | {\"number\":\"0xffffffffffffffffff\"} | no block number",
        "chain_getHeader | {\"number\":1} | no block number",
        "chain_getHeader | {\"a\":[[[[[[[[[[[[[[[[[[[[ | nesting depth",
        "state_getStorage | \"0x00\" | needs 8 bytes",
        "state_getStorage | \"0xffffffffffffffff\" | a block time of",
        "NeuronInfoRuntimeApi_get_neurons_lite | null | no result",
        "NeuronInfoRuntimeApi_get_neurons_lite | \"0xfeffffff\" | items are announced",
        "SubnetInfoRuntimeApi_get_subnet_state | \"0x00\" | there is no subnet 1",
        "SubnetInfoRuntimeApi_get_subnet_state | \"0x0104\" | needs",
      })
  void refusesAnswersThatAreNotWhatWasAsked(String method, String result, String reason)
      throws IOException {
    for (String scheme : List.of("ws", "http")) {
      try (RpcNode node = small().result(method, result)) {
        assertThatThrownBy(
                () -> fetch("finney", node.address(scheme)).fetch(ONE, OptionalLong.empty(), NOW))
            .isInstanceOf(SnapshotException.class)
            .hasMessageContaining("no snapshot of finney 1 from the chain")
            .hasMessageContaining(reason);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "http"})
  void refusesAnAnswerOverTheLimit(String scheme) throws IOException {
    try (RpcNode node = small().hex(LITE, "0".repeat(RpcConnection.MAX_ANSWER_BYTES))) {
      assertThatThrownBy(
              () -> fetch("finney", node.address(scheme)).fetch(ONE, OptionalLong.empty(), NOW))
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining("no snapshot of finney 1");
    }
  }

  @Test
  void namesANetworkAfterItsEndpoint() {
    assertThat(ChainFetch.of("finney", List.of(), ChainFetch.TIMEOUT).endpoints()).hasSize(3);
    assertThat(ChainFetch.of("ws://127.0.0.1:9", List.of(), ChainFetch.TIMEOUT).network())
        .isEqualTo("local");
    assertThat(ChainFetch.of("wss://node.example:443/k", List.of(), ChainFetch.TIMEOUT).network())
        .isEqualTo("node.example");
    assertThatThrownBy(() -> ChainFetch.of("moon", List.of(), ChainFetch.TIMEOUT))
        .hasMessageContaining("name finney, test, local or an endpoint");
    for (String bad : List.of("ftp://x", "ws://", "ws://me:secret@x", "ws://x#y", "::")) {
      assertThatThrownBy(() -> ChainFetch.endpoint(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("write ws://");
    }
  }

  private static RpcNode small() throws IOException {
    return RpcNode.at(SMALL.block(), BLOCK_TIME)
        .hex(LITE, "0x" + HexFormat.of().formatHex(ScaleMetagraph.neuronsLite(SMALL)))
        .hex(STATE, "0x" + HexFormat.of().formatHex(ScaleMetagraph.subnetState(SMALL)));
  }

  private static ChainFetch fetch(String network, URI address) {
    return new ChainFetch(network, List.of(address), Duration.ofSeconds(30));
  }

  private static String hex(String recording) throws IOException {
    return Files.readString(SharedFolder.file("metagraph").resolve(recording + ".hex")).strip();
  }

  private static JsonNode decoded(String recording) {
    return JsonMapper.shared()
        .readTree(SharedFolder.file("metagraph").resolve(recording + ".decoded.json").toFile());
  }
}
