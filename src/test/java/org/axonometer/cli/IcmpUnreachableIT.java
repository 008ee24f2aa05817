package org.axonometer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
 * Axons behind a router that answers for them: one "host unreachable", one "forbidden". The router
 * is a second network namespace, and neither can reach any other network.
 */
class IcmpUnreachableIT {
  private static final String NETWORK =
      """
      set -e
      ip link set lo up
      unshare -n sleep 600 &
      router=$!
      trap 'kill $router' EXIT
      here=$(readlink /proc/self/ns/net)
      while [ "$(readlink /proc/$router/ns/net)" = "$here" ]; do sleep 0.05; done
      ip link add inside type veth peer name outside netns $router
      ip addr add 10.77.0.1/30 dev inside
      ip link set inside up
      ip route add default via 10.77.0.2
      of_router() { nsenter -t $router -n "$@"; }
      of_router ip addr add 10.77.0.2/30 dev outside
      of_router ip link set outside up
      of_router sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
      of_router ip route add unreachable 8.8.4.0/24
      of_router ip route add prohibit 8.8.5.0/24
      "$@"
      """;

  @TempDir private Path folder;

  private static List<String> behindTheRouter(String... command) {
    List<String> all = new ArrayList<>(List.of("unshare", "-n", "sh", "-c", NETWORK, "sh"));
    all.addAll(List.of(command));
    return all;
  }

  private static void needsNamespaces() throws InterruptedException {
    try {
      int code =
          new ProcessBuilder(behindTheRouter("true")).redirectErrorStream(true).start().waitFor();
      Assumptions.assumeTrue(
          code == 0, "skipped: needs the right to make network namespaces, ip and nsenter");
    } catch (IOException e) {
      Assumptions.abort("skipped: needs unshare: " + e.getMessage());
    }
  }

  @Test
  void whatARouterSaysOfAnAxonIsUnreachableAndAtOnce() throws Exception {
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
                    SnapshotNeurons.serving(1, "8.8.5.1", 8091))),
            Hotkey.generate())
        .job("probe", "timeout: 20s");
    String home = folder.resolve("home").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
                behindTheRouter(
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
    assertThat(round.waitFor()).as(said).isZero();

    Program export = Program.start(folder, "export", "1", "--format", "jsonl", "--home", home);
    assertThat(export.await()).as(export.stderr()).isZero();
    List<JsonNode> rows = export.stdout().lines().map(JsonMapper.shared()::readTree).toList();
    assertThat(rows)
        .hasSize(2)
        .allSatisfy(
            row -> {
              assertThat(row.get("outcome").stringValue()).isEqualTo("UNREACHABLE");
              assertThat(row.get("blame").stringValue()).isEqualTo("NETWORK");
              assertThat(row.get("detail").stringValue()).contains("no connection");
            });
  }
}
