package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.testing.BreaksInvariants;
import org.axonometer.testing.Program;
import org.axonometer.testing.Shell;
import org.axonometer.testing.StoredRounds;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Every operators' script, run for real on the built jar and a park. */
@Execution(ExecutionMode.CONCURRENT)
class ScriptsIT {
  private static final int MOST_LINES = 60;

  /** A tool of its own, which reads Python classes. */
  private static final String LONGER = "synapse_to_yaml.py";

  private static final String EMPTY_SHA256 =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @TempDir private Path folder;
  private Shell shell = Shell.in(Path.of(""));

  @BeforeEach
  void open() {
    shell = Shell.in(folder);
  }

  private Shell.Ended run(int exitCode, String line) {
    Shell.Ended ended = shell.run(line);
    assertThat(ended.exitCode()).as(line + ": " + ended.out() + ended.err()).isEqualTo(exitCode);
    assertThat(ended.err()).doesNotContain("Exception", "internal fault", "unbound variable");
    return ended;
  }

  private static void await(Shell.Started started, BooleanSupplier condition) {
    long giveUp = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(started.process().isAlive()).as(started.ended(-1).toString()).isTrue();
      assertThat(System.nanoTime()).as(started.ended(-1).toString()).isLessThan(giveUp);
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static void job(TestRounds rounds, String name, String more, String... ask)
      throws IOException {
    Path file = rounds.job(name, ask);
    Files.writeString(file, Files.readString(file) + more);
  }

  @Test
  void eachIsShortHasHelpAndStopsAtItsFirstError() throws IOException {
    List<Path> scripts;
    try (Stream<Path> files = Files.list(Path.of("scripts"))) {
      scripts = files.filter(Files::isRegularFile).sorted().toList();
    }
    assertThat(scripts).hasSizeGreaterThanOrEqualTo(15);
    String readme = Files.readString(Path.of("README.md"));
    for (Path script : scripts) {
      String text = Files.readString(script);
      if (!script.endsWith(LONGER)) {
        assertThat(text.lines().count()).as("lines of " + script).isLessThanOrEqualTo(MOST_LINES);
      }
      if (script.toString().endsWith(".sh")) {
        assertThat(text).as("sourced: " + script).startsWith("# shellcheck shell=");
        continue;
      }
      assertThat(readme).contains("`" + script + "`");
      if (text.startsWith("#!/usr/bin/env bash")) {
        assertThat(text).as(script.toString()).contains("\nset -euo pipefail\n");
      }
      assertThat(run(0, script + " --help").out())
          .as(script.toString())
          .startsWithIgnoringCase("usage: ");
      if (Shell.has("shellcheck") && !script.toString().endsWith(".py")) {
        run(0, "shellcheck --external-sources " + script);
      }
    }
  }

  @Test
  void aStoppedRoundIsSaidToCronAndFinishedWithoutAskingAnybodyTwice() throws Exception {
    try (var park =
        MockAxonPark.open(ParkSettings.of(24, Profile.HONEST).withDelay(Duration.ofMillis(500)))) {
      TestRounds rounds = TestRounds.in(folder, park);
      rounds.job("probe", "timeout: 5s", "concurrency: 4", "partitions: 2");
      Shell.Started round = Shell.in(folder).start("exec scripts/run-round probe");
      await(round, () -> park.receivedQueries().size() >= 6);
      round.process().destroy();
      assertThat(round.process().waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(round.process().exitValue()).isEqualTo(4);
      assertThat(round.ended(4).out())
          .contains("the round of probe ended with exit code 4", "axonometer rerun 1");

      assertThat(run(3, "scripts/run-round probe").out()).contains("rerun 1");
      int before = park.receivedQueries().size();
      run(0, "scripts/rerun-failed probe --dry-run");
      assertThat(park.receivedQueries()).hasSize(before);
      run(0, "scripts/rerun-failed probe");
      assertThat(park.receivedQueries().stream().map(ReceivedQuery::uid))
          .hasSize(24)
          .doesNotHaveDuplicates();

      assertThat(run(0, "scripts/rerun-failed probe").out()).contains("nobody of round 1");
      run(1, "scripts/rerun-failed nosuch");
      run(1, "scripts/rerun-failed");
      run(1, "scripts/run-round nosuch");
      Shell.Ended good = run(0, "scripts/run-round probe --seed 5");
      assertThat(good.out() + good.err()).isEmpty();
      Path logs = folder.resolve("home/logs");
      assertThat(logsOf("probe", logs)).isEqualTo(3);
      for (String job : List.of("probe", "probe-2")) {
        for (int old = 0; old < 50; old++) {
          Files.createFile(logs.resolve("%s-20260101T0000%02dZ-7.log".formatted(job, old)));
        }
      }
      run(0, "scripts/run-round probe --seed 6");
      assertThat(logsOf("probe", logs)).as("the newest 50 of the job").isEqualTo(50);
      assertThat(logsOf("probe-2", logs)).as("another job's").isEqualTo(50);
    }
  }

  private static long logsOf(String job, Path folder) throws IOException {
    try (Stream<Path> logs = Files.list(folder)) {
      return logs.filter(log -> log.getFileName().toString().matches(job + "-\\d{8}T.+")).count();
    }
  }

  @Test
  void theOperatorsDatabaseIsNotWrittenByWhatBringsItsOwn() throws IOException {
    shell
        .with("AXONOMETER_DB", "postgresql://nobody@127.0.0.1:1/none")
        .with("AXONOMETER_METRICS_PORT", "1")
        .with("BT_WALLET_NAME", "nosuch");
    assertThat(run(0, "scripts/demo --count 4 --dir %s/demo".formatted(folder)).out())
        .contains("seal:", "show last --db h2 --home " + folder);
    for (String script : List.of("bench", "demo", "serve-soak", "serve-steady")) {
      assertThat(Files.readString(Path.of("scripts", script)))
          .as(script)
          .containsPattern("(?m)^\\. .*scripts/own-set-up\\.sh");
    }
    assertThat(run(0, ". scripts/own-set-up.sh; env").out())
        .contains("AXONOMETER_JAVA_OPTS=")
        .doesNotContain("AXONOMETER_DB", "AXONOMETER_HOME", "AXONOMETER_METRICS", "BT_WALLET");

    assertThat(run(5, "scripts/axonometer rounds").err()).contains("127.0.0.1:1");
    run(0, "scripts/axonometer backup %s/copy.zip --db h2 --home %1$s/demo/home".formatted(folder));
    assertThat(run(0, "scripts/restore-check %s/copy.zip".formatted(folder)).out())
        .contains("1 hold, 0 pruned, 0 broken", "is good");
  }

  @Test
  void outOfMemoryIsAKillAndNoExitCodeOfOurs() {
    Shell.Ended ended =
        shell
            .with("AXONOMETER_JAVA_OPTS", "-Xmx12m")
            .run("exec scripts/axonometer mock-axons --count 4096 --dir " + folder.resolve("park"));
    assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(128 + 9);
    assertThat(ended.err()).contains("java.lang.OutOfMemoryError: Java heap space");
    assertThat(ended.out()).isEmpty();
  }

  /** A serve beside which a new jar is built has not read all of its classes yet. */
  @Test
  void aStartUpCacheIsKeptWhileAProgramRunsFromIt() throws IOException {
    Path caches = Files.createDirectories(folder.resolve("start-up (1)+"));
    for (String name : List.of("1-1", "2-2", "3-3")) {
      Files.createDirectories(caches.resolve(name).resolve("app"));
    }
    String forget = ". scripts/start-up-cache.sh; forget_others '" + caches.resolve("3-3") + "'";

    Shell.Started serve =
        shell.start(
            "exec -a 'java -jar " + caches.resolve("1-1") + "/app/axonometer.jar' sleep 60");
    try {
      run(0, forget);
      assertThat(caches)
          .isDirectoryContaining("glob:**/1-1")
          .isDirectoryNotContaining("glob:**/2-2");
    } finally {
      serve.process().destroyForcibly().onExit().join();
    }

    run(0, forget);
    assertThat(caches).isDirectoryContaining("glob:**/3-3").isDirectoryNotContaining("glob:**/1-1");
  }

  /** What is built again without a change is the same to Java, whenever it was built. */
  @Test
  void aStartUpCacheIsOfWhatIsInTheJar() throws IOException {
    Path jar = Files.write(folder.resolve("a.jar"), new byte[600_000]);
    Files.createDirectories(folder.resolve("target"));
    String cache = cacheOf(jar, "-XX:+UseSerialGC");

    Files.move(jar, folder.resolve("old.jar"));
    Files.copy(folder.resolve("old.jar"), jar);
    assertThat(cacheOf(jar, "-XX:+UseSerialGC")).isEqualTo(cache).endsWith("/classes of a jar\n");

    assertThat(cacheOf(jar, "-XX:+UseG1GC")).isNotEqualTo(cache);
    Files.write(jar, new byte[] {1}, StandardOpenOption.APPEND);
    assertThat(cacheOf(jar, "-XX:+UseSerialGC")).isNotEqualTo(cache);
  }

  private String cacheOf(Path jar, String option) {
    return run(
            0,
            """
            . scripts/find-jdk.sh && find_jdk java && . scripts/start-up-cache.sh
            make_cache() { mkdir -p "$3/classes of a jar"; }
            start_up_cache '%s' '%s' %s 2>/dev/null && echo "$cache"/*
            """
                .formatted(folder, jar, option))
        .out();
  }

  @Test
  @BreaksInvariants("rounds that nobody sealed stand in for many")
  void anAnswerThatIsCutIsNoneAndAnExportHasPages() throws Exception {
    int rounds = 50_002;
    try (Database database = Database.own(folder.resolve("home"));
        Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      new StoredRounds(database).sealed("probe", 1, Instant.now(), uid -> Outcome.OK);
      // More than a page of them, all without targets.
      statement.execute(
          """
          INSERT INTO round (round_id, job, kind, state, snapshot_id, own_hotkey, wallet_path, wallet_name, wallet_hotkey,
                             job_file, job_source, job_sha256, seed, partition_n, selected_n, selection_sha256, max_attempts,
                             opened_at, deadline_at, sealed_at)
          SELECT x, 'many', 'MANUAL', 'SEALED', snapshot_id, own_hotkey, wallet_path, wallet_name, wallet_hotkey, job_file,
                 job_source, job_sha256, seed, partition_n, 0, selection_sha256, max_attempts, opened_at, deadline_at, sealed_at
            FROM round CROSS JOIN SYSTEM_RANGE(2, %d) WHERE round_id = 1
          """
              .formatted(rounds));
      statement.execute(
          """
          INSERT INTO seal (job, round_id, input_n, inputs_sha256, previous_sha256, sha256, sealed_at)
          SELECT 'many', round_id, 0, '%s', REPEAT('0', 64), REPEAT('1', 64), sealed_at FROM round WHERE round_id > 1
          """
              .formatted(EMPTY_SHA256));
    }
    String ask = ". scripts/operator.sh; at_most=%d; rows 'SELECT x FROM SYSTEM_RANGE(1, 3)'";
    assertThat(run(0, ask.formatted(4)).out()).isEqualTo("1\n2\n3\n");
    assertThat(run(5, ask.formatted(3)).err()).contains("more than 2 rows");

    Path exports = Files.createDirectories(folder.resolve("exports/before"));
    Files.write(
        exports.resolve("MANIFEST.sha256"),
        IntStream.range(1, rounds)
            .mapToObj(
                id ->
                    "%s  %s-round-%d.jsonl".formatted(EMPTY_SHA256, id == 1 ? "probe" : "many", id))
            .toList());
    assertThat(run(0, "scripts/export-nightly " + exports.getParent()).out())
        .endsWith(": 1 files\n");
    assertThat(run(0, "ls %s/*Z".formatted(exports.getParent())).out())
        .contains("many-round-%d.jsonl".formatted(rounds));
  }

  @Test
  void historyIsExportedScoredBackedUpAndPruned() throws Exception {
    Shell.require("python3");
    Shell.require("flock");
    try (var park = MockAxonPark.open(ParkSettings.of(32, Profile.MIXED))) {
      TestRounds rounds = TestRounds.in(folder, park);
      Path file = rounds.job("probe", "timeout: 6s");
      Files.writeString(
          file, Files.readString(file).replace("score:\n", "score:\n  success-threshold: 0.95\n"));
      assertThat(run(2, "scripts/run-round probe").out()).contains("exit code 2", "REFUSED");
      assertThat(run(2, "scripts/rerun-failed probe").err()).contains("asking again from round 1");
      assertThat(run(2, "scripts/rerun-failed 1 --only OK,REFUSED").err()).contains("OK,REFUSED");

      assertThat(run(2, "scripts/run-round probe").out()).contains("exit code 2");

      String exports = folder.resolve("exports").toString();
      assertThat(run(0, "scripts/export-nightly %s --format both".formatted(exports)).out())
          .contains("8 files");
      run(0, "cd %s/*Z && sha256sum --quiet -c MANIFEST.sha256".formatted(exports));
      assertThat(run(0, "scripts/export-nightly %s --format both".formatted(exports)).out())
          .isEmpty();
      run(0, "rm -r %s/*Z".formatted(exports));
      assertThat(run(0, "scripts/export-nightly %s --job probe".formatted(exports)).out())
          .contains("4 files");
      run(1, "scripts/export-nightly");
      assertThat(run(3, "flock %s/.lock scripts/export-nightly %1$s".formatted(exports)).err())
          .contains("another export");

      // Without the follow-ups Python's scores are those of the database's own moving average.
      run(0, "rm %s/*/probe-round-[23].jsonl".formatted(exports));
      String scores = run(0, "scripts/score-example.py %s/*/*.jsonl".formatted(exports)).out();
      String averages =
          run(0, "scripts/axonometer sql db/queries/moving-average.sql --format csv").out();
      assertThat(scores.lines()).hasSizeGreaterThan(30);
      assertThat(scores.lines())
          .allSatisfy(
              line -> {
                String[] score = line.split("\t", -1);
                String average =
                    averages
                        .lines()
                        .filter(row -> row.contains(score[2]))
                        .findFirst()
                        .orElseThrow();
                assertThat(Double.parseDouble(average.split(",", -1)[2]))
                    .isCloseTo(
                        Double.parseDouble(score[0]), org.assertj.core.api.Assertions.within(1e-4));
                assertThat(average.split(",", -1)[3]).isEqualTo(score[1]);
              });

      run(0, "scripts/prune-history --older-than 1ms");
      run(1, "scripts/prune-history --older-than 1ms -y");
      String backups = folder.resolve("backups").toString();
      Shell.Ended pruned = run(0, "scripts/prune-history --older-than 1ms -y --backup " + backups);
      assertThat(pruned.out()).contains("restored and checked", "deleted 4 rounds");
      assertThat(run(0, "scripts/restore-check %s/*.zip".formatted(backups)).out())
          .contains("4 hold, 0 pruned, 0 broken", "is good");
      assertThat(run(0, "scripts/axonometer verify --all").out()).contains("4 pruned");

      Path bad = Files.writeString(folder.resolve("bad.zip"), "no copy");
      assertThat(run(5, "scripts/restore-check " + bad).err()).contains("cannot be restored");
      run(1, "scripts/restore-check nosuch.zip");
    }
  }

  @Test
  void allWorkBesideServe() throws Exception {
    Shell.require("timeout");
    try (var park = MockAxonPark.open(ParkSettings.of(16, Profile.MIXED))) {
      job(
          TestRounds.in(folder, park),
          "tick",
          "schedule: {every: 2s}\n",
          "timeout: 5s",
          "partitions: 1");
      try (Program serve =
          Program.start(folder, "serve", "--home", folder.resolve("home").toString())) {
        while (!serve.stderr().contains("job=tick asked=")) {
          assertThat(serve.process().isAlive()).as(serve.stderr()).isTrue();
          LockSupport.parkNanos(50_000_000);
        }
        Shell.Started tail =
            Shell.in(folder).start("exec scripts/tail-failures --job tick --every 1");
        await(tail, () -> tail.ended(-1).out().lines().count() >= 12);
        assertThat(tail.ended(-1).out()).contains("REFUSED", "TIMED_OUT", "HTTP 403: Forbidden");
        assertThat(
                tail.ended(-1)
                    .out()
                    .lines()
                    .map(line -> line.split(" +", 4)[0] + "/" + line.split(" +", 4)[1]))
            .as("each once")
            .doesNotHaveDuplicates();
        tail.process().destroy();
        assertThat(tail.process().waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(tail.process().exitValue()).isZero();

        Path backups = folder.resolve("backups");
        for (int copy = 0; copy < 2; copy++) {
          assertThat(run(0, "scripts/backup %s --keep 1".formatted(backups)).out())
              .contains("restored and checked");
        }
        try (Stream<Path> copies = Files.list(backups)) {
          assertThat(copies.filter(copy -> copy.toString().endsWith(".zip"))).hasSize(1);
        }
        run(0, "scripts/export-nightly " + folder.resolve("exports"));
        assertThat(run(0, "scripts/health-probe tick --max-age 10m").out()).startsWith("HEALTHY ");
        run(1, "scripts/health-probe --max-age soon");

        String typed =
            """
            \\d seal
            \\l
            \\f csv
            SELECT 'two ' ||
              'lines' AS words;
            \\i unsealed-rounds
            \\i miner-history hotkey=%s
            DELETE FROM round;
            """
                .formatted(park.snapshot().neurons().get(2).hotkey());
        Path input = Files.writeString(folder.resolve("typed.sql"), typed);
        Shell.Ended told = run(1, "scripts/sql-shell --limit 5 < " + input);
        assertThat(told.out())
            .contains("inputs_sha256", "position-bias.sql: ", "words\r\ntwo lines", "round_id,job");
        assertThat(told.err()).contains("sql can only read");
        assertThat(serve.process().isAlive()).as(serve.stderr()).isTrue();
        serve.signal("TERM");
        assertThat(serve.await()).as(serve.stderr()).isIn(0, 4);
      }
      assertThat(run(2, "scripts/health-probe --quick --max-age 1ms").out())
          .startsWith("UNHEALTHY tick: last success");
      Files.writeString(folder.resolve("jobs/tick.yaml"), "network: [");
      assertThat(run(1, "scripts/health-probe").out()).startsWith("UNHEALTHY job file: ");
    }
  }

  @Test
  void unitsAreWrittenAndCheckedBySystemd() throws IOException {
    Path units = Files.createDirectory(folder.resolve("units"));
    String flags =
        "scripts/install-systemd --user axonometer --home /srv/ax --jobs /etc/ax/jobs --nightly /srv/ax-nightly ";
    assertThat(run(0, flags + "--print").out())
        .contains("ExecStart=" + Path.of("").toAbsolutePath() + "/scripts/axonometer serve")
        .contains("Environment=AXONOMETER_HOME=/srv/ax\n", "ReadWritePaths=/srv/ax /srv/ax-nightly")
        .doesNotContainPattern("@[A-Z]+@");
    assertThat(units).isEmptyDirectory();

    String said = run(0, flags + "--dest " + units).out();
    System.out.println(said);
    assertThat(said)
        .contains(
            Shell.has("systemd-analyze")
                ? "systemd has checked axonometer.service"
                : "not checked: there is no systemd-analyze here");
    assertThat(units.resolve("axonometer.service")).content().contains("NoNewPrivileges=yes");
    assertThat(run(1, flags + "--home 'a b'").err()).contains("--home is \"a b\"");
    assertThat(run(1, flags.replace("axonometer --home", "'a;b' --home")).err()).contains("--user");
    assertThat(run(5, flags + "--dest " + folder.resolve("nowhere")).err())
        .contains("cannot be written");

    String second = flags + "--name second --metrics-port 9465 --no-backup --dest " + units;
    assertThat(run(0, second).out()).contains("enable --now second.service second-nightly.timer");
    assertThat(units.resolve("second.service")).content().contains("METRICS_PORT=9465\n");
    assertThat(units.resolve("second-nightly.service"))
        .content()
        .contains("After=second.service", "prune-history -y --no-backup\n");
    assertThat(units.resolve("axonometer.service")).content().contains("METRICS_PORT=9464\n");
    assertThat(units.resolve("axonometer-nightly.service"))
        .content()
        .contains("prune-history -y --backup /srv/ax-nightly/backups\n");
    assertThat(units.resolve("second-nightly.timer")).exists();
    assertThat(run(1, flags + "--name 'a/b'").err()).contains("--name is \"a/b\"");
    assertThat(run(1, flags + "--metrics-port x").err()).contains("--metrics-port is \"x\"");
  }
}
