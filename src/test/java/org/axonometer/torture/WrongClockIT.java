package org.axonometer.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.axonometer.history.Database;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.torture.FaultPlan.Action;
import org.axonometer.torture.Ground.Victim;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Programs whose clock is wrong, or is set while they run; databases and axons have the right one.
 */
@Execution(ExecutionMode.CONCURRENT)
class WrongClockIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration LEASE = Duration.ofSeconds(3);

  @TempDir private Path folder;

  @BeforeEach
  void needsACompiler() {
    ShiftedClock.missing().ifPresent(why -> Assumptions.abort("skipped: " + why));
  }

  private static ShiftedClock by(Ground ground, Duration ahead) {
    ShiftedClock clock = ShiftedClock.in(ground.folder());
    clock.ahead(ahead);
    return clock;
  }

  private static Victim start(Ground ground, ShiftedClock clock, String... arguments) {
    return ground.start(FaultPlan::none, Optional.empty(), clock.variables(), arguments);
  }

  /** Without this the other tests say nothing: the JVM reads the shift, and its waits do not. */
  @Test
  void theTimeOfDayJumpsAndNoWaitDoes() throws Exception {
    ShiftedClock clock = ShiftedClock.in(folder);
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ClockProbe.class.getName(),
                clock.file().toString())
            .redirectErrorStream(true);
    builder.environment().putAll(clock.variables());
    Process probe = builder.start();
    List<String> lines = new String(probe.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(probe.waitFor()).as(lines.toString()).isZero();
    assertThat(lines).hasSize(4 * 5);
    long rightMillis = Long.parseLong(lines.getFirst().split(" ", -1)[1]);
    for (String line : lines) {
      String[] parts = line.split(" ", -1);
      if (parts[0].equals("waited")) {
        assertThat(Long.parseLong(parts[1])).isBetween(190L, 60_000L);
      } else {
        Duration ahead = Duration.ofHours(Long.parseLong(parts[0]));
        for (int clocks = 1; clocks <= 2; clocks++) {
          assertThat(Long.parseLong(parts[clocks]) - rightMillis - ahead.toMillis())
              .as(line)
              .isBetween(0L, 120_000L);
        }
      }
    }
  }

  @Test
  void aLeaseIsNeitherLostNorTakenByAWrongClock() throws Exception {
    try (Ground ground = Ground.postgres(folder, 4, 100, (int) LEASE.toSeconds())) {
      ground.job("held", "timeout: 5s", "concurrency: 2");
      // A little less than the snapshot may come from the future.
      ShiftedClock behind = by(ground, Duration.ofMinutes(-5).plusSeconds(5));
      ShiftedClock ahead = by(ground, Duration.ofMinutes(5));
      try (Victim owner =
          ground.start(
              own -> FaultPlan.at(own, CrashPoint.P8, 1, Action.HOLD),
              Optional.empty(),
              behind.variables(),
              "run",
              "held",
              "--json")) {
        assertThat(owner.reachesIts(PATIENCE)).as(owner.program().stderr()).isTrue();
        for (int i = 0; i < 2; i++) {
          requireRefused(ground, ahead);
          requireRefused(ground, by(ground, Duration.ZERO));
          LockSupport.parkNanos(LEASE.toNanos());
        }
        owner.plan().go();
        assertThat(owner.program().await()).as(owner.program().stderr()).isIn(0, 2);
        assertThat(owner.program().stderr()).doesNotContain("is no longer ours");
      }
      try (Database database = ground.look()) {
        assertThat(
                JdbcClient.create(database.dataSource())
                    .sql("SELECT state || ' ' || fence FROM round")
                    .query(String.class)
                    .list())
            .containsExactly("SEALED 1");
      }
    }
  }

  private static void requireRefused(Ground ground, ShiftedClock clock) {
    try (Victim other = start(ground, clock, "rerun", "1")) {
      assertThat(other.program().await()).as(other.program().stderr()).isEqualTo(3);
      assertThat(other.program().stderr()).contains("is being asked by");
    }
  }

  @Test
  void aNonceRefusedForOurWrongClockIsOurFault() throws Exception {
    try (Ground ground = Ground.postgres(folder, 6, 0, 15)) {
      ground.job("slow", "timeout: 5s");
      List<JsonNode> rows = asked(ground, by(ground, Duration.ofSeconds(-30)), 1);
      assertThat(rows)
          .hasSize(6)
          .allSatisfy(
              row -> {
                assertThat(row.get("outcome").stringValue()).isEqualTo("REFUSED");
                assertThat(row.get("detail").stringValue()).containsIgnoringCase("nonce");
                assertThat(row.get("blame").stringValue()).isEqualTo("VALIDATOR");
                assertThat(row.get("in_denominator").booleanValue()).isFalse();
              });
      assertThat(asked(ground, by(ground, Duration.ofSeconds(30)), 2))
          .hasSize(6)
          .allSatisfy(row -> assertThat(row.get("outcome").stringValue()).isEqualTo("OK"));
    }
  }

  /** The scoring inputs of a round of a program with this clock, which says that it is wrong. */
  private static List<JsonNode> asked(Ground ground, ShiftedClock clock, int round) {
    try (Victim program = start(ground, clock, "run", "slow")) {
      assertThat(program.program().await()).as(program.program().stderr()).isIn(0, 2);
      assertThat(program.program().stderr())
          .contains("the database's clock is ")
          .contains("one of them is wrong");
    }
    try (Victim export =
        ground.start(FaultPlan::none, "export", Integer.toString(round), "--format", "jsonl")) {
      assertThat(export.program().await()).as(export.program().stderr()).isZero();
      return export.program().stdout().lines().map(JsonMapper.shared()::readTree).toList();
    }
  }

  @Test
  void noncesRiseThoughTheClockIsSetBack() throws Exception {
    try (Ground ground = Ground.h2(folder, folder.resolve("home"), 12, 150)) {
      ground.job("set-back", "timeout: 3s", "concurrency: 1");
      ShiftedClock clock = ShiftedClock.in(folder);
      try (Victim program = start(ground, clock, "run", "set-back")) {
        assertThat(Ground.await(program.program(), PATIENCE, () -> ground.received().size() >= 4))
            .as(program.program().stderr())
            .isTrue();
        clock.ahead(Duration.ofHours(-1));
        assertThat(program.program().await()).as(program.program().stderr()).isIn(0, 2);
      }
      List<Long> nonces =
          ground.received().stream().map(ReceivedQuery::nonce).map(Long::valueOf).toList();
      assertThat(nonces).hasSize(12).doesNotHaveDuplicates().isSorted();
      try (Victim verify = ground.start(FaultPlan::none, "verify", "--all")) {
        assertThat(verify.program().await()).as(verify.program().stderr()).isZero();
      }
    }
  }
}
