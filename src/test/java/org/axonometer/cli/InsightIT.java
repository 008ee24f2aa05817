package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.history.RoundStore;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.KeptSnapshots;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.rounds.RoundProgress;
import org.axonometer.subnet.NetUid;
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
    jobFile("early", "");
    jobFile("fresh", "");
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
      assertThat(early.path("problem").stringValue()).contains("snapshot.json");
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

  /** A job whose snapshot is not there. */
  private void jobFile(String name, String more) throws IOException {
    Files.createDirectories(folder.resolve("jobs"));
    Files.writeString(
        folder.resolve("jobs").resolve(name + ".yaml"),
        """
        network: local
        netuid: 1
        snapshot: {file: snapshot.json}
        wallet: {path: wallets}
        synapse:
          name: Prompt
          request: {question: {type: str, value: why}}
          response: {answer: "optional[str]"}
        """
            + more);
  }

  @Test
  void jobsThatNobodyWaitsForAreNotJudgedUnlessNamed() throws IOException {
    jobFile("demo", "");
    assertThat(out(2, "status", "--max-age", "2h")).contains("there is no job to judge");
    jobFile("hand", "");
    try (Database database = Database.own(home())) {
      var rounds = new StoredRounds(database);
      rounds.sealed("renamed", 4, Instant.now().minusSeconds(10_000), uid -> Outcome.OK);
      rounds.sealed("hand", 4, Instant.now(), uid -> Outcome.OK);

      assertThat(out(0, "status", "--max-age", "2h"))
          .contains(
              "not judged: demo: it has no schedule and was never run",
              "not judged: renamed: it has no job file");
      assertThat(out(2, "status", "--max-age", "2h", "renamed", "demo"))
          .contains("renamed: last success", "demo: no success yet");
      assertThat(out(5, "doctor"))
          .contains(
              "job demo: jobs/demo.yaml, not looked into: it has no schedule",
              "FAIL snapshot of hand")
          .doesNotContain("snapshot of demo");
      assertThat(out(5, "doctor", "demo")).contains("FAIL snapshot of demo");
      jobFile("tick", "schedule: {every: 1h}\n");
      assertThat(out(2, "status", "--max-age", "2h")).contains("tick: no success yet");
      assertThat(out(5, "doctor")).contains("FAIL snapshot of tick");
    }
  }

  @Test
  @BreaksInvariants("loses a table of ours and a column of Flyway's")
  void doctorTellsWhatItCanOfADatabaseThatFails() throws Exception {
    Files.createDirectories(folder.resolve("jobs"));
    try (Database database = Database.own(home())) {
      new StoredRounds(database).exported("probe", 4, Instant.now());
      try (Connection connection = database.dataSource().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("ALTER TABLE challenge RENAME TO lost");
        statement.execute("ALTER TABLE \"flyway_schema_history\" DROP COLUMN \"checksum\"");
      }
      assertThat(out(5, "doctor"))
          .contains(
              "FAIL database: the database in ",
              "ok   database clock",
              "FAIL invariants: the database failed: Table \"CHALLENGE\" not found",
              "ok   seals of probe: 1 recomputed",
              "ok   open rounds: none is left over");
    }
  }

  @Test
  void aLivingOwnersRoundIsLeftToItAlsoByADryRun() {
    try (Database database = Database.own(home())) {
      var rounds = new StoredRounds(database);
      rounds.sealed("probe", 4, Instant.now(), uid -> Outcome.OK);
      long open = rounds.open("probe", 4, Instant.now());

      assertThat(out(3, "rerun", "last", "--dry-run"))
          .contains("round 2 is being asked by process " + ProcessHandle.current().pid());
      new RoundStore(database).release(open, 0);
      assertThat(json(0, "rerun", "last", "--dry-run", "--json").path("targets")).hasSize(4);
      assertThat(out(1, "rerun", "1", "--dry-run")).contains("round 1 is sealed");
      assertThat(out(1, "rerun", "latest")).contains("is not a round; give its number, or last");
    }
  }

  @Test
  void showTellsTheSameToAProgram() {
    try (Database database = Database.own(home())) {
      var rounds = new StoredRounds(database);
      rounds.sealed("probe", 3, Instant.now(), uid -> uid == 1 ? Outcome.TIMED_OUT : Outcome.OK);
      rounds.followUp(1, Instant.now(), uid -> Outcome.OK, 1);

      JsonNode first = json(0, "show", "1", "--json");
      assertThat(first.path("round").longValue()).isEqualTo(1);
      assertThat(first.path("state").stringValue()).isEqualTo("SEALED");
      assertThat(first.path("ok").intValue()).isEqualTo(2);
      assertThat(first.path("followed_by").path(0).longValue()).isEqualTo(2);
      assertThat(first.path("seal_sha256").stringValue()).hasSize(64);
      assertThat(first.path("outcomes").path(1))
          .isEqualTo(
              JsonMapper.shared()
                  .readTree("{\"outcome\":\"TIMED_OUT\",\"blame\":\"MINER\",\"targets\":1}"));
      assertThat(json(0, "show", "last", "--json").path("follows").longValue()).isEqualTo(1);
      JsonNode attempt = json(0, "show", "1", "--body", "0", "--json").path("attempts").path(0);
      assertThat(attempt.path("outcome").stringValue()).isEqualTo("OK");
      assertThat(attempt.path("response").stringValue()).contains("because");
      assertThat(json(0, "show", "1", "--synapses", "--json").path("synapses")).hasSize(3);
    }
  }

  @Test
  void roundsCountsWhatIsOkInOpenAndSealedOnes() {
    try (Database database = Database.own(home())) {
      var rounds = new StoredRounds(database);
      rounds.sealed("probe", 3, Instant.now(), uid -> uid == 1 ? Outcome.TIMED_OUT : Outcome.OK);
      rounds.open("probe", 3, Instant.now());
      JsonNode listed = json(0, "rounds", "--json").path("rounds");
      assertThat(listed.path(0).path("ok").intValue()).isZero();
      assertThat(listed.path(1).path("ok").intValue()).isEqualTo(2);
      assertThat(out(0, "rounds")).containsPattern("1 +probe +MANUAL +SEALED .* 3 +2\n");
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
        Path kept = keptSnapshots();
        JsonNode pruned = json(0, "prune", "--older-than", "1ms", "-y", "--json");
        assertThat(pruned.path("snapshot_files").intValue()).isEqualTo(1);
        try (Stream<Path> files = Files.list(kept)) {
          assertThat(files.map(file -> file.getFileName().toString()))
              .singleElement()
              .asString()
              .startsWith("block-2-");
        }
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

  /** Two old snapshots of which no round was ever opened; where they are kept. */
  private Path keptSnapshots() throws IOException {
    var kept = new KeptSnapshots(home().resolve("snapshots"));
    Path folderOfOne = home();
    for (long block = 1; block <= 2; block++) {
      Path file =
          kept.keep(
              MetagraphSnapshot.of(
                  "finney",
                  new NetUid(1),
                  block,
                  SnapshotNeurons.TAKEN_AT,
                  List.of(SnapshotNeurons.notServing(0))));
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
      folderOfOne = file.resolveSibling("");
    }
    return folderOfOne;
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
