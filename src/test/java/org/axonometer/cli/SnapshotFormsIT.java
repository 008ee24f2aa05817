package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.axonometer.testing.SnapshotNeurons.serving;
import static org.axonometer.testing.SnapshotNeurons.snapshot;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.metagraph.SnapshotDiff;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.testing.PickledMetagraph;
import org.axonometer.testing.Program;
import org.axonometer.testing.RpcNode;
import org.axonometer.testing.ScaleMetagraph;
import org.axonometer.testing.SharedFolder;
import org.axonometer.testing.SnapshotNeurons;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The largest subnet there can be, in every form, by the real program with a small heap. */
@Execution(ExecutionMode.CONCURRENT)
class SnapshotFormsIT {
  private static final Map<String, String> HEAP = Map.of("JAVA_TOOL_OPTIONS", "-Xmx256m");

  @TempDir private Path folder;

  private static MetagraphSnapshot largest() {
    return snapshot(
        IntStream.range(0, 65_536)
            .mapToObj(uid -> serving(uid, "2606:4700::1111", 1 + uid % 65_535))
            .toArray(Neuron[]::new));
  }

  @Test
  void importsEveryFormOfTheLargestSubnet() throws IOException {
    MetagraphSnapshot largest = largest();
    byte[] scale = ScaleMetagraph.neuronsLite(largest);
    for (int protocol : new int[] {4, 5}) {
      byte[] pickle = PickledMetagraph.of(largest, protocol);
      assertThat(pickle.length).isGreaterThan(25_000_000);
      assertImports(largest, "block-6530367.pt", pickle);
    }
    assertImports(largest, "typed.hex", hex(scale));
    assertImports(largest, "legacy.hex", hex(ScaleMetagraph.wrapped(scale)));
    Path json = folder.resolve("ours.json");
    SnapshotFile.write(largest, json);
    assertImports(largest, "ours.json", Files.readAllBytes(json));
    StringBuilder list = new StringBuilder("[");
    for (Neuron neuron : largest.neurons()) {
      list.append(list.length() > 1 ? "," : "").append(decoded(neuron));
    }
    assertImports(
        largest, "decoded.json", list.append(']').toString().getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void importsTheRecordedAnswersAndSaysWhatOneLacks() {
    String mainnet = "finney_sn1_block6530367_";
    MetagraphSnapshot whole = imported(mainnet + "selective_mechagraph", "--network=finney");
    MetagraphSnapshot list =
        imported(
            mainnet + "neurons_lite",
            "--network=finney",
            "--netuid=1",
            "--block=6530367",
            "--subnet-state=" + recorded(mainnet + "subnet_state"));
    assertThat(whole.neurons()).hasSize(1_024);
    assertThat(list.block()).isEqualTo(whole.block());
    assertThat(list.neurons())
        .usingRecursiveComparison()
        .ignoringFields("stakeRao")
        .isEqualTo(whole.neurons());
    assertRefused(
        mainnet + "subnet_state", "the answer of get_subnet_state, which has no addresses");
    assertRefused("devnet_sn1_block3264143_get_metagraph_none", "the chain's answer is none");
  }

  private void assertRefused(String recording, String reason) {
    try (Program program = importing(recording, "--network=finney")) {
      assertThat(program.await()).isEqualTo(ExitCode.USAGE);
      assertThat(program.stderr()).contains(reason).hasLineCount(1);
    }
  }

  private MetagraphSnapshot imported(String recording, String... given) {
    try (Program program = importing(recording, given)) {
      assertThat(program.await()).as(program.stderr()).isZero();
    }
    return SnapshotFile.read(folder.resolve("out.json"));
  }

  private Program importing(String recording, String... given) {
    List<String> arguments =
        new ArrayList<>(List.of("snapshot", "import", recorded(recording), "--out=out.json"));
    arguments.addAll(List.of(given));
    return Program.start(folder, arguments.toArray(String[]::new));
  }

  private static String recorded(String name) {
    return SharedFolder.file("metagraph").resolve(name + ".hex").toString();
  }

  @Test
  void fetchesTheLargestSubnetOverBothTransports() throws IOException {
    MetagraphSnapshot largest = largest();
    try (RpcNode node =
        RpcNode.at(largest.block(), SnapshotNeurons.TAKEN_AT)
            .hex("NeuronInfoRuntimeApi_get_neurons_lite", text(ScaleMetagraph.neuronsLite(largest)))
            .hex(
                "SubnetInfoRuntimeApi_get_subnet_state",
                text(ScaleMetagraph.subnetState(largest)))) {
      for (String scheme : List.of("ws", "http")) {
        Path out = folder.resolve(scheme + ".json");
        try (Program program =
            Program.start(
                folder,
                HEAP,
                "snapshot",
                "fetch",
                "--network",
                node.address(scheme).toString(),
                "--netuid",
                "1",
                "--timeout",
                "100s",
                "--out",
                out.toString())) {
          assertThat(program.await()).as(program.stderr()).isZero();
        }
        MetagraphSnapshot read = SnapshotFile.read(out);
        assertThat(read.network()).isEqualTo("local");
        assertThat(read.neurons()).hasSize(65_536);
        Neuron last = read.neurons().getLast();
        assertThat(last.hotkey()).isEqualTo(SnapshotNeurons.hotkey(65_535));
        assertThat(last.totalStakeRao()).contains(BigInteger.valueOf(1_000_000_000));
      }
    }
  }

  @Test
  void saysWhatChangedBetweenTwoForms() throws IOException {
    Path before = folder.resolve("block-6530367.pt");
    Files.write(
        before,
        PickledMetagraph.of(
            snapshot(
                serving(0, "203.0.113.1", 1),
                serving(1, "203.0.113.2", 1),
                serving(2, "203.0.113.3", 1),
                serving(3, "203.0.113.4", 1)),
            4));
    Neuron other = serving(9, "203.0.113.3", 1);
    MetagraphSnapshot later =
        snapshot(
            serving(0, "203.0.113.1", 1),
            serving(1, "203.0.113.2", 2),
            new Neuron(
                serving(2, "203.0.113.3", 1).uid(),
                other.hotkey(),
                other.coldkey(),
                other.axonIp(),
                4,
                1,
                1,
                1,
                other.stakeRao(),
                true,
                false,
                0,
                0,
                0,
                0),
            serving(4, "203.0.113.5", 1));
    Path after = folder.resolve("after.json");
    SnapshotFile.write(later, after);
    SnapshotDiff diff = SnapshotDiff.of(SnapshotFile.read(before), later);
    assertThat(diff.joined()).extracting(n -> n.uid().value()).containsExactly(4);
    assertThat(diff.left()).extracting(n -> n.uid().value()).containsExactly(3);
    assertThat(diff.moved()).extracting(c -> c.after().uid().value()).containsExactly(1);
    assertThat(diff.reregistered()).extracting(c -> c.after().uid().value()).containsExactly(2);

    try (Program text =
            Program.start(folder, "snapshot", "diff", before.toString(), after.toString());
        Program json =
            Program.start(
                folder, "snapshot", "diff", before.toString(), after.toString(), "--json")) {
      assertThat(text.await()).as(text.stderr()).isZero();
      assertThat(text.stdout())
          .contains("203.0.113.2:2, was 203.0.113.2:1")
          .contains("re-registered")
          .contains("1 joined, 1 left, 1 moved, 1 re-registered");
      assertThat(json.await()).as(json.stderr()).isZero();
      assertThat(json.stdout())
          .contains("\"re_registered\"")
          .contains("\"endpoint_before\"")
          .contains(SnapshotNeurons.hotkey(2).text());
    }
  }

  private void assertImports(MetagraphSnapshot expected, String name, byte[] content)
      throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, content);
    Path out = folder.resolve("out.json");
    try (Program program =
        Program.start(
            folder,
            HEAP,
            "snapshot",
            "import",
            file.toString(),
            "--network",
            "finney",
            "--netuid",
            "1",
            "--block",
            Long.toString(expected.block()),
            "--taken-at",
            expected.takenAt().toString(),
            "--out",
            out.toString())) {
      assertThat(program.await()).as("%s: %s", name, program.stderr()).isZero();
    }
    MetagraphSnapshot read = SnapshotFile.read(out);
    assertThat(read.neurons()).as(name).hasSize(65_536);
    assertThat(read.neurons().getLast().hotkey()).isEqualTo(SnapshotNeurons.hotkey(65_535));
    assertThat(read.neurons().getLast().stakeRao()).isEqualTo(1_000_000_000L);
  }

  private static String decoded(Neuron neuron) {
    return """
        {"hotkey":"%s","coldkey":"%s","uid":%s,"netuid":1,"active":true,\
        "axon_info":{"block":5,"version":6,"ip":%s,"port":7,"ip_type":6,"protocol":4,"placeholder1":0,\
        "placeholder2":0},"prometheus_info":{"block":0,"version":0,"ip":0,"port":0,"ip_type":0},\
        "stake":[["%s",%s]],"rank":0,"emission":1,"incentive":2,"consensus":3,"trust":0,\
        "dividends":4,"last_update":8,"validator_permit":true,"pruning_score":65535}"""
        .formatted(
            neuron.hotkey(),
            neuron.coldkey(),
            neuron.uid(),
            neuron.axonIp(),
            neuron.coldkey(),
            neuron.stakeRao());
  }

  private static byte[] hex(byte[] scale) {
    return text(scale).getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] scale) {
    return "0x" + HexFormat.of().formatHex(scale);
  }
}
