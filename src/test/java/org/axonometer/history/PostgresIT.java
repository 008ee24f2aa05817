package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.axonometer.dendrite.Exchange;
import org.axonometer.dendrite.Outcome;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.scoring.RoundSealing;
import org.axonometer.scoring.SealVerification;
import org.axonometer.scoring.SealVerification.Finding;
import org.axonometer.scoring.SealVerification.Verdict;
import org.axonometer.subnet.NetUid;
import org.axonometer.synapse.DendriteView;
import org.axonometer.testing.BreaksInvariants;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.StoredRounds;
import org.axonometer.testing.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.support.TransactionTemplate;

/** What only PostgreSQL does. */
class PostgresIT {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  private static final ReadOnlySql.Limits LIMITS =
      new ReadOnlySql.Limits(100, Duration.ofSeconds(30));

  private static final Executor OWN_THREAD = work -> Thread.ofVirtual().start(work);

  @TempDir private Path home;
  private TestPostgres postgres = TestPostgres.create();
  private Database database = postgres.open();

  @BeforeEach
  void open() {
    Database.bindToLoopback();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private SqlRows ask(String sql) {
    return new ReadOnlySql(database).ask(sql, Map.of(), LIMITS);
  }

  private void change(String sql) {
    database.jdbc().sql(sql).update();
  }

  private long count(String query) {
    return database.jdbc().sql(query).query(Long.class).single();
  }

  @Test
  void theOutcomesTableIsTheEnum() {
    assertThat(count("SELECT COUNT(*) FROM outcome")).isEqualTo(Outcome.values().length);
  }

  @Test
  @BreaksInvariants("its server cannot be used any more")
  void refusesAServerThatWouldLoseCommittedRows() throws SQLException {
    try (Connection admin = postgres.admin();
        Statement statement = admin.createStatement()) {
      statement.execute("ALTER DATABASE " + postgres.name() + " SET synchronous_commit = off");
    }
    assertThatThrownBy(() -> Database.connect(postgres.login()))
        .isInstanceOf(HistoryException.class)
        .hasMessageContaining("synchronous_commit=off; it must be on");
  }

  @Test
  void refusesADatabaseThatIsSomebodyElses() throws SQLException {
    TestPostgres theirs = TestPostgres.create();
    try (Connection admin = theirs.admin();
        Statement statement = admin.createStatement()) {
      statement.execute("CREATE TABLE invoice (n INTEGER)");
      assertThatThrownBy(() -> Database.connect(theirs.login()))
          .isInstanceOf(HistoryException.class)
          .hasMessageContaining("does not fit this version: Found non-empty schema");
      statement.execute("DROP TABLE invoice");
    }
    Database.connect(theirs.login()).close();
  }

  @Test
  void noTransactionWaitsForEver() {
    assertThat(
            database
                .jdbc()
                .sql(
                    """
                    SELECT current_setting('statement_timeout') || ' ' || current_setting('lock_timeout')
                           || ' ' || current_setting('idle_in_transaction_session_timeout') AS times
                    """)
                .query((row, n) -> row.getString("times"))
                .single())
        .isEqualTo("1min 5s 1min");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE round SET seed = 1",
        "INSERT INTO outcome VALUES ('X', 'NONE', TRUE)",
        "DELETE FROM outcome",
        "TRUNCATE TABLE seal",
        "DROP TABLE seal",
        "CREATE TABLE x (n INTEGER)",
        "CREATE TEMPORARY TABLE x (n INTEGER)",
        "CREATE FUNCTION x() RETURNS INTEGER LANGUAGE sql AS 'SELECT 1'",
        "WITH gone AS (DELETE FROM outcome RETURNING name) SELECT * FROM gone",
        "SELECT * FROM round FOR UPDATE",
        "SELECT 1; DELETE FROM outcome",
        "COMMIT; SET default_transaction_read_only = off; DELETE FROM outcome",
        "SET SESSION AUTHORIZATION axonometer",
        "SET ROLE axonometer",
        "ALTER ROLE axonometer_reader SUPERUSER",
        "COPY outcome TO '/tmp/axonometer-must-not-exist'",
        "COPY outcome TO PROGRAM 'touch /tmp/axonometer-must-not-exist'",
        "SELECT pg_read_file('/etc/hostname')",
        "SELECT lo_import('/etc/hostname')",
        "SELECT pg_reload_conf()",
        "SELECT nextval('round_round_id_seq')",
      })
  void theReaderMayNotDoAnythingButRead(String sql) {
    assertThatThrownBy(() -> ask(sql)).isInstanceOf(SqlException.class);
    assertThat(Path.of("/tmp/axonometer-must-not-exist")).doesNotExist();
    assertThat(ask("SELECT COUNT(*) AS n FROM outcome WHERE latency_known").rows())
        .isEqualTo(List.of(List.of(4L)));
  }

  @Test
  void theReaderIsToldWhyAndStopsAfterItsTime() {
    assertThatThrownBy(() -> ask("DELETE FROM outcome"))
        .hasMessageStartingWith("the database refuses, sql can only read: ");
    assertThatThrownBy(
            () ->
                new ReadOnlySql(database)
                    .ask(
                        "SELECT pg_sleep(20)",
                        Map.of(),
                        new ReadOnlySql.Limits(1, Duration.ofSeconds(1))))
        .hasMessage("stopped after 1 s; ask for less, or give more time with --timeout");
    assertThat(ask("SELECT * FROM generate_series(1, 101)").cut()).isTrue();
    assertThat(
            ask("""
                    SELECT 1, CAST(1.50 AS NUMERIC(5, 2)), CAST(0.5 AS DOUBLE PRECISION), TRUE, 'text', NULL,
                           CAST('\\x00ff' AS BYTEA), TIMESTAMP WITH TIME ZONE '2026-11-23 01:02:03+02:00',
                           CAST('{"a": 1}' AS jsonb)
                    """)
                .rows()
                .getFirst())
        .containsExactly(
            1L,
            new java.math.BigDecimal("1.50"),
            0.5,
            true,
            "text",
            null,
            "00ff",
            "2026-11-22T23:02:03Z",
            "{\"a\": 1}");
  }

  @Test
  void aReaderThatMayWriteIsNoReader() throws SQLException {
    try (Connection admin = postgres.admin();
        Statement statement = admin.createStatement()) {
      statement.execute("GRANT INSERT ON seal TO axonometer_reader");
    }
    assertThatThrownBy(() -> ask("SELECT 1"))
        .isInstanceOf(HistoryException.class)
        .hasMessageContaining("may do more than read");
  }

  @Test
  void sealedRowsDoNotChange() {
    long round = new StoredRounds(database).exported("probe", 4, NOW);
    for (String sql :
        List.of(
            "UPDATE scoring_input SET total_nanos = 1",
            "DELETE FROM scoring_input",
            "UPDATE synapse_history SET http_status = 500",
            "DELETE FROM synapse_history",
            "UPDATE target SET reason = 'x'",
            "UPDATE round SET state = 'OPEN', sealed_at = NULL",
            "UPDATE round SET seed = 1",
            "DELETE FROM seal",
            "UPDATE seal SET sha256 = 'x'",
            "TRUNCATE seal",
            "TRUNCATE scoring_input")) {
      assertThatThrownBy(() -> change(sql))
          .as(sql)
          .hasStackTraceContaining(
              (sql.contains("seal") && !sql.contains("sealed")) || sql.startsWith("TRUNCATE")
                  ? "only ever added"
                  : "round " + round + " is sealed");
    }
    assertThat(verdicts()).containsExactly(Verdict.HOLDS);
  }

  @Test
  void aSealedRoundGetsNoMoreRows() {
    var rounds = new StoredRounds(database);
    long sealed = rounds.exported("probe", 4, NOW);
    long open = rounds.open("probe", 4, NOW);
    change("INSERT INTO challenge VALUES (%d, 2, 1, 0, 'a line', '{}')".formatted(open));
    change("UPDATE challenge SET origin = 'another line' WHERE round_id = " + open);
    requireNoMoreRowsIn(sealed);
    for (String sql :
        List.of(
            "UPDATE target SET round_id = %d, uid = 9, position = 9 WHERE round_id = %d AND uid = 3",
            "UPDATE challenge SET round_id = %d WHERE round_id = %d")) {
      assertThatThrownBy(() -> change(sql.formatted(sealed, open)))
          .as(sql)
          .hasStackTraceContaining("round " + sealed + " is not open");
    }
    assertThat(verdicts()).containsExactly(Verdict.HOLDS);
  }

  /** In any table that holds rows of a round. */
  private void requireNoMoreRowsIn(long sealed) {
    Map.of(
            "target",
            "SELECT round_id, 9, hotkey, coldkey, host, port, 9, part_no, unaskable, reason FROM target",
            "synapse_history",
            "SELECT round_id, uid, 2, fence, 'UNKNOWN', 1, uuid, claimed_at, NULL FROM synapse_history",
            "scoring_input",
            "SELECT round_id, 9, hotkey, coldkey, outcome, blame, in_denominator, detail FROM scoring_input",
            "synapse_body",
            "SELECT round_id, uid, 2, request_body FROM synapse_body",
            "challenge",
            "SELECT %d, 9, 1, 0, 'a line', '{}' FROM round".formatted(sealed))
        .forEach(
            (table, rows) ->
                assertThatThrownBy(
                        () ->
                            change(
                                "INSERT INTO %s %s WHERE round_id = %d"
                                    .formatted(table, rows, sealed)))
                    .as(table)
                    .hasStackTraceContaining(
                        "round %d is not open: it gets no more rows in %s", sealed, table));
    for (String sql :
        List.of(
            "UPDATE synapse_body SET request_body = 'x' WHERE round_id = " + sealed,
            "UPDATE round_summary SET ok_n = 0 WHERE round_id = " + sealed,
            "DELETE FROM round_outcome WHERE round_id = " + sealed,
            "TRUNCATE challenge",
            "TRUNCATE target CASCADE")) {
      assertThatThrownBy(() -> change(sql)).as(sql).hasStackTraceContaining("ERROR: ");
    }
  }

  private List<Verdict> verdicts() {
    return new SealVerification(new HistoryQueries(database))
        .job("probe").stream().map(Finding::verdict).toList();
  }

  private long partitions() {
    return count(
        "SELECT COUNT(*) FROM pg_inherits WHERE inhparent = CAST('synapse_body' AS regclass)");
  }

  @Test
  void retentionDropsWholeRangesOfBodies() {
    var rounds = new StoredRounds(database);
    for (int i = 0; i < 205; i++) {
      rounds.exported("probe", 2, NOW.minus(Duration.ofDays(400 - i)));
    }
    assertThat(partitions()).isEqualTo(3);
    var rule =
        new RetentionRule(
            "probe", Optional.of(NOW.minus(Duration.ofDays(200))), Optional.empty(), false);
    assertThat(new Retention(database).prune(rule, NOW).bodies()).isEqualTo(400);
    assertThat(count("SELECT COUNT(*) FROM synapse_body")).isEqualTo(10);
    assertThat(count("SELECT COUNT(*) FROM synapse_history")).isEqualTo(410);
    assertThat(partitions()).as("rounds 1 to 99 and 100 to 199 went whole").isEqualTo(1);
  }

  @Test
  void aHostileAnswerCostsNoOtherRow() {
    List<String> hostile =
        List.of(
            "{\"completion\": \"fine\"}",
            "{\"completion\": \"\\u0000\"}",
            "{\"completion\": \"\\ud800\"}",
            "{\"completion\": 1e999999}",
            "{\"completion\": " + "7".repeat(400) + "}",
            "{\"completion\": \"also fine\"}");
    var rounds = new StoredRounds(database);
    long round = rounds.open("probe", hostile.size(), NOW);
    var store = new RoundStore(database);
    long fence = store.take(round, NOW.plusSeconds(600), NOW);
    List<Claim> claims =
        store.remaining(round, 0, Set.of()).stream()
            .map(
                target ->
                    new Claim(
                        target,
                        1,
                        UUID.randomUUID().toString(),
                        9_000_000_000L + target.uid().value()))
            .toList();
    store.claim(round, fence, claims, NOW);
    store.store(
        round,
        fence,
        claims.stream()
            .map(claim -> ended(claim, hostile.get(claim.target().uid().value())))
            .toList());
    store.seal(round, fence, new RoundSealing(Clock.fixed(NOW, ZoneOffset.UTC)));

    assertThat(new HistoryQueries(database).scoringInputs(round))
        .extracting(ScoringInput::fields)
        .containsExactlyElementsOf(hostile);
    assertThat(
            ask("SELECT uid, fields_jsonb ->> 'completion' FROM scoring_input WHERE fields_jsonb IS NOT NULL ORDER BY uid")
                .rows())
        .isEqualTo(
            List.of(List.of(0L, "fine"), List.of(4L, "7".repeat(400)), List.of(5L, "also fine")));
    assertThat(verdicts()).containsExactly(Verdict.HOLDS);
  }

  private static EndedAttempt ended(Claim claim, String fields) {
    byte[] body = {0, 1, (byte) 0xff};
    var exchange =
        new Exchange(
            Outcome.OK,
            "detail\0\ud800",
            200,
            null,
            new DendriteView(200, "Success\0"),
            new Exchange.Timings(1_000_000L, 2_000_000L, 3_000_000L),
            Map.of("x\0", List.of("\0\ud800")),
            body);
    return new EndedAttempt(
        claim,
        NOW,
        Optional.of(
            new EndedAttempt.Sent(
                exchange,
                500_000,
                100_000,
                "ab".repeat(32),
                "{}".getBytes(StandardCharsets.UTF_8),
                fields,
                true)));
  }

  /** Opens one round inside a transaction and another meanwhile; the numbers of both. */
  private List<Long> openTogether(LongSupplier first, LongSupplier second) {
    var transaction = new TransactionTemplate(database.transactionManager());
    List<Long> ids = new ArrayList<>();
    CompletableFuture<Long> meanwhile =
        Objects.requireNonNull(
            transaction.execute(
                status -> {
                  ids.add(first.getAsLong());
                  CompletableFuture<Long> other =
                      CompletableFuture.supplyAsync(second::getAsLong, OWN_THREAD);
                  while (!other.isDone() && waiting() == 0) {
                    Thread.onSpinWait();
                  }
                  return other;
                }));
    ids.add(meanwhile.join());
    return ids;
  }

  /** Sessions that wait for another's lock, as a session outside the pool sees them. */
  private long waiting() {
    try (Connection admin = postgres.admin();
        Statement statement = admin.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MetagraphSnapshot snapshot(long block, int... hotkeys) {
    return MetagraphSnapshot.of(
        "finney",
        new NetUid(1),
        block,
        SnapshotNeurons.TAKEN_AT,
        IntStream.range(0, hotkeys.length)
            .mapToObj(uid -> SnapshotNeurons.seat(uid, hotkeys[uid], "8.8.8." + hotkeys[uid]))
            .toList());
  }

  @Test
  void twoRoundsOpenOnOneNewSnapshotAtOnce() {
    var rounds = new StoredRounds(database);
    MetagraphSnapshot fresh = snapshot(100, 1, 2, 3);
    assertThat(
            openTogether(
                () -> rounds.open("one", fresh, NOW), () -> rounds.open("other", fresh, NOW)))
        .doesNotHaveDuplicates();
    assertThat(count("SELECT COUNT(*) FROM snapshot")).isEqualTo(1);
    assertThat(count("SELECT COUNT(*) FROM round")).isEqualTo(2);
    assertThat(count("SELECT COUNT(*) FROM target")).isEqualTo(6);
  }

  @Test
  void twoNewSnapshotsOfASubnetAtOnceBecomeOneHistory() {
    var rounds = new StoredRounds(database);
    rounds.open("first", snapshot(100, 1, 2), NOW);
    openTogether(
        () -> rounds.open("one", snapshot(200, 3, 2), NOW),
        () -> rounds.open("other", snapshot(300, 3, 2, 4), NOW));
    assertThat(
            ask("SELECT uid, hotkey, from_block, to_block, latest FROM uid_tenure ORDER BY uid, from_block")
                .rows())
        .isEqualTo(
            List.of(
                List.of(0L, SnapshotNeurons.hotkey(1).text(), 100L, 100L, false),
                List.of(0L, SnapshotNeurons.hotkey(3).text(), 200L, 300L, true),
                List.of(1L, SnapshotNeurons.hotkey(2).text(), 100L, 300L, true),
                List.of(2L, SnapshotNeurons.hotkey(4).text(), 300L, 300L, true)));
  }

  @Test
  void aRoundThatIsBeingDeletedIsNotFollowed() {
    var rounds = new StoredRounds(database);
    long round = rounds.exported("probe", 4, NOW);
    change("UPDATE round SET pruned_at = CURRENT_TIMESTAMP");
    assertThatThrownBy(() -> rounds.followUp(round, NOW, uid -> Outcome.OK, 1))
        .isInstanceOf(HistoryException.class)
        .hasMessageContaining("round 1 cannot be followed");
    assertThat(count("SELECT COUNT(*) FROM round")).isEqualTo(1);
  }

  @Test
  void copiesAnH2HistoryWithItsCountsAndSeals() {
    try (Database file = Database.own(home)) {
      var rounds = new StoredRounds(file);
      for (int i = 0; i < 5; i++) {
        rounds.exported("probe", 700, NOW.minusSeconds(1_000 - i));
      }
      long open = rounds.open("probe", 3, NOW);
      Map<String, Long> copied = new HistoryCopy(file, postgres.login()).run();
      assertThat(copied)
          .containsEntry("round", 6L)
          .containsEntry("synapse_body", 3_500L)
          .containsEntry("seal", 5L);
      assertThat(verdicts()).hasSize(5).containsOnly(Verdict.HOLDS);
      var queries = new HistoryQueries(database);
      for (long id = 1; id <= 5; id++) {
        assertThat(queries.brokenInvariants(id)).isEmpty();
        assertThat(queries.scoringInputs(id)).isEqualTo(new HistoryQueries(file).scoringInputs(id));
      }
      assertThat(queries.round(open).orElseThrow().state()).isEqualTo(Round.State.OPEN);
      requireNoMoreRowsIn(1);
      assertThatThrownBy(() -> new HistoryCopy(file, postgres.login()).run())
          .hasMessageContaining("has a history already");
    }
    assertThat(new StoredRounds(database).open("other", 2, NOW)).isEqualTo(7);
  }
}
