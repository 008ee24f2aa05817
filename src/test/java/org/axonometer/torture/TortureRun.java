package org.axonometer.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.axonometer.history.Database;
import org.axonometer.testing.BreaksInvariants;
import org.axonometer.torture.FaultPlan.Action;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The kill harness, as {@code scripts/torture} runs it: the real program killed, paused and starved
 * from outside, its history checked after each fault. A kind of fault that never came about fails
 * the run.
 */
@Execution(ExecutionMode.CONCURRENT)
class TortureRun {
  private static final int AXONS = 12;
  private static final Duration LEASE = Duration.ofSeconds(3);

  private static final int KILLS = Integer.getInteger("axonometer.torture.kills", 15);
  private static final int OTHERS = Integer.getInteger("axonometer.torture.others", 1);

  /** A pause ends between a claim and its write in one fight of ten or so. */
  private static final int ENOUGH_FIGHTS = 40;

  private static final int FIGHTS = Integer.getInteger("axonometer.torture.fights", 4);
  private static final long SEED = Long.getLong("axonometer.torture.seed", 1);
  private static final Duration LONGEST =
      Duration.ofMinutes(Integer.getInteger("axonometer.torture.minutes", 600));

  @TempDir private Path folder;

  @BeforeAll
  static void loopback() {
    Database.bindToLoopback();
  }

  @Test
  void h2() throws Exception {
    try (Ground ground = Ground.h2(folder, folder.resolve("home"), AXONS, 150)) {
      alone("h2", ground, 1);
    }
  }

  @Test
  void postgresql() throws Exception {
    try (Ground ground = Ground.postgres(folder, AXONS, 150, 15)) {
      alone("postgresql", ground, 2);
    }
  }

  private static void alone(String name, Ground ground, long stream) {
    var tally = new Tally(name);
    var random = new Random(SEED * 1_000 + stream);
    long giveUp = System.nanoTime() + LONGEST.toNanos();
    var program = new LoneProcess(ground, random, tally);
    try {
      program.killInMigrations();
      program.killAtEachPoint();
      int between = Math.max(1, KILLS / OTHERS);
      for (int i = 0; i < KILLS && System.nanoTime() < giveUp; i++) {
        if (i % between == 0 && i / between < OTHERS) {
          others(program, random);
        }
        program.killAnywhere();
      }
      program.end();
    } finally {
      System.out.print(tally.table());
    }
    assertThat(tally.violations()).isEmpty();
    for (CrashPoint point : CrashPoint.values()) {
      if (point != CrashPoint.CLAIM) {
        assertThat(tally.of("kill at " + point)).as("kills at " + point).isPositive();
      }
    }
    assertThat(tally.of("attempts UNKNOWN")).as("intents that a kill left").isPositive();
    assertThat(tally.of("receipts")).isPositive();
    assertThat(tally.sum("kill at ")).isGreaterThan(11);
  }

  private static void others(LoneProcess program, Random random) {
    int longest = KILLS > 50 ? 19_500 : 2_000;
    program.terminate();
    program.pause(Duration.ofMillis(500 + random.nextInt(longest)));
    program.failACall(Action.FAIL_BEFORE);
    program.failACall(Action.FAIL_AFTER);
    program.hangACall(Duration.ofMillis(500 + random.nextInt(longest)));
  }

  @Test
  void twoProcesses() throws Exception {
    var tally = new Tally("two processes");
    var random = new Random(SEED * 1_000 + 3);
    long giveUp = System.nanoTime() + LONGEST.toNanos();
    try (Ground ground = Ground.postgres(folder, AXONS, 400, (int) LEASE.toSeconds())) {
      var two = new TwoProcesses(ground, random, tally, LEASE);
      for (int i = 0; i < FIGHTS && System.nanoTime() < giveUp; i++) {
        two.fight();
      }
      two.end();
    } finally {
      System.out.print(tally.table());
    }
    assertThat(tally.violations()).isEmpty();
    if (FIGHTS >= ENOUGH_FIGHTS) {
      assertThat(tally.of("refused by the fence")).as("writes the fence refused").isPositive();
    }
    assertThat(tally.sum("pause ")).as("pauses").isPositive();
  }

  @Test
  void aFullDiskLosesNothing() throws Exception {
    Path disk = folder.resolve("disk");
    Files.createDirectories(disk);
    if (!has("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", disk.toString())) {
      System.out.println(
          "torture: disk full: NOT RUN, only root can mount the small disk it needs");
      return;
    }
    var tally = new Tally("disk");
    try (Ground ground = Ground.h2(folder, disk.resolve("home"), AXONS, 150)) {
      var program = new LoneProcess(ground, new Random(SEED * 1_000 + 4), tally);
      program.finish();
      for (int i = 0; i < 8 && (i < OTHERS || tally.of("ended with 5") == 0); i++) {
        program.fillTheDisk(disk);
      }
      program.end();
    } finally {
      System.out.print(tally.table());
      has("umount", "-l", disk.toString());
    }
    assertThat(tally.violations()).isEmpty();
    assertThat(tally.of("ended with 5")).as("programs that a full disk ended").isPositive();
  }

  private static boolean has(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }

  @Test
  @BreaksInvariants("loses committed rows")
  void aFileWrittenLateIsFound() throws Exception {
    try (Ground ground = Ground.h2(folder, folder.resolve("home"), AXONS, 150)) {
      told("H2's own write delay", new Controls(ground).found(BrokenProgram.LAZY_FILE));
    }
  }

  @Test
  @BreaksInvariants("loses queries that left")
  void anIntentWrittenAfterTheAnswerIsFound() throws Exception {
    try (Ground ground = Ground.postgres(folder, AXONS, 150, 15)) {
      told("intents after the answer", new Controls(ground).found(BrokenProgram.LATE_INTENTS));
    }
  }

  @Test
  @BreaksInvariants("claims in a round of another")
  void aClaimWithoutTheFenceIsFound() throws Exception {
    try (Ground ground = Ground.postgres(folder, AXONS, 400, (int) LEASE.toSeconds())) {
      var controls = new Controls(ground);
      List<String> seen = List.of();
      for (int i = 0; i < 5 && seen.isEmpty(); i++) {
        seen = controls.foundInAFight(Optional.of(BrokenProgram.UNFENCED_CLAIMS), LEASE);
      }
      told("claims without the fence", seen);
    }
  }

  private static void told(String mistake, List<String> found) {
    System.out.printf("torture: control: %s: %s%n", mistake, found);
    assertThat(found).as("what the checker says of %s", mistake).isNotEmpty();
  }
}
