package org.axonometer.metagraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.axonometer.testing.SnapshotNeurons.TAKEN_AT;
import static org.axonometer.testing.SnapshotNeurons.notServing;
import static org.axonometer.testing.SnapshotNeurons.serving;
import static org.axonometer.testing.SnapshotNeurons.snapshot;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.ScaleMetagraph;
import org.axonometer.testing.SharedFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The runtime calls' SCALE answers, as recorded from chains and as made here. */
class ChainAnswersTest {

  private static final MetagraphSnapshot SMALL =
      snapshot(serving(0, "203.0.113.7", 8091), serving(1, "2606:4700::1111", 65_535));

  @ParameterizedTest
  @CsvSource({
    "finney_sn1_block6530367_neurons_lite, 1, 1024",
    "devnet_sn1_block3264143_neurons_lite, 1, 1",
    "legacy_netuid23_neurons_lite_vec_u8, 23, 19"
  })
  void decodesEveryFieldOfEveryRecordedNeuron(String recording, int netuid, int count)
      throws IOException {
    JsonNode expected = decoded(recording);
    ScaleReader in =
        ScaleReader.ofResult(
            bytes(recording),
            recording,
            answer -> NeuronLite.readAll(answer, NeuronLite.Kind.LITE));
    assertThat(NeuronLite.count(in)).isEqualTo(count).isEqualTo(expected.size());
    for (JsonNode neuron : expected) {
      assertSame(NeuronLite.read(in, NeuronLite.Kind.LITE), neuron);
    }
    in.end();

    Path file = SharedFolder.file("metagraph").resolve(recording + ".hex");
    Path json = SharedFolder.file("metagraph").resolve(recording + ".decoded.json");
    NeuronsLiteImport form = new NeuronsLiteImport("finney", new NetUid(netuid), 7, TAKEN_AT);
    assertThat(form.read(file)).isEqualTo(form.read(json));
  }

  @ParameterizedTest
  @CsvSource({"finney_sn1_block6530367, 1024", "devnet_sn1_block3264143, 1"})
  void decodesEveryFieldOfARecordedSubnetState(String recording, int count) throws IOException {
    JsonNode expected = decoded(recording + "_subnet_state");
    JsonNode history = expected.get("emission_history");
    long[] values = {0};
    SubnetState state =
        SubnetState.read(
                bytes(recording + "_subnet_state"),
                recording,
                (subnet, uid, rao) -> {
                  values[0]++;
                  assertThat(rao).isEqualTo(history.get(subnet).get(uid).bigIntegerValue());
                })
            .orElseThrow();
    assertThat(state.hotkeys()).hasSize(count);
    assertThat(state.netuid()).isEqualTo(expected.get("netuid").intValue());
    assertThat(texts(state.hotkeys())).isEqualTo(texts(expected.get("hotkeys")));
    assertThat(texts(state.coldkeys())).isEqualTo(texts(expected.get("coldkeys")));
    assertThat(texts(state.active())).isEqualTo(texts(expected.get("active")));
    assertThat(texts(state.validatorPermit())).isEqualTo(texts(expected.get("validator_permit")));
    assertThat(texts(state.pruningScore())).isEqualTo(texts(expected.get("pruning_score")));
    assertThat(texts(state.lastUpdate())).isEqualTo(texts(expected.get("last_update")));
    assertThat(texts(state.emission())).isEqualTo(texts(expected.get("emission")));
    assertThat(texts(state.dividends())).isEqualTo(texts(expected.get("dividends")));
    assertThat(texts(state.incentives())).isEqualTo(texts(expected.get("incentives")));
    assertThat(texts(state.consensus())).isEqualTo(texts(expected.get("consensus")));
    assertThat(texts(state.trust())).isEqualTo(texts(expected.get("trust")));
    assertThat(texts(state.rank())).isEqualTo(texts(expected.get("rank")));
    assertThat(texts(state.blockAtRegistration()))
        .isEqualTo(texts(expected.get("block_at_registration")));
    assertThat(texts(state.alphaStake())).isEqualTo(texts(expected.get("alpha_stake")));
    assertThat(texts(state.taoStake())).isEqualTo(texts(expected.get("tao_stake")));
    assertThat(texts(state.totalStake())).isEqualTo(texts(expected.get("total_stake")));
    long counted = 0;
    for (JsonNode subnet : history) {
      counted += subnet.size();
    }
    assertThat(values[0]).isEqualTo(counted);
  }

  @Test
  void readsAnAbsentSubnetInEitherForm() {
    SubnetState.EmissionHistory none = (subnet, uid, rao) -> {};
    assertThat(SubnetState.read(new byte[] {0}, "x", none)).isEmpty();
    assertThat(SubnetState.read(new byte[] {4, 0}, "x", none)).isEmpty();
    assertThatThrownBy(() -> lite().ofScale(new byte[] {0}, "x"))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("there is no subnet 1 at this block");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 63, 64, 127, 128, 16_383, 16_384, 65_535})
  void readsTheStateOfEveryNetuidInEitherForm(int netuid) {
    MetagraphSnapshot of =
        MetagraphSnapshot.of("finney", new NetUid(netuid), 7, TAKEN_AT, SMALL.neurons());
    byte[] typed = ScaleMetagraph.subnetState(of);
    assertThat(state(typed).netuid()).isEqualTo(netuid);
    assertThat(state(ScaleMetagraph.wrapped(typed)).netuid()).isEqualTo(netuid);
  }

  /** Some and the netuid, read as a length, are then just the bytes that follow. */
  @ParameterizedTest
  @ValueSource(ints = {3, 4, 20, 63})
  void takesNoTypedStateForAWrappedOneWhateverItsSize(int netuid) {
    MetagraphSnapshot of =
        MetagraphSnapshot.of("finney", new NetUid(netuid), 7, TAKEN_AT, SMALL.neurons());
    byte[] typed = new byte[0];
    for (int more = 0; typed.length < 256 * netuid + 2; more++) {
      typed = ScaleMetagraph.subnetState(of, more);
    }
    assertThat(typed).hasSize(256 * netuid + 2);
    assertThat(state(typed).netuid()).isEqualTo(netuid);
    assertThat(state(ScaleMetagraph.wrapped(typed)).netuid()).isEqualTo(netuid);
  }

  private static SubnetState state(byte[] bytes) {
    return SubnetState.read(bytes, "x", (subnet, uid, rao) -> {}).orElseThrow();
  }

  @Test
  void readsBothResultForms() {
    byte[] typed = ScaleMetagraph.neuronsLite(SMALL);
    assertThat(lite().ofScale(typed, "x")).isEqualTo(SMALL.neurons());
    assertThat(lite().ofScale(ScaleMetagraph.wrapped(typed), "x")).isEqualTo(SMALL.neurons());
  }

  @Test
  void importsNeuronsWithTheirWeightsAndBonds(@TempDir Path folder) throws IOException {
    MetagraphSnapshot three =
        snapshot(serving(0, "203.0.113.7", 1), serving(1, "::ffff:9.9.9.9", 2), notServing(200));
    byte[] scale = ScaleMetagraph.neurons(three);
    assertThat(ChainAnswer.of(scale, "x")).hasToString("get_neurons");
    Path file = folder.resolve("neurons.hex");
    for (byte[] form : List.of(scale, ScaleMetagraph.wrapped(scale))) {
      Files.writeString(file, HexFormat.of().formatHex(form));
      assertThat(given().read(file)).isEqualTo(three);
    }
  }

  @Test
  void saysHowFarAnAnswerOfNoKnownLayoutCanBeRead(@TempDir Path folder) throws IOException {
    byte[] scale = ScaleMetagraph.neuronsLite(SMALL);
    Path file = folder.resolve("cut.hex");
    Files.writeString(file, HexFormat.of().formatHex(scale, 0, scale.length - 1));
    assertThatThrownBy(() -> given().read(file))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("pruning_score needs 4 bytes, 3 are left")
        .hasMessageEndingWith("; read as the answer of get_neurons_lite");
  }

  @Test
  void keepsTotalStakeAndRegistrationAndWritesThemInVersion2(@TempDir Path folder) {
    BigInteger u64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    MetagraphSnapshot full =
        snapshot(
            SMALL.neurons().getFirst().with(Optional.of(u64), OptionalLong.of(Long.MAX_VALUE)),
            SMALL.neurons().getLast().with(Optional.of(BigInteger.ZERO), OptionalLong.of(0)));
    SubnetState state =
        SubnetState.read(ScaleMetagraph.subnetState(full), "x", (s, u, rao) -> {}).orElseThrow();
    List<Neuron> completed = state.completing(SMALL.neurons(), new NetUid(1));
    assertThat(completed).isEqualTo(full.neurons());

    Path file = folder.resolve("full.json");
    SnapshotFile.write(full, file);
    assertThat(file).content().contains("\"version\":2").contains("\"total_stake_rao\":\"" + u64);
    assertThat(SnapshotFile.read(file)).isEqualTo(full);
    SnapshotFile.write(SMALL, file);
    assertThat(file).content().contains("\"version\":1").doesNotContain("total_stake_rao");
  }

  @Test
  void refusesAStateOfOtherNeurons() {
    SubnetState state =
        SubnetState.read(
                ScaleMetagraph.subnetState(snapshot(serving(0, "203.0.113.7", 1))),
                "x",
                (s, u, rao) -> {})
            .orElseThrow();
    assertThatThrownBy(() -> state.completing(SMALL.neurons(), new NetUid(1)))
        .hasMessageContaining("has 1 neurons, the list 2");
    assertThatThrownBy(() -> state.completing(List.of(serving(3, "203.0.113.7", 1)), new NetUid(1)))
        .hasMessageContaining("uid 3 has hotkey");
    assertThatThrownBy(() -> state.completing(SMALL.neurons(), new NetUid(2)))
        .hasMessageContaining("is of netuid 1, not 2");
  }

  @ParameterizedTest
  @CsvSource({
    "'', there are no bytes",
    "02, needs 4 bytes",
    "feffffff, items are announced",
    "03ffffffff, items are announced",
    "0100, not in its shortest form",
    "07, needs 5 bytes",
  })
  void refusesListsThatCannotBe(String hex, String reason) {
    assertThatThrownBy(() -> lite().ofScale(HexFormat.of().parseHex(hex), "x"))
        .isInstanceOf(SnapshotException.class)
        .hasMessageStartingWith("x: byte ")
        .hasMessageContaining(reason);
  }

  @Test
  void importsEveryFormByItsFirstByte(@TempDir Path folder) throws IOException {
    byte[] scale = ScaleMetagraph.neuronsLite(SMALL);
    Path file = folder.resolve("list");
    SnapshotImport given = given();
    SnapshotImport bare =
        new SnapshotImport(
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());
    Files.writeString(file, "0x" + HexFormat.of().formatHex(scale) + "\n");
    assertThat(given.read(file)).isEqualTo(SMALL);
    assertThatThrownBy(() -> bare.read(file)).hasMessageContaining("give --network");
    assertThatThrownBy(() -> SnapshotFile.read(file)).hasMessageContaining("snapshot import");
    Files.writeString(file, "\n  0x" + HexFormat.of().formatHex(ScaleMetagraph.wrapped(scale)));
    assertThat(given.read(file)).isEqualTo(SMALL);
    String odd = Files.readString(file).replace("0x", "0x ");
    Files.writeString(file, odd);
    assertThatThrownBy(() -> given.read(file)).hasMessageContaining("offset 6: ");
    SnapshotFile.write(SMALL, file);
    assertThat(bare.read(file)).isEqualTo(SMALL);
    assertThatThrownBy(
            () ->
                new SnapshotImport(
                        Optional.of("test"),
                        Optional.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        Optional.empty())
                    .read(file))
        .hasMessageContaining("is of network finney, but test was given");
    assertThatThrownBy(
            () ->
                new SnapshotImport(
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        Optional.of(TAKEN_AT.plusSeconds(1)),
                        Optional.empty())
                    .read(file))
        .hasMessageContaining(
            "is of time 2026-01-02T03:04:05Z, but 2026-01-02T03:04:06Z was given");
  }

  private static SnapshotImport given() {
    return new SnapshotImport(
        Optional.of("finney"),
        Optional.of(new NetUid(1)),
        OptionalLong.of(6_530_367),
        Optional.of(TAKEN_AT),
        Optional.empty());
  }

  private static NeuronsLiteImport lite() {
    return new NeuronsLiteImport("finney", new NetUid(1), 6_530_367, TAKEN_AT);
  }

  private static byte[] bytes(String recording) throws IOException {
    String hex =
        Files.readString(SharedFolder.file("metagraph").resolve(recording + ".hex")).strip();
    return HexFormat.of().parseHex(hex.startsWith("0x") ? hex.substring(2) : hex);
  }

  private static JsonNode decoded(String recording) {
    return JsonMapper.shared()
        .readTree(SharedFolder.file("metagraph").resolve(recording + ".decoded.json").toFile());
  }

  private static List<String> texts(List<?> values) {
    return values.stream().map(Object::toString).toList();
  }

  private static List<String> texts(JsonNode values) {
    return values.valueStream().map(JsonNode::asString).toList();
  }

  private static void assertSame(NeuronLite neuron, JsonNode expected) {
    JsonNode axon = expected.get("axon_info");
    JsonNode prometheus = expected.get("prometheus_info");
    assertThat(neuron)
        .isEqualTo(
            new NeuronLite(
                neuron.hotkey(),
                neuron.coldkey(),
                expected.get("uid").intValue(),
                expected.get("netuid").intValue(),
                expected.get("active").booleanValue(),
                new NeuronLite.Axon(
                    axon.get("block").bigIntegerValue(),
                    axon.get("version").longValue(),
                    axon.get("ip").bigIntegerValue(),
                    axon.get("port").intValue(),
                    axon.get("ip_type").intValue(),
                    axon.get("protocol").intValue(),
                    axon.get("placeholder1").intValue(),
                    axon.get("placeholder2").intValue()),
                new NeuronLite.Prometheus(
                    prometheus.get("block").bigIntegerValue(),
                    prometheus.get("version").longValue(),
                    prometheus.get("ip").bigIntegerValue(),
                    prometheus.get("port").intValue(),
                    prometheus.get("ip_type").intValue()),
                neuron.stake(),
                expected.get("rank").intValue(),
                expected.get("emission").bigIntegerValue(),
                expected.get("incentive").intValue(),
                expected.get("consensus").intValue(),
                expected.get("trust").intValue(),
                expected.get("validator_trust").intValue(),
                expected.get("dividends").intValue(),
                expected.get("last_update").bigIntegerValue(),
                expected.get("validator_permit").booleanValue(),
                expected.get("pruning_score").intValue()));
    assertThat(neuron.hotkey().text()).isEqualTo(expected.get("hotkey").stringValue());
    assertThat(neuron.coldkey().text()).isEqualTo(expected.get("coldkey").stringValue());
    assertThat(neuron.stake()).hasSize(expected.get("stake").size());
    for (int i = 0; i < neuron.stake().size(); i++) {
      JsonNode pair = expected.get("stake").get(i);
      assertThat(neuron.stake().get(i).coldkey().text()).isEqualTo(pair.get(0).stringValue());
      assertThat(neuron.stake().get(i).rao()).isEqualTo(pair.get(1).bigIntegerValue());
    }
  }
}
