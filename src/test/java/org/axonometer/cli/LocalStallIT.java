package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.axonometer.testing.Program;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A program that is stopped for three seconds in the middle of a round: no miner pays for it. */
@Isolated("measures")
class LocalStallIT {
  private static final int AXONS = 16;
  private static final Duration STOPPED = Duration.ofSeconds(3);

  @TempDir private Path folder;

  private Program axonometer(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", folder.resolve("home").toString()));
    return Program.start(folder, Program.MEASURING, all.toArray(String[]::new));
  }

  private Program park(Duration delay) {
    return Program.honestPark(folder, AXONS, delay);
  }

  /** The rows of a round whose process is stopped while queries are under way. */
  private List<JsonNode> rowsOfAStoppedRound(String timeout, Duration delay) throws Exception {
    new TestRounds(folder).job("probe", "timeout: " + timeout, "concurrency: 4");
    try (Program park = park(delay);
        Program round = axonometer("run", "probe")) {
      Path log = folder.resolve("received.log");
      while (!Files.exists(log) || Files.readAllLines(log).size() < 5) {
        assertThat(round.process().isAlive()).as(round.stderr()).isTrue();
        LockSupport.parkNanos(5_000_000);
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      round.signal("STOP");
      LockSupport.parkNanos(STOPPED.toNanos());
      round.signal("CONT");
      assertThat(round.await()).as(round.stderr()).isIn(0, 2);
      assertThat(park.process().isAlive()).isTrue();
    }
    return rows(1);
  }

  private List<JsonNode> rows(int round) {
    Program export = axonometer("export", String.valueOf(round), "--format", "jsonl");
    assertThat(export.await()).as(export.stderr()).isZero();
    List<JsonNode> rows = export.stdout().lines().map(JsonMapper.shared()::readTree).toList();
    assertThat(rows).hasSize(AXONS);
    return rows;
  }

  private String explained(JsonNode row) {
    Program explain = axonometer("explain", "1", "--uid", row.get("uid").toString());
    assertThat(explain.await()).as(explain.stderr()).isZero();
    return explain.stdout();
  }

  @Test
  @Execution(CONCURRENT)
  void aLatencyThatOurOwnStallIsPartOfIsMarked() throws Exception {
    List<JsonNode> rows = rowsOfAStoppedRound("10s", Duration.ofSeconds(1));
    assertThat(rows).extracting(row -> row.get("outcome").stringValue()).containsOnly("OK");
    List<JsonNode> tainted =
        rows.stream().filter(row -> row.get("latency_tainted").booleanValue()).toList();
    assertThat(tainted).isNotEmpty();
    assertThat(tainted)
        .filteredOn(row -> row.get("local_stall_ms").intValue() > 2_500)
        .isNotEmpty()
        .allSatisfy(
            row -> {
              assertThat(row.get("total_nanos").longValue()).isGreaterThan(2_500_000_000L);
              assertThat(explained(row)).contains("this machine stood still", "tainted");
            });
    assertThat(rows.stream().filter(row -> row.get("total_nanos").longValue() > 3_000_000_000L))
        .allSatisfy(row -> assertThat(row.get("latency_tainted").booleanValue()).isTrue());
    Program verify = axonometer("verify", "1");
    assertThat(verify.await()).as(verify.stdout()).isZero();
  }

  @Test
  @Execution(CONCURRENT)
  void aDeadlineThatPassedWhileWeWereStoppedIsOurs() throws Exception {
    List<JsonNode> rows = rowsOfAStoppedRound("2s", Duration.ofSeconds(30));
    assertThat(rows)
        .extracting(row -> row.get("outcome").stringValue())
        .containsOnly("LOCAL_FAULT", "TIMED_OUT");
    assertThat(rows)
        .filteredOn(row -> row.get("outcome").stringValue().equals("LOCAL_FAULT"))
        .allSatisfy(
            row -> {
              assertThat(row.get("blame").stringValue()).isEqualTo("VALIDATOR");
              assertThat(row.get("detail").stringValue()).contains("this machine stood still for");
              assertThat(row.get("in_denominator").booleanValue()).isFalse();
            });
  }

  /** They have answered when we go on, so some may be read before their deadline is looked at. */
  @Test
  @Execution(CONCURRENT)
  void whoAnsweredWhileWeWereStoppedIsNotBlamed() throws Exception {
    assertThat(rowsOfAStoppedRound("2s", Duration.ofSeconds(1)))
        .extracting(row -> row.get("blame").stringValue())
        .isSubsetOf("NONE", "VALIDATOR");
  }

  /** Best of three: the machine of a test may really starve it. */
  @Test
  @Execution(CONCURRENT)
  void aRoundWithoutAStallHasNoneMarked() {
    new TestRounds(folder).job("calm", "timeout: 10s", "concurrency: 4");
    try (Program park = park(Duration.ofSeconds(1))) {
      List<JsonNode> marked = List.of();
      for (int round = 1; round <= 3; round++) {
        assertThat(axonometer("run", "calm").await()).isZero();
        marked =
            rows(round).stream().filter(row -> row.get("latency_tainted").asBoolean()).toList();
        if (marked.isEmpty()) {
          break;
        }
      }
      assertThat(marked).isEmpty();
      assertThat(park.process().isAlive()).isTrue();
    }
  }
}
