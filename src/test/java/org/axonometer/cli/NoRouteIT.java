package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.Program;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.TestRounds;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A round on a machine whose network is gone: a network namespace with nothing but loopback, from
 * which nothing can leave.
 */
class NoRouteIT {
  @TempDir private Path folder;

  private static List<String> inAnEmptyNetwork(String... command) {
    List<String> all =
        new ArrayList<>(
            List.of("unshare", "-n", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"));
    all.addAll(List.of(command));
    return all;
  }

  private static void needsNamespaces() throws InterruptedException {
    try {
      int code = new ProcessBuilder(inAnEmptyNetwork("true")).start().waitFor();
      Assumptions.assumeTrue(
          code == 0, "skipped: needs the right to make a network namespace (unshare -n) and ip");
    } catch (IOException e) {
      Assumptions.abort("skipped: needs unshare and ip: " + e.getMessage());
    }
  }

  @Test
  void nobodyIsBlamedWhenThereIsNoRouteToAnybody() throws Exception {
    needsNamespaces();
    TestRounds.in(
            folder,
            MetagraphSnapshot.of(
                "local",
                new NetUid(1),
                1_000,
                Instant.now().minusSeconds(20),
                List.of(
                    SnapshotNeurons.serving(0, "8.8.4.1", 8091),
                    SnapshotNeurons.serving(1, "8.8.4.2", 8091),
                    SnapshotNeurons.serving(2, "2606:4700::1111", 8091),
                    SnapshotNeurons.serving(3, "2606:4700::2222", 8091))),
            Hotkey.generate())
        .job("probe", "timeout: 3s");
    String home = folder.resolve("home").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
                inAnEmptyNetwork(
                    Path.of("scripts", "axonometer").toAbsolutePath().toString(),
                    "run",
                    "probe",
                    "--home",
                    home))
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process round = builder.start();
    String said = new String(round.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(round.waitFor()).as(said).isEqualTo(2);

    Program export = Program.start(folder, "export", "1", "--format", "jsonl", "--home", home);
    assertThat(export.await()).as(export.stderr()).isZero();
    List<JsonNode> rows = export.stdout().lines().map(JsonMapper.shared()::readTree).toList();
    assertThat(rows)
        .hasSize(4)
        .allSatisfy(
            row -> {
              assertThat(row.get("outcome").stringValue()).isEqualTo("LOCAL_FAULT");
              assertThat(row.get("blame").stringValue()).isEqualTo("VALIDATOR");
              assertThat(row.get("detail").stringValue()).contains("this machine cannot connect");
            });
  }
}
