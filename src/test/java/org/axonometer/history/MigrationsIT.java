package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonometer.testing.BreaksInvariants;
import org.axonometer.testing.TestPostgres;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Histories that an earlier version made, brought to this one. */
class MigrationsIT {
  private static final int STEPS = 4;

  private static final String[] ROUNDS = {
    """
    INSERT INTO snapshot (snapshot_id, sha256, network, netuid, block, taken_at, stored_at)
    VALUES (1, 'sha', 'finney', 1, 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
    """,
    """
    INSERT INTO round (round_id, job, kind, follows_round_id, state, snapshot_id, own_hotkey, wallet_path, wallet_name,
                       wallet_hotkey, job_file, job_source, job_sha256, seed, partition_n, selected_n, selection_sha256,
                       max_attempts, opened_at, deadline_at, sealed_at)
    SELECT n, 'probe', CASE WHEN n = 2 THEN 'MANUAL' ELSE 'FOLLOW_UP' END, CASE WHEN n = 3 THEN 2 END, 'SEALED', 1, 'own', 'w',
           'd', 'd', 'f', 's', 'sha', 1, 1, 0, 'sha', 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
      FROM (SELECT 2 AS n UNION ALL SELECT 3) numbers
    """,
    """
    INSERT INTO seal (job, round_id, input_n, inputs_sha256, previous_sha256, sha256, sealed_at)
    SELECT 'probe', n, 0, 'sha', 'sha', 'sha', CURRENT_TIMESTAMP FROM (SELECT 2 AS n UNION ALL SELECT 3) numbers
    """,
    """
    INSERT INTO round_summary (round_id, job, network, netuid, block, opened_at, sealed_at, target_n, asked_n, attempt_n,
                               denominator_n, ok_n, miner_n, network_n, validator_n, response_bytes, kind)
    SELECT n, 'probe', 'finney', 1, 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 0, 0, 0, 0, 0, 0, 0, 0, 0,
           CASE n WHEN 2 THEN 'MANUAL' WHEN 3 THEN 'FOLLOW_UP' END
      FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) numbers
    """
  };

  @TempDir private Path home;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  @BreaksInvariants("rounds made of rows alone")
  void anEarlierHistoryIsBroughtToThisVersionOnPostgresql(int steps) {
    TestPostgres postgres = TestPostgres.create();
    DataSource owner = PostgresEngine.patient(postgres.login());
    earlier(owner, Migrations.POSTGRESQL, steps);
    try (Database database = postgres.open()) {
      requireRounds(database, steps);
      assertThat(
              database
                  .jdbc()
                  .sql(
                      """
                      SELECT COUNT(*) FROM pg_trigger
                       WHERE tgname IN ('sealed_rows', 'no_more_rows', 'no_truncate') AND tgenabled <> 'O'
                      """)
                  .query(Long.class)
                  .single())
          .as("guards that are off")
          .isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  @BreaksInvariants("rounds made of rows alone")
  void anEarlierHistoryIsBroughtToThisVersionOnH2(int steps) {
    Database.bindToLoopback();
    var file = new JdbcDataSource();
    file.setURL("jdbc:h2:" + H2File.folder(home).resolve("axonometer"));
    file.setUser("sa");
    file.setPassword("");
    earlier(file, Migrations.H2, steps);
    try (Database database = Database.own(home)) {
      requireRounds(database, steps);
    }
  }

  /** A history of the first steps alone, with rounds as soon as there are tables for them. */
  private static void earlier(DataSource database, Migrations migrations, int steps) {
    Flyway.configure()
        .dataSource(database)
        .locations("classpath:db/migration/common", "classpath:db/migration/" + migrations.folder())
        .javaMigrations(migrations.libraryTables())
        .target(Integer.toString(steps))
        .load()
        .migrate();
    assertThat(migrations.schema(database, "the test").pending()).isEqualTo(STEPS - steps);
    if (steps > 1) {
      JdbcClient jdbc = JdbcClient.create(database);
      Stream.of(ROUNDS).forEach(rows -> jdbc.sql(rows).update());
    }
  }

  private static void requireRounds(Database database, int steps) {
    assertThat(database.schema().pending()).isZero();
    record Summary(long roundId, String kind) {}
    assertThat(
            database
                .jdbc()
                .sql("SELECT round_id, COALESCE(kind, 'not known') AS kind FROM v_round_summary")
                .query((row, n) -> new Summary(row.getLong("round_id"), row.getString("kind")))
                .list())
        .containsExactlyInAnyOrderElementsOf(
            steps == 1
                ? List.of()
                : List.of(
                    new Summary(1, "not known"),
                    new Summary(2, "MANUAL"),
                    new Summary(3, "FOLLOW_UP")));
  }

  /** A database that has a later step refuses an earlier one; the first is that of libraries. */
  @Test
  void noStepIsPutBeforeOneThatDatabasesHave() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("db", "migration"))) {
      List<Integer> numbers =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".sql"))
              .map(name -> Integer.parseInt(name.substring(1, 4)))
              .distinct()
              .sorted()
              .toList();
      assertThat(numbers)
          .containsExactlyElementsOf(IntStream.rangeClosed(2, STEPS).boxed().toList());
    }
  }
}
