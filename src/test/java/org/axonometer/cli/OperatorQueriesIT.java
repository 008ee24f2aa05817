package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.history.Database;
import org.axonometer.history.ReadOnlySql;
import org.axonometer.history.SqlRows;
import org.axonometer.jobs.JobFile;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.rounds.RoundProgress;
import org.axonometer.rounds.RoundsApplication;
import org.axonometer.testing.TestRounds;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The views and the ready questions in {@code db/queries} on two sealed rounds. */
class OperatorQueriesIT {
  private static final ReadOnlySql.Limits LIMITS =
      new ReadOnlySql.Limits(10_000, Duration.ofSeconds(30));

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void everyQuestionHasItsTextAndItsAnswer(TestStorage storage) throws IOException {
    HttpProperties.set();
    try (var park = MockAxonPark.open(ParkSettings.of(48, Profile.MIXED));
        Database database = storage.own(folder.resolve("home"));
        RoundsApplication application = TestRounds.start(database, folder.resolve("exports"))) {
      Path job =
          TestRounds.in(folder, park)
              .job("mixed", "timeout: 1s", "concurrency: 32", "partitions: 3");
      for (int i = 0; i < 2; i++) {
        assertThat(
                application.launcher().run(JobFile.read(job), job, 5, new RoundProgress()).sealed())
            .isTrue();
      }
      var sql = new ReadOnlySql(database);
      List<Path> files;
      try (Stream<Path> all = Files.list(Path.of("db", "queries"))) {
        files = all.sorted().toList();
      }
      assertThat(files).hasSizeGreaterThanOrEqualTo(12);
      for (Path file : files) {
        assertThat(Files.readAllLines(file).getFirst())
            .as(file.toString())
            .startsWith("-- ")
            .contains("?");
        SqlText text = SqlText.of(file.toString());
        SqlRows answer = sql.ask(text.sql(), text.values(Map.of()), LIMITS);
        assertThat(answer.columns()).as(file.toString()).isNotEmpty().doesNotHaveDuplicates();
      }
      hasRows(
          sql,
          "failed-last-round",
          "slowest-miners",
          "position-bias",
          "claimed-times",
          "table-growth",
          "moving-average",
          "unasked-targets",
          "round-times",
          "partition-steps");
      theViewsAgreeWithTheRows(sql);
    }
  }

  private static void hasRows(ReadOnlySql sql, String... names) {
    for (String name : names) {
      SqlText text = SqlText.of("db/queries/" + name + ".sql");
      assertThat(sql.ask(text.sql(), text.values(Map.of()), LIMITS).rows()).as(name).isNotEmpty();
    }
  }

  private static void theViewsAgreeWithTheRows(ReadOnlySql sql) {
    same(
        sql,
        "SELECT round_id, target_n, ok_n, denominator_n, validator_n, attempt_n FROM v_round_summary ORDER BY 1",
        """
        SELECT round_id, COUNT(*), COUNT(CASE WHEN outcome = 'OK' THEN 1 END),
               COUNT(CASE WHEN in_denominator THEN 1 END), COUNT(CASE WHEN blame = 'VALIDATOR' THEN 1 END), SUM(attempts)
          FROM scoring_input GROUP BY round_id ORDER BY 1
        """);
    same(
        sql,
        "SELECT round_id, blame, outcome, target_n FROM v_failures_by_blame ORDER BY 1, 2, 3",
        """
        SELECT round_id, blame, outcome, COUNT(*) FROM scoring_input WHERE outcome <> 'OK'
         GROUP BY round_id, blame, outcome ORDER BY 1, 2, 3
        """);
    same(
        sql,
        "SELECT hotkey, round_n, denominator_n, ok_n, p50_nanos FROM v_miner_7d ORDER BY 1",
        """
        SELECT hotkey, COUNT(*), COUNT(CASE WHEN in_denominator THEN 1 END), COUNT(CASE WHEN outcome = 'OK' THEN 1 END),
               CAST(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CASE WHEN outcome = 'OK' THEN total_nanos END) AS BIGINT)
          FROM scoring_input GROUP BY hotkey ORDER BY 1
        """);
    same(
        sql,
        "SELECT * FROM v_miner_24h ORDER BY hotkey",
        "SELECT * FROM v_miner_7d ORDER BY hotkey");
    same(
        sql,
        "SELECT uid, hotkey, outcome, round_id FROM v_latest_by_hotkey ORDER BY uid",
        "SELECT uid, hotkey, outcome, round_id FROM scoring_input WHERE round_id = 2 ORDER BY uid");
    same(
        sql,
        "SELECT round_id, uid, hotkey, outcome FROM v_scoring_inputs ORDER BY 1, 2",
        "SELECT round_id, uid, hotkey, outcome FROM scoring_input ORDER BY 1, 2");
    same(
        sql,
        "SELECT round_id, uid, attempt, state FROM v_attempts ORDER BY 1, 2, 3",
        "SELECT round_id, uid, attempt, state FROM synapse_history ORDER BY 1, 2, 3");
    same(
        sql,
        "SELECT uid, hotkey, from_block, to_block, latest FROM v_uid_history ORDER BY uid",
        """
        SELECT n.uid, n.hotkey, s.block, s.block, TRUE
          FROM neuron n JOIN snapshot s ON s.snapshot_id = n.snapshot_id ORDER BY n.uid
        """);
    assertThat(
            sql.ask(
                    "SELECT step_name FROM v_round_steps WHERE round_id = 2 AND step_name LIKE 'ask:p%'",
                    Map.of(), LIMITS)
                .rows())
        .hasSize(3);
    assertThat(
            sql.ask(
                    """
                    SELECT round_id FROM v_position_bias
                     WHERE rank_correlation BETWEEN -1 AND 1 AND last_to_first_ratio > 0
                    """,
                    Map.of(),
                    LIMITS)
                .rows())
        .hasSize(2);
  }

  private static void same(ReadOnlySql sql, String view, String rows) {
    List<?> expected = sql.ask(rows, Map.of(), LIMITS).rows();
    assertThat(expected).isNotEmpty();
    assertThat(sql.ask(view, Map.of(), LIMITS).rows()).as(view).isEqualTo(expected);
  }
}
