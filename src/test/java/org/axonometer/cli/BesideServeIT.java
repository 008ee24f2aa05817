package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.testing.Program;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every command as another user types it while serve owns the database and asks. */
@Execution(ExecutionMode.CONCURRENT)
class BesideServeIT {
  private static final int AXONS = 6;

  @TempDir private Path folder;

  @BeforeEach
  void loopback() {
    Database.bindToLoopback();
  }

  private Path home() {
    return folder.resolve("home");
  }

  private Program axonometer(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", home().toString()));
    return Program.start(folder, all.toArray(String[]::new));
  }

  private Program good(String... arguments) {
    Program program = axonometer(arguments);
    assertThat(program.await())
        .as(String.join(" ", arguments) + ": " + program.stderr() + program.stdout())
        .isZero();
    return program;
  }

  private Program park() {
    return Program.honestPark(folder, AXONS, Duration.ofMillis(100));
  }

  private static void await(Program living, BooleanSupplier condition) {
    long giveUp = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(living.process().isAlive()).as(living.stderr()).isTrue();
      assertThat(System.nanoTime()).as(living.stderr()).isLessThan(giveUp);
      LockSupport.parkNanos(50_000_000);
    }
  }

  private void job(String name, String more, String... ask) throws IOException {
    Path file = new TestRounds(folder).job(name, ask);
    Files.writeString(file, Files.readString(file) + more);
  }

  private static void sql(Database database, String statement) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement change = connection.createStatement()) {
      change.execute(statement);
    }
  }

  private List<ReceivedQuery> received() throws IOException {
    return Files.readString(folder.resolve("received.log"))
        .lines()
        .map(ReceivedQuery::parse)
        .toList();
  }

  private static long sealedRounds(Program serve, String job) {
    return serve.stderr().lines().filter(line -> line.contains("job=" + job + " asked=")).count();
  }

  /** Each query of the log belongs to one attempt, and no attempt was made twice. */
  private void requireNobodyAskedTwice(Database database) throws IOException {
    var queries = new HistoryQueries(database);
    for (Round round : queries.rounds(10_000)) {
      assertThat(queries.brokenInvariants(round.id()))
          .as("round " + round.id())
          .allMatch(broken -> round.state() == Round.State.OPEN);
    }
    assertThat(received()).extracting(ReceivedQuery::nonce).doesNotHaveDuplicates();
  }

  @Test
  void everyCommandWorksBesideAServeThatAsks() throws Exception {
    try (Program park = park()) {
      job("tick", "schedule: {every: 2s}\nkeep: {rows: 1h}\n", "timeout: 3s", "partitions: 1");
      job("hand", "", "timeout: 3s", "partitions: 1");
      job("frail", "", "timeout: 3s", "partitions: 1");
      Path frail = folder.resolve("jobs").resolve("frail.yaml");
      Files.writeString(frail, Files.readString(frail).replace("{completion:", "{frail:"));
      try (Program serve = axonometer("serve")) {
        await(serve, () -> sealedRounds(serve, "tick") >= 2);

        Program byHand = good("run", "hand", "--json");
        JsonNode report = JsonMapper.shared().readTree(byHand.stdout());
        assertThat(report.path("outcomes").path("OK").intValue()).isEqualTo(AXONS);
        String round = report.path("round").toString();

        try (Database guest = Database.connect(home())) {
          sql(
              guest,
              "ALTER TABLE synapse_history ADD CONSTRAINT disk_is_bad CHECK (uid <> 3 OR fields NOT LIKE '%frail%')");
        }
        Program failed = axonometer("run", "frail");
        assertThat(failed.await()).as(failed.stderr()).isEqualTo(5);
        assertThat(failed.stderr()).containsIgnoringCase("disk_is_bad");
        JsonNode rounds =
            JsonMapper.shared().readTree(good("rounds", "--json").stdout()).path("rounds");
        String left =
            rounds
                .valueStream()
                .filter(row -> row.path("job").stringValue().equals("frail"))
                .filter(row -> row.path("state").stringValue().equals("OPEN"))
                .map(row -> row.path("round").toString())
                .findFirst()
                .orElseThrow();
        good("rerun", left, "--dry-run");
        try (Database guest = Database.connect(home())) {
          sql(guest, "ALTER TABLE synapse_history DROP CONSTRAINT disk_is_bad");
        }
        Program rerun = axonometer("rerun", left, "--json");
        assertThat(rerun.await()).as(rerun.stderr()).isIn(0, 2);
        JsonNode finished = JsonMapper.shared().readTree(rerun.stdout());
        assertThat(finished.path("state").stringValue()).isEqualTo("SEALED");
        good("rerun", left, "--only", "unknown,OK");

        good("status");
        JsonNode status = JsonMapper.shared().readTree(good("status", "--json").stdout());
        for (JsonNode job : status.path("jobs")) {
          boolean scheduled = job.path("job").stringValue().equals("tick");
          assertThat(job.path("next_run").isNull()).isEqualTo(!scheduled);
        }
        good("show", left);
        good("explain", left, "--uid", "3");
        good("export", round, "--format", "csv");
        good("verify", round);
        good("sql", "SELECT COUNT(*) FROM v_round_summary");
        good("prune", "--job", "tick", "--older-than", "1h", "-y");
        good("jobs", "list");
        good("jobs", "validate");
        good("jobs", "next", "tick");
        good("jobs", "run", "hand");
        await(serve, () -> sealedRounds(serve, "hand") >= 1);
        for (String statement :
            List.of(
                "UPDATE round SET seed = 1",
                "SELECT FILE_READ('/etc/hostname')",
                "CALL CSVWRITE('" + folder.resolve("stolen.csv") + "', 'SELECT 1')",
                "CREATE ALIAS x FOR 'java.lang.System.exit'")) {
          Program refused = axonometer("sql", statement);
          assertThat(refused.await()).as(statement + refused.stdout()).isEqualTo(1);
          assertThat(refused.stderr()).as(statement).hasLineCount(1);
        }
        assertThat(folder.resolve("stolen.csv")).doesNotExist();

        good("jobs", "pause", "tick");
        assertThat(good("status", "tick").stdout()).contains("paused");
        good("jobs", "resume", "tick");
        long before = sealedRounds(serve, "tick");
        await(serve, () -> sealedRounds(serve, "tick") >= before + 2);
        try (Database guest = Database.connect(home())) {
          requireNobodyAskedTwice(guest);
        }
        assertThat(serve.stderr()).doesNotContain(" ERROR ");
        serve.signal("TERM");
        assertThat(serve.await()).as(serve.stderr()).isIn(0, 4);
      }
      assertThat(park.process().isAlive()).isTrue();
    }
  }

  @Test
  void aRoundThatServeAsksIsRefusedWithItsOwnersName() throws Exception {
    try (Program park = park()) {
      job(
          "slow",
          "schedule: {every: 1s}\n",
          "timeout: 3s",
          "partitions: 1",
          "concurrency: 1",
          "round-deadline: 1m");
      try (Program serve = axonometer("serve")) {
        await(serve, () -> sealedRounds(serve, "slow") >= 1);
        // The job's rounds follow one another; one of the tries meets one that is asked.
        String owned = "is being asked by process " + serve.process().pid() + " on ";
        Program refused = axonometer("run", "slow");
        int code = refused.await();
        for (int tries = 0; !refused.stderr().contains(owned) && tries < 20; tries++) {
          refused = axonometer("run", "slow");
          code = refused.await();
        }
        assertThat(refused.stderr()).contains(owned);
        assertThat(code).isEqualTo(3);
      }
      assertThat(park.process().isAlive()).isTrue();
    }
  }

  @Test
  void serveTriesARoundAgainThatFailedByAFaultOfOurs() throws Exception {
    try (Program park = park()) {
      job("tick", "schedule: {every: 2s}\n", "timeout: 3s", "partitions: 1");
      try (Database database = Database.own(home())) {
        sql(
            database,
            "ALTER TABLE synapse_history ADD CONSTRAINT disk_is_bad CHECK (uid <> 3 OR state <> 'DONE')");
      }
      try (Program serve = axonometer("serve")) {
        await(serve, () -> serve.stderr().contains("round=1 job=tick failed: "));
        try (Database guest = Database.connect(home())) {
          sql(guest, "ALTER TABLE synapse_history DROP CONSTRAINT disk_is_bad");
        }
        await(serve, () -> serve.stderr().contains("round=1 job=tick asked="));
        try (Database guest = Database.connect(home())) {
          requireNobodyAskedTwice(guest);
        }
      }
      assertThat(park.process().isAlive()).isTrue();
    }
  }

  @Test
  void serveTakesTheWalletOfItsFlagsBeforeTheJobFiles() throws Exception {
    try (Program park = park()) {
      job("tick", "schedule: {every: 2s}\n", "timeout: 3s", "partitions: 1");
      Path file = folder.resolve("jobs").resolve("tick.yaml");
      Files.writeString(file, Files.readString(file).replace("../wallets", "../nowhere"));
      try (Program serve =
          axonometer("serve", "--wallet.path", folder.resolve("wallets").toString())) {
        await(serve, () -> sealedRounds(serve, "tick") >= 1);
      }
      assertThat(park.process().isAlive()).isTrue();
    }
  }
}
