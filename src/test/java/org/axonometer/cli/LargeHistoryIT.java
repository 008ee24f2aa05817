package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonometer.history.Database;
import org.axonometer.history.LargeHistory;
import org.axonometer.history.ReadOnlySql;
import org.axonometer.history.SqlRows;
import org.axonometer.testing.BreaksInvariants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every view and every ready question on a long history. The number of scoring inputs is small
 * unless {@code -Daxonometer.rows=1000000} asks for more; the limit is the same. What counts is
 * processor time of the thread that asks, in which the database works, so that other work on the
 * machine decides nothing. {@code -Daxonometer.home} names a folder in which the history is kept.
 */
class LargeHistoryIT {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Duration LONGEST = Duration.ofSeconds(2);
  private static final ReadOnlySql.Limits LIMITS =
      new ReadOnlySql.Limits(10_000, Duration.ofMinutes(5));

  @TempDir private Path folder;

  @Test
  @BreaksInvariants("filled in by SQL, without a seal")
  void everyQuestionIsAnsweredWithinTwoSeconds() throws SQLException, IOException {
    Database.bindToLoopback();
    int rounds = Math.ceilDiv(Integer.getInteger("axonometer.rows", 20_480), LargeHistory.TARGETS);
    Path home = Path.of(System.getProperty("axonometer.home", folder.toString()));
    boolean fresh = !Database.exists(home);
    try (Database database = Database.own(home)) {
      long began = System.nanoTime();
      if (fresh) {
        LargeHistory.fill(database, rounds);
      }
      System.out.printf(
          "%d rounds, %d scoring inputs, filled in %.0f s%n",
          rounds, rounds * LargeHistory.TARGETS, (System.nanoTime() - began) / 1e9);
      var sql = new ReadOnlySql(database);
      Map<String, Duration> tooLong = new LinkedHashMap<>();
      for (Map.Entry<String, SqlText> question : questions(rounds).entrySet()) {
        Duration best = LONGEST.multipliedBy(1000);
        int rows = 0;
        long wall = Long.MAX_VALUE;
        for (int i = 0; i < 2; i++) {
          long start = System.nanoTime();
          long startCpu = THREADS.getCurrentThreadCpuTime();
          SqlRows answer =
              sql.ask(question.getValue().sql(), question.getValue().values(Map.of()), LIMITS);
          rows = answer.rows().size();
          Duration took = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - startCpu);
          wall = Math.min(wall, System.nanoTime() - start);
          best = took.compareTo(best) < 0 ? took : best;
        }
        System.out.printf(
            "%6d ms (%6d ms on the clock) %6d rows  %s%n",
            best.toMillis(), wall / 1_000_000, rows, question.getKey());
        if (best.compareTo(LONGEST) > 0) {
          tooLong.put(question.getKey(), best);
        }
      }
      assertThat(tooLong).isEmpty();
    }
  }

  private static Map<String, SqlText> questions(int rounds) throws IOException {
    Map<String, SqlText> questions = new LinkedHashMap<>();
    for (String view :
        List.of(
            "v_round_summary",
            "v_failures_by_blame",
            "v_position_bias",
            "v_miner_24h",
            "v_miner_7d",
            "v_latest_by_hotkey",
            "v_uid_history",
            "v_round_steps",
            "v_scoring_inputs WHERE round_id = " + rounds,
            "v_scoring_inputs WHERE hotkey = '5" + "H".repeat(45) + "77'",
            "v_attempts WHERE round_id = " + rounds,
            "v_attempts WHERE hotkey = '5" + "H".repeat(45) + "77'",
            "v_round_steps WHERE round_id = " + rounds)) {
      questions.put(view, SqlText.parse("SELECT * FROM " + view));
    }
    try (Stream<Path> files = Files.list(Path.of("db", "queries"))) {
      for (Path file : files.sorted().toList()) {
        questions.put(file.toString(), SqlText.of(file.toString()));
      }
    }
    return questions;
  }
}
