package org.axonometer.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.axonometer.history.Database;
import org.axonometer.testing.BreaksInvariants;
import org.axonometer.testing.Program;
import org.axonometer.testing.TestPostgres;
import org.axonometer.torture.FaultPlan.Action;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The kill harness, as {@code scripts/torture} runs it: the real program killed, paused and starved
 * from outside, its history checked after each fault. A kind of fault that never came about fails
 * the run, and so do fewer faults than were asked for. The figures go to {@code target/torture.md}.
 */
@Execution(ExecutionMode.CONCURRENT)
class TortureRun {
  static final long SEED = Long.getLong("axonometer.torture.seed", 1);

  private static final int AXONS = 12;
  private static final Duration LEASE = Duration.ofSeconds(3);

  private static final int KILLS = Integer.getInteger("axonometer.torture.kills", 15);
  private static final int OTHERS = Integer.getInteger("axonometer.torture.others", 1);
  private static final int FOUGHT = Integer.getInteger("axonometer.torture.fought", 6);

  /** Faults of {@link #others}. */
  private static final int OTHER_KINDS = 8;

  private static final List<Duration> CLOCK_STEPS =
      List.of(
          Duration.ofHours(1),
          Duration.ofHours(-1),
          Duration.ofMillis(1_500),
          Duration.ofMillis(-1_500),
          Duration.ofMillis(80),
          Duration.ofMillis(-80));

  @TempDir private Path folder;

  @BeforeAll
  static void begin(@TempDir Path cache) {
    Database.bindToLoopback();
    ShiftedClock.missing().ifPresent(TortureReport::note);
    try (Program any = Program.park(cache)) {
      QuickStart.makeOnce(any, cache);
    }
  }

  @AfterAll
  static void report() {
    TortureReport.write();
  }

  @Test
  void h2() throws Exception {
    try (Ground ground = Ground.h2(folder, folder.resolve("home"), AXONS, 150)) {
      alone("H2", ground, 1);
    }
  }

  @Test
  void postgresql() throws Exception {
    try (Ground ground = Ground.postgres(folder, AXONS, 150, 15)) {
      alone("PostgreSQL", ground, 2);
    }
  }

  private static void alone(String name, Ground ground, long stream) {
    int named = CrashPoint.values().length + 3;
    var tally = new Tally(name, named + KILLS + OTHERS * OTHER_KINDS);
    var random = new Random(SEED * 1_000 + stream);
    var program = new LoneProcess(ground, random, tally);
    program.killInMigrations();
    program.killAtEachPoint();
    int between = Math.max(1, KILLS / OTHERS);
    int kills = 0;
    boolean cut = false;
    for (; kills < KILLS && !cut; kills++) {
      if (kills % between == 0 && kills / between < OTHERS) {
        others(program, random, kills / between);
      }
      program.killAnywhere();
      cut = TortureReport.cutShort(tally);
    }
    program.end();
    assertThat(tally.violations()).isEmpty();
    for (CrashPoint point : CrashPoint.values()) {
      if (point != CrashPoint.CLAIM) {
        assertThat(tally.of("kill at " + point)).as("kills at " + point).isPositive();
      }
    }
    assertThat(tally.of("kill at P5")).as("kills with a query under way").isPositive();
    assertThat(tally.of("attempts UNKNOWN")).as("intents that a kill left").isPositive();
    assertThat(tally.of("receipts")).isPositive();
    if (!cut || !TortureReport.MAY_BE_CUT_SHORT) {
      assertThat(kills).as("random kills").isEqualTo(KILLS);
      assertThat(tally.sum("kill ")).as("kills").isGreaterThanOrEqualTo(named + KILLS);
      assertThat(tally.sum("call ")).as("calls that failed").isEqualTo(4 * OTHERS);
      assertThat(tally.of("pause")).as("pauses").isEqualTo(OTHERS);
      if (ShiftedClock.missing().isEmpty()) {
        assertThat(tally.sum("clock ")).as("clocks set").isEqualTo(2 * OTHERS);
      }
    }
  }

  private static void others(LoneProcess program, Random random, int nth) {
    int longest = KILLS > 50 ? 19_500 : 2_000;
    program.terminate();
    program.pause(Duration.ofMillis(500 + random.nextInt(longest)));
    program.failACall(Action.FAIL_BEFORE);
    program.failACall(Action.FAIL_AFTER);
    program.hangACall(Action.HOLD, Duration.ofMillis(500 + random.nextInt(longest)));
    program.hangACall(Action.HOLD_AND_FAIL, Duration.ofMillis(500 + random.nextInt(longest)));
    if (ShiftedClock.missing().isEmpty()) {
      program.setTheClock(CLOCK_STEPS.get(2 * nth % CLOCK_STEPS.size()));
      program.setTheClock(CLOCK_STEPS.get((2 * nth + 1) % CLOCK_STEPS.size()));
    }
  }

  @Test
  void twoProcesses() throws Exception {
    var tally = new Tally("two programs", FOUGHT);
    var random = new Random(SEED * 1_000 + 3);
    boolean cut = false;
    try (Ground ground = Ground.postgres(folder, AXONS, 400, (int) LEASE.toSeconds())) {
      var two = new TwoProcesses(ground, random, tally, LEASE);
      int most = 3 * FOUGHT + 12;
      for (int i = 0; i < most && !cut && !(hurt(tally) >= FOUGHT && two.hadAllKinds()); i++) {
        two.fight();
        cut = TortureReport.cutShort(tally);
      }
      two.end();
    }
    assertThat(tally.violations()).isEmpty();
    if (!cut || !TortureReport.MAY_BE_CUT_SHORT) {
      assertThat(tally.of("refused by the fence")).as("writes the fence refused").isPositive();
      assertThat(tally.sum("pause of the first ")).isPositive();
      assertThat(tally.sum("kill of the first ")).isPositive();
      assertThat(tally.of("pause of the second")).isPositive();
      assertThat(tally.of("kill of the second")).isPositive();
      assertThat(hurt(tally)).isGreaterThanOrEqualTo(FOUGHT);
    }
  }

  private static int hurt(Tally tally) {
    return tally.sum("kill ") + tally.sum("pause ");
  }

  @Test
  void aFullDiskLosesNothing() throws Exception {
    var tally = new Tally("H2, small disk", 1 + DISK_POINTS.size() + OTHERS);
    boolean was =
        onADiskOf(
            "32m",
            disk -> {
              try (Ground ground = Ground.h2(folder, disk.resolve("home"), AXONS, 150)) {
                var program = new LoneProcess(ground, new Random(SEED * 1_000 + 4), tally);
                program.fillTheDiskInAMigration(disk);
                fill(disk, program, tally);
              }
            });
    if (was) {
      assertThat(tally.of("ended with 5"))
          .as("programs that a full disk ended")
          .isGreaterThanOrEqualTo(1 + DISK_POINTS.size());
    } else {
      TortureReport.note("no disk was full: only root can mount the small one it needs");
    }
  }

  @Test
  void aFullDiskUnderPostgresqlLosesNothing() throws Exception {
    var tally = new Tally("PostgreSQL, small disk", DISK_POINTS.size() + OTHERS);
    boolean was =
        onADiskOf(
            "160m",
            disk -> {
              try (EmbeddedPostgres server = TestPostgres.launchIn(disk.resolve("data"));
                  Ground ground =
                      Ground.postgres(folder, TestPostgres.createOn(server), AXONS, 150, 15)) {
                var program = new LoneProcess(ground, new Random(SEED * 1_000 + 5), tally);
                program.finish();
                fill(disk, program, tally);
              }
            });
    if (was) {
      assertThat(tally.of("ended with 5")).as("programs that a full disk ended").isPositive();
    }
  }

  /** Before the intents' commit, the outcomes' and the seal's. */
  private static final List<CrashPoint> DISK_POINTS =
      List.of(CrashPoint.P3, CrashPoint.P7, CrashPoint.P9);

  /** Fills it at each point and at any time. */
  private static void fill(Path disk, LoneProcess program, Tally tally) {
    for (CrashPoint point : DISK_POINTS) {
      program.fillTheDiskAt(point, disk);
    }
    for (int i = 0; i < OTHERS && !TortureReport.cutShort(tally); i++) {
      program.fillTheDisk(disk);
    }
    program.end();
    assertThat(tally.violations()).isEmpty();
  }

  private interface OnADisk {
    void act(Path disk) throws Exception;
  }

  /** Acts on a small disk of its own; false where none can be mounted. */
  private boolean onADiskOf(String size, OnADisk deed) throws Exception {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    if (!has("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString())) {
      return false;
    }
    try {
      deed.act(disk);
      return true;
    } finally {
      has("umount", "-l", disk.toString());
    }
  }

  private static boolean has(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }

  @Test
  @BreaksInvariants("loses committed rows")
  void aFileWrittenLateIsFound() throws Exception {
    try (Ground ground = Ground.h2(folder, folder.resolve("home"), AXONS, 150)) {
      told(
          "H2's own write delay",
          Checker.UNRECORDED,
          new Controls(ground).found(Optional.of(BrokenProgram.LAZY_FILE)));
    }
  }

  @Test
  @BreaksInvariants("loses queries that left")
  void anIntentWrittenAfterTheAnswerIsFound() throws Exception {
    try (Ground ground = Ground.postgres(folder, AXONS, 150, 15)) {
      told(
          "intents after the answer",
          Checker.UNRECORDED,
          new Controls(ground).found(Optional.of(BrokenProgram.LATE_INTENTS)));
    }
  }

  @Test
  @BreaksInvariants("claims in a round of another")
  void aClaimWithoutTheFenceIsFound() throws Exception {
    try (Ground ground = Ground.postgres(folder, AXONS, 400, (int) LEASE.toSeconds())) {
      told(
          "claims without the fence",
          // Whichever looks first: I14 holds an open intent against the round's fence too.
          List.of(Checker.OLD_INTENT, "FENCES_NEVER_GO_BACK"),
          new Controls(ground).fight(Optional.of(BrokenProgram.UNFENCED_CLAIMS)).broken());
    }
  }

  private static void told(String mistake, String kind, List<String> found) {
    told(mistake, List.of(kind), found);
  }

  private static void told(String mistake, List<String> kinds, List<String> found) {
    TortureReport.note("control: %s: %s".formatted(mistake, found));
    assertThat(found)
        .as("what the checker says of %s", mistake)
        .anyMatch(it -> kinds.stream().anyMatch(it::contains));
  }

  @Test
  void nothingIsFoundInAProgramWithoutAMistake() throws Exception {
    Path other = Files.createDirectories(folder.resolve("other"));
    try (Ground file = Ground.h2(folder, folder.resolve("home"), AXONS, 150);
        Ground server = Ground.postgres(other, AXONS, 400, (int) LEASE.toSeconds())) {
      assertThat(new Controls(file).found(Optional.empty())).isEmpty();
      Controls.Fight fight = new Controls(server).fight(Optional.empty());
      assertThat(fight.broken()).isEmpty();
      assertThat(fight.said()).contains("is no longer ours");
    }
  }
}
