package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.history.ReadOnlySql;
import org.axonometer.history.RoundStore;
import org.axonometer.history.SqlRows;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.rounds.RoundProgress;
import org.axonometer.rounds.RoundsApplication;
import org.axonometer.scoring.RoundSealing;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.StoredRounds;
import org.axonometer.testing.TestRounds;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The views and the ready questions in {@code db/queries} on two rounds of a park, and each
 * question on rounds that were made for it.
 */
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
      theViewsAgreeWithTheRows(sql);
      var questions = new Questions(sql, new TreeSet<>());
      theParksRoundsAnswer(questions);
      madeRoundsAnswer(database, questions, Instant.now());
      assertThat(questions.asked).as("every file").containsExactlyElementsOf(files());
    }
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("db", "queries"))) {
      return all.map(file -> file.getFileName().toString().replace(".sql", "")).sorted().toList();
    }
  }

  /** What is asked by the name of its file. */
  private record Questions(ReadOnlySql sql, Set<String> asked) {

    /** The answer with these parameters, {@code name=value}, as column to value; not empty. */
    List<Map<String, Object>> ask(String name, String... settings) throws IOException {
      Path file = Path.of("db", "queries", name + ".sql");
      assertThat(Files.readAllLines(file).getFirst()).as(name).startsWith("-- ").contains("?");
      SqlText text = SqlText.of(file.toString());
      assertThat(sql.ask(text.sql(), text.values(Map.of()), LIMITS).columns())
          .as(name)
          .doesNotHaveDuplicates();
      SqlRows answer =
          sql.ask(
              text.sql(),
              text.values(
                  Stream.of(settings)
                      .map(setting -> setting.split("=", 2))
                      .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]))),
              LIMITS);
      assertThat(answer.rows()).as(name).isNotEmpty();
      asked.add(name);
      List<Map<String, Object>> rows = new ArrayList<>();
      for (List<Object> values : answer.rows()) {
        Map<String, Object> row = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
          row.put(answer.columns().get(i), plain(values.get(i)));
        }
        rows.add(row);
      }
      return rows;
    }

    /** What is a floating-point number in one database may be a decimal one in the other. */
    private static Object plain(Object value) {
      return value instanceof BigDecimal decimal ? (Object) decimal.doubleValue() : value;
    }

    /** These columns of the answer. */
    List<List<Object>> ask(List<String> columns, String name, String... settings)
        throws IOException {
      return ask(name, settings).stream()
          .map(row -> columns.stream().map(row::get).toList())
          .toList();
    }

    List<List<Object>> rows(String statement) {
      List<List<Object>> rows = new ArrayList<>();
      sql.ask(statement, Map.of(), LIMITS).rows().forEach(row -> rows.add(new ArrayList<>(row)));
      assertThat(rows).as(statement).isNotEmpty();
      return rows;
    }
  }

  private static void theParksRoundsAnswer(Questions questions) throws IOException {
    assertThat(
            questions.ask(
                List.of("uid", "hotkey", "outcome", "blame", "http_status", "detail"),
                "failed-last-round"))
        .isEqualTo(
            questions.rows(
                """
                SELECT uid, hotkey, outcome, blame, http_status, detail FROM scoring_input
                 WHERE round_id = 2 AND outcome <> 'OK' ORDER BY blame, outcome, uid
                """));
    List<Map<String, Object>> claims = questions.ask("claimed-times");
    assertThat(claims)
        .filteredOn(row -> row.get("claim") != null)
        .hasSizeGreaterThan(20)
        .allSatisfy(
            row -> {
              double claimed = Double.parseDouble((String) row.get("claim"));
              assertThat(row.get("claimed_seconds")).isEqualTo(claimed);
              assertThat(row)
                  .containsEntry(
                      "difference_seconds",
                      (Double) Objects.requireNonNull(row.get("measured_seconds")) - claimed);
            });
    assertThat(
            questions.ask(List.of("step_name", "status"), "partition-steps", "job=mixed").stream()
                .filter(step -> step.getFirst().toString().startsWith("ask:"))
                .toList())
        .containsExactlyInAnyOrder(
            List.of("ask:p00", "COMPLETED"),
            List.of("ask:p01", "COMPLETED"),
            List.of("ask:p02", "COMPLETED"));
    assertThat(questions.ask(List.of("job", "selection", "seed"), "round-selections"))
        .hasSize(2)
        .allMatch(
            row ->
                row.getFirst().equals("mixed")
                    && row.get(1).toString().startsWith("all")
                    && row.getLast().equals(5L));
    assertThat(questions.ask(List.of("round_id", "ok_n"), "position-bias", "job=mixed"))
        .isEqualTo(
            questions.rows("SELECT round_id, ok_n FROM v_round_summary ORDER BY round_id DESC"));
  }

  private static void madeRoundsAnswer(Database database, Questions questions, Instant now)
      throws IOException {
    var rounds = new StoredRounds(database);
    String zero = SnapshotNeurons.hotkey(0).text();
    String one = SnapshotNeurons.hotkey(1).text();
    for (int i = 0; i < 5; i++) {
      rounds.sealed("fallen", 2, now.minusSeconds(3 * 86_400L - i), uid -> Outcome.OK);
    }
    long last = 0;
    for (int i = 0; i < 5; i++) {
      last =
          rounds.sealed(
              "fallen",
              2,
              now.minusSeconds(3_600 - i),
              uid -> uid == 1 ? Outcome.TIMED_OUT : Outcome.OK);
    }
    long followUp = rounds.followUp(last, now.minusSeconds(1_800), uid -> Outcome.OK, 1);
    for (int i = 0; i < 3; i++) {
      rounds.sealed("quiet", 2, now.minusSeconds(600 - i), uid -> Outcome.TIMED_OUT);
    }
    followUpsCountInNoRate(questions, followUp, zero, one);
    onesOwnRoundsAnswer(questions, last, followUp, one);

    long ours = rounds.sealed("ours", 3, now.minusSeconds(500), uid -> Outcome.LOCAL_FAULT);
    assertThat(questions.ask(List.of("round_id", "job", "outcome", "target_n"), "validator-faults"))
        .contains(List.of(ours, "ours", "LOCAL_FAULT", 3L))
        .allMatch(row -> !row.get(1).equals("fallen"));

    long cutOff = rounds.open("cut-off", 2, now.minusSeconds(400));
    rounds.claim(cutOff, now.minusSeconds(400));
    var store = new RoundStore(database);
    store.seal(
        cutOff,
        store.take(cutOff, now, now),
        new RoundSealing(Clock.fixed(now.minusSeconds(300), ZoneOffset.UTC)));
    assertThat(questions.ask(List.of("round_id", "job", "uid", "attempt"), "unknown-attempts"))
        .containsExactly(List.of(cutOff, "cut-off", 0L, 1L), List.of(cutOff, "cut-off", 1L, 1L));

    long partly =
        rounds.ask(
            rounds.open(
                "partly",
                SnapshotNeurons.snapshot(
                    SnapshotNeurons.serving(0, "8.8.4.4", 8_091), SnapshotNeurons.notServing(5)),
                now.minusSeconds(200)),
            now.minusSeconds(200),
            uid -> Outcome.OK);
    assertThat(
            questions.ask(
                List.of("uid", "hotkey", "unaskable", "reason"), "unasked-targets", "job=partly"))
        .containsExactly(
            List.of(5L, SnapshotNeurons.hotkey(5).text(), "NOT_SERVING", "serves nowhere"));
    assertThat(questions.ask(List.of("round_id"), "round-times")).startsWith(List.of(partly));

    long open = rounds.open("left", 2, now);
    assertThat(
            questions.ask(
                List.of("round_id", "job", "kind", "selected_n", "owner_pid"), "unsealed-rounds"))
        .containsExactly(List.of(open, "left", "MANUAL", 2L, ProcessHandle.current().pid()));
    movesAreTold(rounds, questions, now);
  }

  private static void followUpsCountInNoRate(
      Questions questions, long followUp, String zero, String one) throws IOException {
    assertThat(
            questions.ask(
                List.of("job", "hotkey", "rate_before", "rate_24h", "change", "counted_24h_n"),
                "fallen-success"))
        .containsExactly(List.of("fallen", one, 1.0, 0.0, -1.0, 5L));
    assertThat(
            questions.ask(
                List.of("job", "hotkey", "average", "counted_n", "last_round_id"),
                "moving-average",
                "rounds=4"))
        .as("each job has its own last four rounds")
        .contains(
            List.of("fallen", zero, 1.0, 4L, followUp - 1),
            List.of("fallen", one, 0.0, 4L, followUp - 1),
            List.of("quiet", zero, 0.0, 3L, followUp + 3));
    assertThat(questions.ask(List.of("counted_n"), "moving-average", "rounds=20", "job=fallen"))
        .containsExactly(List.of(10L), List.of(10L));
    for (String view : List.of("v_miner_7d", "v_miner_24h")) {
      assertThat(
              questions.rows(
                  "SELECT round_n, denominator_n, ok_n FROM %s WHERE job = 'fallen' AND hotkey = '%s'"
                      .formatted(view, one)))
          .containsExactly(view.equals("v_miner_7d") ? List.of(10L, 10L, 5L) : List.of(5L, 5L, 0L));
    }
    assertThat(
            questions.rows(
                "SELECT round_id, outcome FROM v_latest_by_hotkey WHERE job = 'fallen' AND hotkey = '%s'"
                    .formatted(one)))
        .containsExactly(List.of(followUp, "OK"));
    assertThat(questions.rows("SELECT round_id FROM v_round_summary WHERE kind = 'FOLLOW_UP'"))
        .containsExactly(List.of(followUp));
  }

  private static void onesOwnRoundsAnswer(Questions questions, long last, long followUp, String one)
      throws IOException {
    assertThat(
            questions.ask(
                List.of("round_id", "uid", "outcome", "blame"), "miner-history", "hotkey=" + one))
        .hasSize(14)
        .contains(List.of(followUp, 1L, "OK", "NONE"), List.of(last, 1L, "TIMED_OUT", "MINER"));
    assertThat(questions.ask(List.of("job", "hotkey", "p95_millis", "ok_n"), "slowest-miners"))
        .contains(List.of("fallen", SnapshotNeurons.hotkey(0).text(), 3L, 5L));
    assertThat(questions.ask(List.of("round_id", "kind", "ok_n"), "round-times", "job=fallen"))
        .hasSize(11)
        .startsWith(List.of(followUp, "FOLLOW_UP", 1L), List.of(last, "MANUAL", 1L));
    assertThat(
            questions.ask(
                List.of("round_id", "hotkey_n", "coldkey_n", "lowest_uid", "highest_uid"),
                "same-answers",
                "job=fallen"))
        .as("two hotkeys, the same bytes")
        .hasSize(5)
        .startsWith(List.of(last - 5, 2L, 2L, 0L, 1L));
    assertThat(
            questions.ask(List.of("host", "target_n", "port_n"), "shared-addresses", "job=quiet"))
        .containsExactly(List.of("8.8.8.8", 2L, 2L));
    assertThat(questions.ask(List.of("job", "host", "round_n"), "quiet-addresses"))
        .contains(List.of("quiet", "8.8.8.8", 3L));
    assertThat(
            questions.ask(List.of("job", "round_n", "target_n"), "table-growth").stream()
                .filter(row -> row.getFirst().equals("fallen"))
                .toList())
        .contains(List.of("fallen", 5L, 10L));
  }

  /** Two snapshots of another subnet, between which a hotkey moves and a new one takes its uid. */
  private static void movesAreTold(StoredRounds rounds, Questions questions, Instant now)
      throws IOException {
    for (MetagraphSnapshot snapshot :
        List.of(
            subnet(100, SnapshotNeurons.seat(0, 10, "9.9.9.9")),
            subnet(
                200,
                SnapshotNeurons.seat(0, 11, "9.9.9.9"),
                SnapshotNeurons.seat(1, 10, "9.9.9.1")))) {
      rounds.ask(rounds.open("moves", snapshot, now), now, uid -> Outcome.OK);
    }
    String moved = SnapshotNeurons.hotkey(10).text();
    String fresh = SnapshotNeurons.hotkey(11).text();
    assertThat(
            questions
                .ask(
                    List.of("netuid", "uid", "previous_hotkey", "hotkey", "from_block"),
                    "changed-uids")
                .stream()
                .filter(row -> row.getFirst().equals(7L))
                .toList())
        .containsExactly(List.of(7L, 0L, moved, fresh, 200L));
    assertThat(
            questions.ask(
                List.of("hotkey", "from_block", "latest"), "uid-hotkeys", "uid=0", "netuid=7"))
        .containsExactly(List.of(moved, 100L, false), List.of(fresh, 200L, true));
    assertThat(questions.ask(List.of("uid", "from_block"), "hotkey-uids", "hotkey=" + moved))
        .containsExactly(List.of(0L, 100L), List.of(1L, 200L));
    assertThat(
            questions.ask(
                List.of("host", "port", "from_block"), "hotkey-addresses", "hotkey=" + moved))
        .containsExactly(List.of("9.9.9.9", 8_091L, 100L), List.of("9.9.9.1", 8_091L, 200L));
    assertThat(questions.ask(List.of("hotkey", "from_block"), "address-hotkeys", "host=9.9.9.9"))
        .containsExactly(List.of(moved, 100L), List.of(fresh, 200L));
  }

  private static MetagraphSnapshot subnet(long block, Neuron... neurons) {
    return MetagraphSnapshot.of(
        "finney", new NetUid(7), block, SnapshotNeurons.TAKEN_AT, List.of(neurons));
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
