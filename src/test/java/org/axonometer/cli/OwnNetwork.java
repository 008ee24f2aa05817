package org.axonometer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.Program;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.TestRounds;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A network namespace in which nobody is but a round of the program, and from which nothing can
 * leave.
 *
 * @param folder of the round
 * @param setUp shell script that makes the network and then runs its arguments
 */
record OwnNetwork(Path folder, String setUp) {

  private List<String> inside(String... command) {
    List<String> all = new ArrayList<>(List.of("unshare", "-n", "sh", "-c", setUp, "sh"));
    all.addAll(List.of(command));
    return all;
  }

  /** Skips the test where there may be none. */
  void need() throws InterruptedException {
    try {
      int code = new ProcessBuilder(inside("true")).redirectErrorStream(true).start().waitFor();
      Assumptions.assumeTrue(
          code == 0, "skipped: needs the right to make network namespaces, ip and nsenter");
    } catch (IOException e) {
      Assumptions.abort("skipped: needs unshare: " + e.getMessage());
    }
  }

  /**
   * The exported rows of a round in there.
   *
   * @param exitCode the round has to end with
   * @param hosts of its axons
   */
  List<JsonNode> round(int exitCode, String timeout, String... hosts) throws Exception {
    List<Neuron> neurons = new ArrayList<>();
    for (String host : hosts) {
      neurons.add(SnapshotNeurons.serving(neurons.size(), host, 8091));
    }
    TestRounds.in(
            folder,
            MetagraphSnapshot.of(
                "local", new NetUid(1), 1_000, Instant.now().minusSeconds(20), neurons),
            Hotkey.generate())
        .job("probe", "timeout: " + timeout);
    String home = folder.resolve("home").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
                inside(
                    Path.of("scripts", "axonometer").toAbsolutePath().toString(),
                    "run",
                    "probe",
                    "--home",
                    home))
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process round = builder.start();
    String said = new String(round.getInputStream().readAllBytes(), UTF_8);
    assertThat(round.waitFor()).as(said).isEqualTo(exitCode);

    Program export = Program.start(folder, "export", "1", "--format", "jsonl", "--home", home);
    assertThat(export.await()).as(export.stderr()).isZero();
    return export.stdout().lines().map(JsonMapper.shared()::readTree).toList();
  }
}
