package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.testing.Program;
import org.axonometer.testing.TestPostgres;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The real program with its history in PostgreSQL. */
@Execution(ExecutionMode.CONCURRENT)
class PostgresRoundIT {
  private static final int AXONS = 60;

  @TempDir private Path folder;
  private final TestPostgres postgres = TestPostgres.create();

  private Program axonometer(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", folder.resolve("home").toString()));
    Map<String, String> variables = new HashMap<>(postgres.variables());
    variables.put("JDK_JAVA_OPTIONS", "-Daxonometer.lease=6");
    return Program.start(folder, variables, all.toArray(String[]::new));
  }

  private Program park() throws IOException {
    Program park = Program.honestPark(folder, AXONS, Duration.ofMillis(2_500));
    new TestRounds(folder)
        .job("probe", "timeout: 10s", "concurrency: 4", "partitions: 2", "round-deadline: 5m");
    return park;
  }

  private static void await(Program living, BooleanSupplier condition) {
    long giveUp = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(living.process().isAlive()).as(living.stderr()).isTrue();
      assertThat(System.nanoTime()).as(living.stderr()).isLessThan(giveUp);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private List<ReceivedQuery> received() {
    try {
      Path log = folder.resolve("received.log");
      return Files.exists(log)
          ? Files.readString(log).lines().map(ReceivedQuery::parse).toList()
          : List.of();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String> told(Program program) {
    return program.stderr().lines().filter(line -> line.startsWith("axonometer: ")).toList();
  }

  /** Nobody twice, every query that left has its row, and the round is what a seal promises. */
  private void requireWhole(long roundId) {
    try (Database database = Database.connect(postgres.login())) {
      var queries = new HistoryQueries(database);
      assertThat(queries.round(roundId).orElseThrow().state()).isEqualTo(Round.State.SEALED);
      assertThat(queries.brokenInvariants(roundId)).isEmpty();
      assertThat(queries.scoringInputs(roundId)).hasSize(AXONS);
      Set<String> nonces =
          new HashSet<>(
              JdbcClient.create(database.dataSource())
                  .sql("SELECT nonce FROM synapse_history")
                  .query((row, n) -> row.getString("nonce"))
                  .list());
      assertThat(nonces).containsAll(received().stream().map(ReceivedQuery::nonce).toList());
      assertThat(received().stream().map(ReceivedQuery::uid)).doesNotHaveDuplicates();
    }
    Program verify = axonometer("verify", "--all");
    assertThat(verify.await()).as(verify.stderr()).isZero();
    assertThat(verify.stdout()).contains("1 hold, 0 pruned, 0 broken");
    assertThat(folder.resolve("home").resolve("db")).as("no file beside it").doesNotExist();
  }

  @Test
  void aKilledRoundIsFinishedByARerunAndAskedByOneProcessAtATime() throws Exception {
    try (Program park = park()) {
      Program owner = axonometer("run", "probe");
      await(owner, () -> received().size() >= 8);
      Program refused = axonometer("rerun", "1");
      assertThat(refused.await()).as(refused.stderr()).isEqualTo(3);
      assertThat(told(refused))
          .singleElement()
          .asString()
          .contains("is being asked by process " + owner.process().pid());
      owner.signal("KILL");
      owner.process().waitFor();

      Program heir = axonometer("rerun", "1");
      assertThat(heir.await()).as(heir.stderr()).isIn(0, 2);
      assertThat(park.process().isAlive()).isTrue();
      requireWhole(1);
      Program reader =
          axonometer("sql", "SELECT COUNT(*) AS n FROM target WHERE round_id = 1", "--format=csv");
      assertThat(reader.await()).as(reader.stderr()).isZero();
      assertThat(reader.stdout()).isEqualToNormalizingNewlines("n\n" + AXONS + "\n");
      Program writer = axonometer("sql", "DELETE FROM target");
      assertThat(writer.await()).isEqualTo(1);
      assertThat(told(writer))
          .singleElement()
          .asString()
          .contains("the database refuses, sql can only read");
      Program doctor = axonometer("doctor");
      doctor.await();
      assertThat(doctor.stdout()).contains("opens, settings are safe", "1 recomputed");
    }
  }

  @Test
  void aLostConnectionLeavesTheRoundOpenAndTheRerunFinishesIt() throws Exception {
    try (Program park = park()) {
      Program round = axonometer("run", "probe");
      await(round, () -> received().size() >= 8);
      try (Connection admin = postgres.admin();
          Statement statement = admin.createStatement()) {
        // Everybody is thrown out and nobody comes in, as when the server goes down.
        statement.execute("ALTER DATABASE " + postgres.name() + " CONNECTION LIMIT 0");
        statement.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND usename = 'axonometer'");
        assertThat(round.await()).as(round.stderr()).isEqualTo(5);
        System.out.println("connection lost: " + round.stderr());
        assertThat(told(round)).singleElement().asString().contains("axonometer rerun 1");
        assertThat(round.stderr()).doesNotContain("\tat ");
        statement.execute("ALTER DATABASE " + postgres.name() + " CONNECTION LIMIT -1");
      }
      Program rerun = axonometer("rerun", "1");
      assertThat(rerun.await()).as(rerun.stderr()).isIn(0, 2);
      assertThat(park.process().isAlive()).isTrue();
      requireWhole(1);
    }
  }

  @Test
  void aServerThatIsNotThereIsNamedWithoutItsPassword() throws Exception {
    int port;
    try (EmbeddedPostgres gone = TestPostgres.launch()) {
      port = gone.getPort();
    }
    Program program =
        Program.start(
            folder,
            Map.of("AXONOMETER_DB_PASSWORD", "hunter2"),
            "rounds",
            "--db",
            "postgresql://axonometer@127.0.0.1:" + port + "/axonometer");
    assertThat(program.await()).isEqualTo(5);
    assertThat(program.stderr())
        .contains("the database postgresql://axonometer@127.0.0.1:" + port, "cannot be reached")
        .doesNotContain("hunter2", "\tat ");
    Program secret =
        Program.start(folder, "rounds", "--db", "postgresql://axonometer:hunter2@127.0.0.1/x");
    assertThat(secret.await()).isEqualTo(5);
    assertThat(secret.stderr()).contains("it holds a password").doesNotContain("hunter2");
  }
}
