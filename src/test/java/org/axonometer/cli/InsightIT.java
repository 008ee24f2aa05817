package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.history.RoundStore;
import org.axonometer.jobs.JobFile;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.rounds.RoundProgress;
import org.axonometer.testing.BreaksInvariants;
import org.axonometer.testing.Program;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.StoredRounds;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The commands that tell what is stored, as an operator starts them, while another process owns the
 * database.
 */
class InsightIT {
  @TempDir private Path folder;

  @BeforeAll
  static void properties() {
    HttpProperties.set();
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

  private String out(int exitCode, String... arguments) {
    Program program = axonometer(arguments);
    assertThat(program.await())
        .as(String.join(" ", arguments) + ": " + program.stdout() + program.stderr())
        .isEqualTo(exitCode);
    assertThat(program.stderr()).doesNotContain("Exception", "internal fault");
    return program.stdout() + program.stderr();
  }

  private JsonNode json(int exitCode, String... arguments) {
    return JsonMapper.shared().readTree(out(exitCode, arguments).lines().findFirst().orElseThrow());
  }

  @Test
  void statusSaysWhereEachJobStandsAndWhichIsLate() throws IOException {
    Files.createDirectories(folder.resolve("jobs"));
    Instant now = Instant.now();
    try (Database database = Database.own(home())) {
      var rounds = new StoredRounds(database);
      rounds.sealed("early", 4, now.minusSeconds(10_000), uid -> Outcome.OK);
      rounds.sealed("early", 4, now.minusSeconds(60), uid -> Outcome.TIMED_OUT);
      rounds.sealed(
          "fresh", 4, now.minusSeconds(60), uid -> uid == 0 ? Outcome.TIMED_OUT : Outcome.OK);
      long open = rounds.open("fresh", 4, now);

      JsonNode jobs = json(0, "status", "--json").path("jobs");
      JsonNode early = jobs.path(0);
      assertThat(early.path("job").stringValue()).isEqualTo("early");
      assertThat(early.path("last_success").path("round").longValue()).isEqualTo(1);
      assertThat(early.path("last_failure").path("round").longValue()).isEqualTo(2);
      assertThat(early.path("recent_rate").doubleValue()).isEqualTo(0.5);
      assertThat(early.path("recent_successes").intValue()).isEqualTo(1);
      assertThat(early.path("problem").stringValue()).isEqualTo("no job file");
      JsonNode fresh = jobs.path(1);
      assertThat(fresh.path("open_round").longValue()).isEqualTo(open);
      assertThat(fresh.path("last_state").stringValue()).isEqualTo("OPEN");
      assertThat(fresh.path("last_success").path("took_seconds").doubleValue())
          .isCloseTo(3.0, within(0.01));
      assertThat(fresh.path("recent_rate").doubleValue()).isEqualTo(0.75);

      assertThat(out(2, "status", "--max-age", "2h"))
          .containsPattern("early: last success 2h 4[67]m ago \\(round 1\\)")
          .doesNotContain("fresh: last success");
      out(0, "status", "--max-age", "2h", "fresh");
      out(0, "status", "--max-age", "4h");
      assertThat(out(1, "status", "--max-age", "2")).contains("is not a duration");
    }
  }

  @Test
  void tellsAMinersStoryChecksAndPrunesARealRound() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(16, Profile.MIXED))) {
      Path job = TestRounds.in(folder, park).job("probe", "timeout: 1s", "partitions: 2");
      try (Database database = Database.own(home())) {
        try (var application = TestRounds.start(database, home().resolve("exports"))) {
          for (int round = 0; round < 2; round++) {
            application.launcher().run(JobFile.read(job), job, 5, new RoundProgress());
          }
        }
        explains(park);
        doctorIsContent();
        assertThat(out(0, "verify", "--all")).contains("2 hold, 0 pruned, 0 broken");

        assertThat(out(1, "prune", "--older-than", "1ms"))
            .contains("would delete 2 rounds", "nothing was deleted");
        JsonNode pruned = json(0, "prune", "--older-than", "1ms", "-y", "--json");
        assertThat(pruned.path("jobs").path("probe").path("rounds").intValue()).isEqualTo(2);
        assertThat(pruned.path("snapshots").intValue()).isEqualTo(1);
        for (String table :
            List.of(
                "round",
                "target",
                "neuron",
                "batch_job_instance",
                "batch_job_execution",
                "batch_step_execution",
                "batch_step_execution_context")) {
          assertThat(count(database, table)).as(table).isZero();
        }
        assertThat(count(database, "seal")).isEqualTo(2);
        assertThat(out(0, "verify", "--all")).contains("0 hold, 2 pruned, 0 broken");
        assertThat(out(0, "verify", "2")).contains("PRUNED");
      }
    }
  }

  private void explains(MockAxonPark park) {
    String validator = park.validator().address().text();
    assertThat(out(0, "explain", "last", "--hotkey", validator)).contains("not a target: ");
    assertThat(out(1, "explain", "last", "--hotkey", SnapshotNeurons.hotkey(9).text()))
        .contains("was not in the snapshot of round 2");
    assertThat(out(0, "explain", "--hotkey", validator))
        .contains("uid 0, blocks ", "(the latest known)");
    assertThat(out(1, "explain", "--uid", "3")).contains("a uid is one miner only in one round");
    int uid = park.receivedQueries().getFirst().uid().value();
    JsonNode story = json(0, "explain", "1", "--uid", Integer.toString(uid), "--json");
    assertThat(story.path("target").booleanValue()).isTrue();
    assertThat(story.path("attempts").path(0).path("queue_nanos").longValue()).isPositive();
    assertThat(story.path("because").stringValue()).isNotEmpty();
    String told = out(0, "explain", "1", "--uid", Integer.toString(uid));
    assertThat(told)
        .containsSubsequence(
            "  snapshot",
            "round opened",
            "ASK",
            "claimed: the durable row",
            "connected",
            "ended",
            "round sealed",
            "because",
            "seal ");
  }

  private void doctorIsContent() {
    String told = out(0, "doctor");
    assertThat(told)
        .contains(
            "ok   job probe",
            "ok   snapshot of probe",
            "ok   wallet of probe",
            "ok   database: opens, settings are safe",
            "ok   invariants of probe: hold in 2 sealed rounds",
            "ok   seals of probe: 2 recomputed, the chain holds, 0 pruned",
            "ok   open rounds: none is left over",
            "descriptors",
            "disk")
        .doesNotContain("FAIL");
  }

  private static int count(Database database, String table) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  @BreaksInvariants("loses a scoring input")
  void doctorFindsWhatIsWrong() throws Exception {
    Files.createDirectories(folder.resolve("jobs"));
    Files.writeString(folder.resolve("jobs/broken.yaml"), "network: 7 7\n");
    try (Database database = Database.own(home())) {
      var rounds = new StoredRounds(database);
      long round = rounds.exported("probe", 4, Instant.now());
      new RoundStore(database).release(rounds.open("probe", 4, Instant.now()), 0);
      JsonNode checks = json(1, "doctor", "--json").path("checks");
      assertThat(checks.toString()).contains("broken.yaml:1", "is left over since");
      assertThat(checks.toString()).contains("1 recomputed, the chain holds");

      try (Connection connection = database.dataSource().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("DELETE FROM scoring_input WHERE uid = 2 AND round_id = " + round);
      }
      assertThat(out(5, "doctor"))
          .contains(
              "FAIL invariants of probe: round 1: ONE_INPUT_PER_TARGET: uid 2",
              "FAIL seals of probe: round 1: 4 scoring inputs were sealed, 3 are there");
      assertThat(out(5, "verify", "1")).contains("BROKEN");
    }
  }
}
