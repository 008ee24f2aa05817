package org.axonometer.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.axonometer.torture.FaultPlan.Action;
import org.axonometer.torture.Ground.Victim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program whose heap is full in the middle of a round. */
class OutOfMemoryIT {
  @TempDir private Path folder;

  @Test
  void endsItAtOnceByASignalAndARerunFinishesItsRound() throws Exception {
    var tally = new Tally("out of memory", 1);
    try (Ground ground = Ground.h2(folder, folder.resolve("home"), 12, 150)) {
      var watched = new Watched(ground, tally);
      ground.job("full", "timeout: 3s", "concurrency: 2", "max-attempts: 3", "unknown: ask-again");
      try (Victim victim =
          ground.start(
              own -> FaultPlan.at(own, CrashPoint.P6, 1, Action.EXHAUST),
              "run",
              "full",
              "--json")) {
        watched.ended(victim.program(), Set.of(137));
        assertThat(victim.plan().reached()).isTrue();
      }
      assertThat(watched.check()).contains(1L);
      try (Victim heir = ground.start(FaultPlan::none, "rerun", "1", "--json")) {
        watched.ended(heir.program(), Set.of(0));
      }
      assertThat(watched.check()).isEmpty();
      assertThat(tally.of("receipts")).isEqualTo(1);
      assertThat(tally.violations()).isEmpty();
    }
  }
}
