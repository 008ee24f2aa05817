package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.Program;
import org.axonometer.testing.ScriptedAxon;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.TestRounds;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers as long as they may be, many at once, and little memory. {@code axonometer.large.answers}
 * says how many axons.
 */
class LargeAnswersIT {
  private static final int AXONS = Integer.getInteger("axonometer.large.answers", 300);

  @TempDir private Path folder;

  /** Just below 1 MiB: two texts, because one may not be as long. */
  private static String answer() {
    return "{\"completion\":\"%s\",\"more\":\"%s\"}"
        .formatted("x".repeat(524_000), "y".repeat(524_000));
  }

  @Test
  void everyAnswerIsTakenInASmallHeap() throws Exception {
    String answer = ScriptedAxon.success(answer());
    List<ScriptedAxon> axons = new ArrayList<>();
    List<Neuron> neurons = new ArrayList<>();
    try {
      for (int uid = 0; uid < AXONS; uid++) {
        ScriptedAxon axon = ScriptedAxon.sending(answer);
        axons.add(axon);
        neurons.add(
            SnapshotNeurons.serving(uid, axon.endpoint().hostText(), axon.endpoint().port()));
      }
      TestRounds.in(
              folder,
              MetagraphSnapshot.of(
                  "local", new NetUid(1), 1_000, Instant.now().minusSeconds(20), neurons),
              Hotkey.generate())
          .job(
              "large",
              "timeout: 20s",
              "concurrency: 512",
              "per-address: 4096",
              "partitions: 4",
              "round-deadline: 20m");
      long beganNanos = System.nanoTime();
      try (Program round =
          Program.start(
              folder,
              Map.of("AXONOMETER_JAVA_OPTS", "-Xmx128m"),
              "run",
              "large",
              "--json",
              "--home",
              folder.resolve("home").toString())) {
        int code = round.process().waitFor();
        System.out.printf(
            "%d answers of 1 MiB in 128 MiB: %d ms%n",
            AXONS, (System.nanoTime() - beganNanos) / 1_000_000);
        assertThat(code).as(round.stderr()).isZero();
        assertThat(round.stderr())
            .contains("at most 16 queries in flight instead of 512")
            .contains("a heap of 128 MiB")
            .doesNotContain("OutOfMemory");
        JsonNode outcomes = JsonMapper.shared().readTree(round.stdout()).path("outcomes");
        assertThat(outcomes.path("OK").intValue()).as(outcomes.toString()).isEqualTo(AXONS);
      }
    } finally {
      for (ScriptedAxon axon : axons) {
        axon.close();
      }
    }
  }
}
