package org.axonometer.metagraph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.axonometer.testing.SnapshotNeurons.TAKEN_AT;
import static org.axonometer.testing.SnapshotNeurons.notServing;
import static org.axonometer.testing.SnapshotNeurons.serving;
import static org.axonometer.testing.SnapshotNeurons.snapshot;
import static org.axonometer.testing.SnapshotNeurons.validator;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.ScaleMetagraph;
import org.axonometer.testing.SharedFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The chain's metagraph answers, as recorded from mainnet and as made here. */
class MetagraphAnswerTest {

  private static final String RECORDED = "finney_sn1_block6530367_selective_mechagraph";
  private static final BigInteger U64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
  private static final MetagraphSnapshot SMALL =
      snapshot(
          serving(0, "203.0.113.7", 8091).with(Optional.of(U64), OptionalLong.of(5)),
          notServing(1).with(Optional.of(BigInteger.ZERO), OptionalLong.of(0)),
          serving(2, "2606:4700::1111", 65_535)
              .with(Optional.of(BigInteger.ONE), OptionalLong.of(Long.MAX_VALUE)),
          validator(3, U64).with(Optional.of(BigInteger.TEN), OptionalLong.of(9)));

  @TempDir private Path folder;

  @Test
  void decodesEveryFieldOfTheRecordedAnswer() throws IOException {
    JsonNode expected = decoded(RECORDED);
    byte[] bytes = bytes(RECORDED);
    ChainAnswer answer = ChainAnswer.of(bytes, RECORDED);
    assertThat(answer).hasToString("get_selective_mechagraph");
    MetagraphAnswer.Layout layout = ((ChainAnswer.Metagraph) answer).layout();
    MetagraphAnswer read =
        MetagraphAnswer.read(
                ScaleReader.ofResult(bytes, RECORDED, answer),
                layout,
                EnumSet.allOf(MetagraphField.class))
            .orElseThrow();
    assertThat(read.values()).hasSize(74).hasSize(expected.size());
    for (MetagraphField field : MetagraphField.values()) {
      assertThat(plain(requireNonNull(read.values().get(field))))
          .as(field.toString())
          .isEqualTo(plain(expected.get(field.toString())));
    }
  }

  @Test
  void makesTheRecordedAnswerASnapshotWithEveryValue() {
    JsonNode expected = decoded(RECORDED);
    MetagraphSnapshot read = given().read(recorded(RECORDED));
    assertThat(read.network()).isEqualTo("finney");
    assertThat(read.netuid()).isEqualTo(new NetUid(1));
    assertThat(read.block()).isEqualTo(6_530_367);
    assertThat(read.neurons()).hasSize(1_024);
    for (int uid = 0; uid < 1_024; uid++) {
      Neuron neuron = read.neurons().get(uid);
      JsonNode axon = expected.get("axons").get(uid);
      assertThat(neuron)
          .isEqualTo(
              new Neuron(
                  new org.axonometer.subnet.Uid(uid),
                  neuron.hotkey(),
                  neuron.coldkey(),
                  axon.get("ip").bigIntegerValue(),
                  axon.get("ip_type").intValue(),
                  axon.get("port").intValue(),
                  axon.get("version").longValue(),
                  axon.get("block").longValue(),
                  expected.get("alpha_stake").get(uid).bigIntegerValue(),
                  expected.get("active").get(uid).booleanValue(),
                  expected.get("validator_permit").get(uid).booleanValue(),
                  expected.get("incentives").get(uid).intValue(),
                  expected.get("dividends").get(uid).intValue(),
                  expected.get("consensus").get(uid).intValue(),
                  expected.get("last_update").get(uid).longValue(),
                  Optional.of(expected.get("total_stake").get(uid).bigIntegerValue()),
                  OptionalLong.of(expected.get("block_at_registration").get(uid).longValue())));
      assertThat(neuron.hotkey()).hasToString(expected.get("hotkeys").get(uid).stringValue());
      assertThat(neuron.coldkey()).hasToString(expected.get("coldkeys").get(uid).stringValue());
      assertThat(new AxonAddress(neuron.axonIp())).hasToString(axon.get("ip_str").stringValue());
    }
  }

  @Test
  void completesTheRecordedListWithTheRecordedState() {
    JsonNode state = decoded("finney_sn1_block6530367_subnet_state");
    Path list = recorded("finney_sn1_block6530367_neurons_lite");
    MetagraphSnapshot alone = given().read(list);
    MetagraphSnapshot read =
        given(Optional.of(recorded("finney_sn1_block6530367_subnet_state"))).read(list);
    assertThat(read.neurons()).hasSize(1_024);
    for (int uid = 0; uid < 1_024; uid++) {
      assertThat(read.neurons().get(uid))
          .isEqualTo(
              alone
                  .neurons()
                  .get(uid)
                  .with(
                      Optional.of(state.get("total_stake").get(uid).bigIntegerValue()),
                      OptionalLong.of(state.get("block_at_registration").get(uid).longValue())));
    }
    assertThatThrownBy(() -> given(Optional.of(list)).read(list))
        .isInstanceOf(SnapshotException.class);
    assertThatThrownBy(
            () -> given(Optional.of(recorded("devnet_sn1_block3264143_subnet_state"))).read(list))
        .hasMessageContaining("the subnet state has 1 neurons, the list 1024");
    assertThatThrownBy(() -> given(Optional.of(list)).read(recorded(RECORDED)))
        .hasMessageContaining("--subnet-state goes with the answer of get_neurons_lite");
  }

  @Test
  void saysWhatIsMissingWhereNoSnapshotCanBeMade() {
    Path state = recorded("finney_sn1_block6530367_subnet_state");
    assertThatThrownBy(() -> given().read(state))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("the answer of get_subnet_state, which has no addresses")
        .hasMessageContaining("--subnet-state");
    assertThatThrownBy(() -> given().read(recorded("devnet_sn1_block3264143_get_metagraph_none")))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("the chain's answer is none: there was no such subnet at this block");
    assertThatThrownBy(
            () ->
                given(Optional.of(recorded("devnet_sn1_block3264143_get_metagraph_none")))
                    .read(recorded("devnet_sn1_block3264143_neurons_lite")))
        .hasMessageContaining("the chain's answer is none");
    assertThatThrownBy(
            () ->
                new SnapshotImport(
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        Optional.empty())
                    .read(recorded(RECORDED)))
        .hasMessageContaining("does not say its network; give --network");
  }

  static List<MetagraphAnswer.Layout> layouts() {
    return MetagraphAnswer.Layout.known();
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void readsTheLayoutsOfEveryRuntimeInEitherForm(MetagraphAnswer.Layout layout) throws IOException {
    byte[] typed = MadeMetagraphAnswer.of(SMALL, layout, Set.of());
    assertThat(given().read(written(typed)).neurons()).isEqualTo(SMALL.neurons());
    assertThat(given().read(written(ScaleMetagraph.wrapped(typed))).neurons())
        .isEqualTo(SMALL.neurons());
  }

  @Test
  void takesTheBlockAndNetuidFromTheAnswerAndRefusesOthers() throws IOException {
    byte[] typed = MadeMetagraphAnswer.of(SMALL, newest(), Set.of());
    Path file = written(typed);
    assertThat(networkOnly().read(file)).isEqualTo(given().read(file));
    assertThatThrownBy(
            () ->
                new SnapshotImport(
                        Optional.of("finney"),
                        Optional.of(new NetUid(2)),
                        OptionalLong.empty(),
                        Optional.empty(),
                        Optional.empty())
                    .read(file))
        .hasMessageContaining("is of netuid 1, but 2 was given");
    assertThatThrownBy(
            () ->
                new SnapshotImport(
                        Optional.of("finney"),
                        Optional.empty(),
                        OptionalLong.of(7),
                        Optional.empty(),
                        Optional.empty())
                    .read(file))
        .hasMessageContaining("is of block 6530367, but 7 was given");
    Path other = written(MadeMetagraphAnswer.of(SMALL, newest(), Set.of(MetagraphField.BLOCK)));
    assertThat(given().read(other).block()).isEqualTo(6_530_367);
    assertThatThrownBy(() -> networkOnly().read(other)).hasMessageContaining("give --block");
  }

  @Test
  void readsTheSubnetOfAMechanism() throws IOException {
    MetagraphSnapshot second =
        MetagraphSnapshot.of(
            "finney", new NetUid(4_096 * 2 + 1), SMALL.block(), TAKEN_AT, SMALL.neurons());
    Path file = written(MadeMetagraphAnswer.of(second, newest(), Set.of()));
    assertThat(given().read(file).netuid()).isEqualTo(new NetUid(1));
  }

  @ParameterizedTest
  @EnumSource(names = "NETUID", mode = EnumSource.Mode.EXCLUDE)
  void needsOnlyTheFieldsOfASnapshot(MetagraphField left) throws IOException {
    Path file = written(MadeMetagraphAnswer.of(SMALL, newest(), Set.of(left)));
    switch (left) {
      case TOTAL_STAKE ->
          assertThat(given().read(file).neurons().getFirst().totalStakeRao()).isEmpty();
      case BLOCK_AT_REGISTRATION ->
          assertThat(given().read(file).neurons().getFirst().registeredBlock()).isEmpty();
      case HOTKEYS,
          COLDKEYS,
          AXONS,
          ACTIVE,
          VALIDATOR_PERMIT,
          LAST_UPDATE,
          DIVIDENDS,
          INCENTIVES,
          CONSENSUS,
          ALPHA_STAKE ->
          assertThatThrownBy(() -> given().read(file))
              .isInstanceOf(SnapshotException.class)
              .hasMessageContaining(
                  "the answer has no %s; ask for the fields 0, 7, 52, 53, 55, 56, 57, 59, 61, 62,"
                      + " 63, 66, 67, 69",
                  left);
      default -> assertThat(given().read(file).neurons()).isEqualTo(SMALL.neurons());
    }
  }

  private static MetagraphAnswer.Layout newest() {
    return MetagraphAnswer.Layout.known().getFirst();
  }

  private Path written(byte[] scale) throws IOException {
    return Files.writeString(
        folder.resolve("answer.hex"), "0x" + HexFormat.of().formatHex(scale) + "\n");
  }

  private static SnapshotImport networkOnly() {
    return new SnapshotImport(
        Optional.of("finney"),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.of(TAKEN_AT),
        Optional.empty());
  }

  private static SnapshotImport given() {
    return given(Optional.empty());
  }

  private static SnapshotImport given(Optional<Path> state) {
    return new SnapshotImport(
        Optional.of("finney"),
        Optional.of(new NetUid(1)),
        OptionalLong.of(6_530_367),
        Optional.of(TAKEN_AT),
        state);
  }

  private static Path recorded(String name) {
    return SharedFolder.file("metagraph").resolve(name + ".hex");
  }

  private static byte[] bytes(String name) throws IOException {
    return HexText.decode(Files.newInputStream(recorded(name)), name);
  }

  private static JsonNode decoded(String name) {
    return JsonMapper.shared()
        .readTree(SharedFolder.file("metagraph").resolve(name + ".decoded.json").toFile());
  }

  /** The same text for a value read here and for its JSON. */
  private static Object plain(Object value) {
    return switch (value) {
      case JsonNode node when node.isArray() ->
          node.valueStream().map(item -> plain(item)).toList();
      case JsonNode node when node.has("bits") -> node.get("bits").asString();
      case JsonNode node when node.has("ip_str") ->
          List.of(
                  "block",
                  "version",
                  "ip",
                  "port",
                  "ip_type",
                  "protocol",
                  "placeholder1",
                  "placeholder2")
              .stream()
              .map(key -> node.get(key).asString())
              .toList();
      case JsonNode node when node.isObject() ->
          node.valueStream().map(JsonNode::asString).toList();
      case JsonNode node when node.isNull() -> "none";
      case JsonNode node -> node.asString();
      case NeuronLite.Axon axon ->
          List.of(
              axon.block().toString(),
              Long.toString(axon.version()),
              axon.ip().toString(),
              Integer.toString(axon.port()),
              Integer.toString(axon.ipType()),
              Integer.toString(axon.protocol()),
              Integer.toString(axon.placeholder1()),
              Integer.toString(axon.placeholder2()));
      case Optional<?> option -> option.map(item -> plain(item)).orElse("none");
      case List<?> items -> items.stream().map(item -> plain(item)).toList();
      default -> value.toString();
    };
  }
}
