package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonometer.testing.BreaksInvariants;
import org.axonometer.testing.TestPostgres;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.migration.JavaMigration;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Histories that an earlier version made, brought to this one. */
class MigrationsIT {

  /** The last one before round summaries knew the kind of their rounds, where there is one. */
  private static final String WITHOUT_KIND = "029?";

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
                               denominator_n, ok_n, miner_n, network_n, validator_n, response_bytes)
    SELECT n, 'probe', 'finney', 1, 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 0, 0, 0, 0, 0, 0, 0, 0, 0
      FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) numbers
    """
  };

  @TempDir private Path home;

  @Test
  @BreaksInvariants("rounds made of rows alone")
  void summariesOfAnEarlierHistoryLearnTheKindOfTheirRoundsOnPostgresql() {
    TestPostgres postgres = TestPostgres.create();
    DataSource owner = PostgresEngine.patient(postgres.login());
    earlier(owner, Migrations.POSTGRESQL);
    try (Database database = postgres.open()) {
      requireKinds(database);
      assertThat(database.schema().pending()).isZero();
      assertThat(
              database
                  .jdbc()
                  .sql(
                      "SELECT COUNT(*) FROM pg_trigger WHERE tgname = 'sealed_rows' AND tgenabled <> 'O'")
                  .query(Long.class)
                  .single())
          .as("guards that are off")
          .isZero();
    }
  }

  @Test
  @BreaksInvariants("rounds made of rows alone")
  void summariesOfAnEarlierHistoryLearnTheKindOfTheirRoundsOnH2() {
    Database.bindToLoopback();
    var file = new JdbcDataSource();
    file.setURL("jdbc:h2:" + H2File.folder(home).resolve("axonometer"));
    file.setUser("sa");
    file.setPassword("");
    earlier(file, Migrations.H2);
    try (Database database = Database.own(home)) {
      requireKinds(database);
    }
  }

  private static void earlier(DataSource database, Migrations migrations) {
    Flyway.configure()
        .dataSource(database)
        .locations("classpath:db/migration/common", "classpath:db/migration/" + migrations.folder())
        .javaMigrations(migrations.libraryTables().toArray(JavaMigration[]::new))
        .target(WITHOUT_KIND)
        .load()
        .migrate();
    JdbcClient jdbc = JdbcClient.create(database);
    Stream.of(ROUNDS).forEach(rows -> jdbc.sql(rows).update());
  }

  private static void requireKinds(Database database) {
    record Summary(long roundId, String kind) {}
    assertThat(
            database
                .jdbc()
                .sql("SELECT round_id, COALESCE(kind, 'not known') AS kind FROM v_round_summary")
                .query((row, n) -> new Summary(row.getLong("round_id"), row.getString("kind")))
                .list())
        .extracting(Summary::roundId, Summary::kind)
        .containsExactlyInAnyOrder(
            tuple(1L, "not known"), tuple(2L, "MANUAL"), tuple(3L, "FOLLOW_UP"));
  }

  /** A database that has a later step refuses an earlier one, and 29 is that of Quartz' tables. */
  @Test
  void noStepIsPutBeforeOneThatDatabasesHave() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("db", "migration"))) {
      List<Integer> before30 =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".sql"))
              .map(name -> Integer.parseInt(name.substring(1, 4)))
              .filter(number -> number < 30)
              .distinct()
              .sorted()
              .toList();
      assertThat(before30)
          .containsExactly(
              2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21, 22, 25);
    }
  }
}
