package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.axonometer.testing.SnapshotNeurons.serving;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.TestRounds;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PlanTest {

  @Test
  void flagsTargetsThatReachOneAddressInDifferentClothes(@TempDir Path folder) {
    MetagraphSnapshot snapshot =
        MetagraphSnapshot.of(
            "local",
            new NetUid(1),
            1,
            SnapshotNeurons.TAKEN_AT,
            List.of(
                serving(0, "8.8.8.8", 8091),
                serving(1, "64:ff9b::808:808", 8091),
                serving(2, "8.8.8.8", 8092)));
    Path job = TestRounds.in(folder, snapshot, Hotkey.generate()).job("probe", "timeout: 10s");
    StringWriter out = new StringWriter();
    int exitCode =
        Axonometer.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute("plan", job.toString(), "--home", folder.resolve("home").toString(), "--json");
    assertThat(exitCode).isZero();
    JsonNode neurons = JsonMapper.shared().readTree(out.toString()).get("neurons");
    assertThat(neurons.valueStream().map(neuron -> neuron.get("dup_endpoint").booleanValue()))
        .containsExactly(true, true, false);
  }
}
