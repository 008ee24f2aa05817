package org.axonometer.metagraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.axonometer.testing.SnapshotNeurons.TAKEN_AT;
import static org.axonometer.testing.SnapshotNeurons.notServing;
import static org.axonometer.testing.SnapshotNeurons.serving;
import static org.axonometer.testing.SnapshotNeurons.snapshot;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.PickledMetagraph;
import org.axonometer.testing.ScaleMetagraph;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged and made-up bytes of every form: refused with a reason, and nothing worse. */
@Execution(ExecutionMode.CONCURRENT)
class HostileFormsTest {

  private static final int MUTATIONS = 100_000;
  private static final MetagraphSnapshot SMALL =
      snapshot(serving(0, "203.0.113.7", 8091), notServing(1));

  interface Reader {
    Object read(byte[] bytes) throws IOException;
  }

  static final class Form {
    private final String name;
    private final byte[] good;
    private final Reader reader;

    Form(String name, byte[] good, Reader reader) {
      this.name = name;
      this.good = good;
      this.reader = reader;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Form> forms() {
    NeuronsLiteImport lite = new NeuronsLiteImport("finney", new NetUid(1), 1, TAKEN_AT);
    byte[] scale = ScaleMetagraph.neuronsLite(SMALL);
    byte[] hex = ("0x" + HexFormat.of().formatHex(scale)).getBytes(StandardCharsets.US_ASCII);
    return Stream.of(
        new Form(
            "our JSON",
            json(),
            bytes -> SnapshotReader.read(new GuardedBytes(in(bytes), "x"), "x")),
        new Form("hex", hex, bytes -> lite.read(in(bytes), '0', "x")),
        new Form("decoded list", decoded(), bytes -> lite.read(in(bytes), '[', "x")),
        new Form("typed SCALE", scale, bytes -> lite.ofScale(bytes, "x")),
        new Form("wrapped SCALE", ScaleMetagraph.wrapped(scale), bytes -> lite.ofScale(bytes, "x")),
        new Form(
            "subnet state",
            ScaleMetagraph.subnetState(SMALL),
            bytes ->
                SubnetState.read(bytes, "x", (subnet, uid, rao) -> {})
                    .map(state -> state.completing(SMALL.neurons(), new NetUid(1)))),
        metagraph("selective metagraph", MetagraphAnswer.Layout.known().getFirst()),
        metagraph("whole metagraph", new MetagraphAnswer.Layout(false, 8, 7)),
        pickle(4),
        pickle(5));
  }

  private static Form metagraph(String name, MetagraphAnswer.Layout layout) {
    return new Form(
        name,
        MadeMetagraphAnswer.of(SMALL, layout, Set.of()),
        bytes -> anyAnswer().answer(bytes, "x", TAKEN_AT));
  }

  private static SnapshotImport anyAnswer() {
    return new SnapshotImport(
        Optional.of("finney"),
        Optional.of(new NetUid(1)),
        OptionalLong.of(1),
        Optional.empty(),
        Optional.empty());
  }

  private static Form pickle(int protocol) {
    return new Form(
        "pickle protocol " + protocol,
        PickledMetagraph.of(SMALL, protocol),
        bytes -> SavedMetagraph.read(bytes, "x", TAKEN_AT, null));
  }

  @ParameterizedTest
  @MethodSource("forms")
  @Timeout(60)
  void refusesAFileThatEndsAnywhere(Form form) throws IOException {
    assertThat(form.reader.read(form.good)).isNotNull();
    // Our own JSON ends with a line break that may be missing.
    int whole = form.good[form.good.length - 1] == '\n' ? form.good.length - 1 : form.good.length;
    for (int length = 0; length < whole; length++) {
      byte[] part = Arrays.copyOf(form.good, length);
      assertThatThrownBy(() -> form.reader.read(part))
          .as("%s cut after %d bytes", form, length)
          .isInstanceOf(SnapshotException.class)
          .hasMessageStartingWith("x: ");
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  @Timeout(300)
  void readsOrRefusesEveryMutation(Form form) throws IOException {
    SplittableRandom random = new SplittableRandom(form.name.hashCode());
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutated = mutated(form.good, random);
      try {
        form.reader.read(mutated);
      } catch (SnapshotException | IllegalArgumentException e) {
        // The state's IllegalArgumentException is wrapped by whoever completes neurons with it.
        assertThat(e instanceof SnapshotException || form.name.equals("subnet state"))
            .as("%s, mutation %d: %s", form, i, e)
            .isTrue();
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(MUTATIONS / 10);
  }

  private static byte[] mutated(byte[] good, SplittableRandom random) {
    byte[] bytes = good.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 ->
            bytes[at] = (byte) List.of(0, 1, 3, 0x7f, 0x80, 0xff).get(random.nextInt(6)).intValue();
        case 3 -> bytes = spliced(bytes, at, at + random.nextInt(bytes.length - at), random);
        default -> bytes[at] = bytes[random.nextInt(bytes.length)];
      }
      if (bytes.length == 0) {
        return bytes;
      }
    }
    return bytes;
  }

  /** A stretch of the bytes moved to another place, or taken out. */
  private static byte[] spliced(byte[] bytes, int from, int to, SplittableRandom random) {
    int end = Math.min(to, from + 40);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    out.write(bytes, end, bytes.length - end);
    if (random.nextBoolean()) {
      out.write(bytes, from, end - from);
    }
    return out.toByteArray();
  }

  private static ByteArrayInputStream in(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  private static byte[] json() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SnapshotWriter.write(SMALL, out);
    return out.toByteArray();
  }

  private static byte[] decoded() {
    StringBuilder list = new StringBuilder("[");
    for (Neuron neuron : SMALL.neurons()) {
      list.append(list.length() > 1 ? "," : "")
          .append(
              """
              {"hotkey":"%s","coldkey":"%s","uid":%s,"netuid":1,"active":true,\
              "axon_info":{"block":5,"version":6,"ip":%s,"port":7,"ip_type":4},\
              "stake":[["a",184467440737095516]],"incentive":2,"consensus":3,"dividends":4,\
              "last_update":8,"validator_permit":true}"""
                  .formatted(neuron.hotkey(), neuron.coldkey(), neuron.uid(), neuron.axonIp()));
    }
    return list.append(']').toString().getBytes(StandardCharsets.US_ASCII);
  }
}
