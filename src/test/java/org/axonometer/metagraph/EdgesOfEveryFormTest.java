package org.axonometer.metagraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.axonometer.testing.SnapshotNeurons.TAKEN_AT;
import static org.axonometer.testing.SnapshotNeurons.hotkey;
import static org.axonometer.testing.SnapshotNeurons.notServing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.testing.PickledMetagraph;
import org.axonometer.testing.ScaleMetagraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The largest, smallest and oddest values a chain may hold, in every form. */
class EdgesOfEveryFormTest {

  private static final BigInteger U64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
  private static final BigInteger U128 = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

  /** At uid 0 all is nothing, and one key is both. At uid 1 all is as large as it can be. */
  private static List<Neuron> neurons() {
    Ss58Address nobody = Ss58Address.of(new byte[32]);
    return List.of(
        neuron(0, nobody, nobody, BigInteger.ZERO, 0, 0, BigInteger.ZERO, 0, 0),
        neuron(1, hotkey(1), hotkey(1), U128, 255, 65_535, U64, 65_535, Long.MAX_VALUE),
        neuron(2, hotkey(2), nobody, BigInteger.ONE, 6, 1, BigInteger.ONE, 1, 1),
        neuron(
            3,
            hotkey(3),
            nobody,
            AxonAddress.parse("::ffff:255.255.255.255").value(),
            6,
            65_535,
            BigInteger.ONE.shiftLeft(63),
            64,
            1 << 30),
        neuron(
            4,
            hotkey(4),
            nobody,
            BigInteger.ONE.shiftLeft(32),
            4,
            0,
            BigInteger.ONE.shiftLeft(53).add(BigInteger.ONE),
            16_384,
            (1L << 30) - 1));
  }

  private static Neuron neuron(
      int uid,
      Ss58Address hotkey,
      Ss58Address coldkey,
      BigInteger ip,
      int ipType,
      int port,
      BigInteger rao,
      int share,
      long block) {
    return new Neuron(
            new Uid(uid),
            hotkey,
            coldkey,
            ip,
            ipType,
            port,
            Math.min(block, (1L << 32) - 1),
            block,
            rao,
            share > 1,
            share > 64,
            share,
            65_535 - share,
            share / 2,
            block)
        .with(Optional.of(U64.subtract(rao)), OptionalLong.of(block));
  }

  static Stream<MetagraphSnapshot> snapshots() {
    return Stream.of(0, 1, 63, 64, 16_383, 16_384, 65_535).map(netuid -> of(netuid, neurons()));
  }

  private static MetagraphSnapshot of(int netuid, List<Neuron> neurons) {
    return MetagraphSnapshot.of("finney", new NetUid(netuid), netuid, TAKEN_AT, neurons);
  }

  private static SnapshotImport given(MetagraphSnapshot snapshot) {
    return new SnapshotImport(
        Optional.of("finney"),
        Optional.of(snapshot.netuid()),
        OptionalLong.of(snapshot.block()),
        Optional.of(TAKEN_AT),
        Optional.empty());
  }

  private static MetagraphSnapshot imported(MetagraphSnapshot snapshot, byte[] scale) {
    return given(snapshot).answer(scale, "x", TAKEN_AT);
  }

  private static List<Neuron> withoutState(List<Neuron> neurons) {
    return neurons.stream().map(n -> n.with(Optional.empty(), OptionalLong.empty())).toList();
  }

  @ParameterizedTest
  @MethodSource("snapshots")
  void listsOfNeuronsKeepThem(MetagraphSnapshot snapshot) {
    SubnetState state =
        SubnetState.read(ScaleMetagraph.subnetState(snapshot), "x", (s, u, rao) -> {})
            .orElseThrow();
    for (byte[] typed :
        List.of(ScaleMetagraph.neuronsLite(snapshot), ScaleMetagraph.neurons(snapshot))) {
      for (byte[] form : List.of(typed, ScaleMetagraph.wrapped(typed))) {
        List<Neuron> read = imported(snapshot, form).neurons();
        assertThat(read).isEqualTo(withoutState(snapshot.neurons()));
        assertThat(state.completing(read, snapshot.netuid())).isEqualTo(snapshot.neurons());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("snapshots")
  void metagraphAnswersKeepThem(MetagraphSnapshot snapshot) {
    for (MetagraphAnswer.Layout layout : MetagraphAnswer.Layout.known()) {
      byte[] typed = MadeMetagraphAnswer.of(snapshot, layout, Set.of());
      MetagraphSnapshot read =
          new SnapshotImport(
                  Optional.of("finney"),
                  Optional.empty(),
                  OptionalLong.empty(),
                  Optional.empty(),
                  Optional.empty())
              .answer(typed, "x", TAKEN_AT);
      assertThat(read.neurons()).isEqualTo(snapshot.neurons());
      assertThat(read.netuid().value()).isEqualTo(snapshot.netuid().value() % 4_096);
    }
  }

  @ParameterizedTest
  @MethodSource("snapshots")
  void ourOwnFormKeepsThem(MetagraphSnapshot snapshot) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SnapshotWriter.write(snapshot, out);
    GuardedBytes in = new GuardedBytes(new ByteArrayInputStream(out.toByteArray()), "x");
    assertThat(SnapshotReader.read(in, "x")).isEqualTo(snapshot);
  }

  @ParameterizedTest
  @MethodSource("snapshots")
  void savedMetagraphsKeepThem(MetagraphSnapshot snapshot) {
    for (int protocol : new int[] {4, 5}) {
      byte[] pickle = PickledMetagraph.of(snapshot, protocol);
      MetagraphSnapshot read = SavedMetagraph.read(pickle, "x", TAKEN_AT, null);
      assertThat(read.netuid()).isEqualTo(snapshot.netuid());
      assertThat(read.neurons())
          .usingRecursiveComparison()
          .ignoringFields("axonBlock", "totalStakeRao", "registeredBlock")
          .isEqualTo(snapshot.neurons());
    }
  }

  @Test
  void aSubnetMayHaveNoNeuronsOrOne() {
    for (List<Neuron> few : List.of(List.<Neuron>of(), List.of(notServing(0)))) {
      MetagraphSnapshot snapshot = of(1, few);
      for (int protocol : new int[] {4, 5}) {
        byte[] pickle = PickledMetagraph.of(snapshot, protocol);
        assertThat(SavedMetagraph.read(pickle, "x", TAKEN_AT, null).neurons()).hasSameSizeAs(few);
      }
      byte[] answer =
          MadeMetagraphAnswer.of(snapshot, MetagraphAnswer.Layout.known().getFirst(), Set.of());
      assertThat(imported(snapshot, answer).neurons()).hasSameSizeAs(few);
    }
  }
}
