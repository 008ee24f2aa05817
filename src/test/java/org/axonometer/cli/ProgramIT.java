package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.axonometer.history.Database;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.subnet.Uid;
import org.axonometer.testing.Program;
import org.axonometer.testing.SharedFolder;
import org.axonometer.testing.TestRounds;
import org.axonometer.wallet.Hotkey;
import org.axonometer.wallet.WalletDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real jar, as an operator starts it. */
@Execution(ExecutionMode.CONCURRENT)
class ProgramIT {
  @TempDir private Path folder;

  private Program park(String... options) {
    return Program.park(folder, options);
  }

  private Program axonometer(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", folder.resolve("home").toString()));
    return Program.start(folder, all.toArray(String[]::new));
  }

  private List<ReceivedQuery> received() throws IOException {
    Path log = folder.resolve("received.log");
    return Files.exists(log)
        ? Files.readString(log).lines().map(ReceivedQuery::parse).toList()
        : List.of();
  }

  private void awaitReceived(int queries, Program round) throws IOException {
    while (received().size() < queries) {
      assertThat(round.process().isAlive()).as(round.stderr()).isTrue();
      LockSupport.parkNanos(20_000_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void anInterruptedRoundKeepsItsAnswersAndItsRerunAsksOnlyTheRest(String signal) throws Exception {
    try (Program park = park("--count", "40", "--profile", "honest", "--delay", "400")) {
      new TestRounds(folder).job("probe", "timeout: 3s", "concurrency: 8", "partitions: 2");
      Program round = axonometer("run", "probe");
      awaitReceived(10, round);
      round.signal(signal);
      assertThat(round.await()).as(round.stderr()).isEqualTo(4);
      assertThat(round.stdout()).contains("axonometer rerun 1");
      int beforeRerun = received().size();
      assertThat(beforeRerun).isLessThan(40);

      Program blocked = axonometer("run", "probe");
      assertThat(blocked.await()).isEqualTo(3);
      assertThat(blocked.stderr()).contains("rerun 1");

      Program rerun = axonometer("rerun", "1", "--json");
      assertThat(rerun.await()).as(rerun.stderr()).isZero();
      JsonNode report = JsonMapper.shared().readTree(rerun.stdout());
      assertThat(report.path("outcomes").path("OK").intValue()).isEqualTo(40);
      assertThat(received().stream().map(ReceivedQuery::uid)).hasSize(40).doesNotHaveDuplicates();
      assertThat(park.process().isAlive()).isTrue();
    }
  }

  @Test
  void aKilledRoundAsksNobodyTwiceAndGuessesNothing() throws Exception {
    try (Program park = park("--count", "40", "--profile", "honest", "--delay", "400")) {
      new TestRounds(folder).job("probe", "timeout: 3s", "concurrency: 8", "partitions: 2");
      Program round = axonometer("run", "probe");
      awaitReceived(20, round);
      round.signal("KILL");
      round.await();
      assertThat(column("SELECT status FROM batch_job_execution ORDER BY job_execution_id"))
          .as("a killed process leaves its batch job as it was")
          .containsExactly("STARTED");

      Program rerun = axonometer("rerun", "1", "--json");
      assertThat(rerun.await()).as(rerun.stderr()).isZero();
      JsonNode outcomes = JsonMapper.shared().readTree(rerun.stdout()).path("outcomes");
      int ok = outcomes.path("OK").intValue();
      int unknown = outcomes.path("UNKNOWN").intValue();
      System.out.printf("after kill -9: %d OK, %d UNKNOWN%n", ok, unknown);
      // The neuron of the validator itself is not a target; nobody else is missing.
      assertThat(ok + unknown).isEqualTo(40);
      assertThat(unknown)
          .as("in flight plus one chunk per partition at the most")
          .isBetween(1, 8 + 2 * 20);
      assertThat(received().stream().map(ReceivedQuery::uid)).doesNotHaveDuplicates();
      assertThat(column("SELECT nonce FROM synapse_history"))
          .as("every query that left has its durable row")
          .containsAll(received().stream().map(ReceivedQuery::nonce).toList());
      assertThat(column("SELECT status FROM batch_job_execution ORDER BY job_execution_id"))
          .as("recovered, then run again")
          .containsExactly("FAILED", "COMPLETED");
      assertThat(
              column(
                  "SELECT status FROM batch_step_execution WHERE step_name LIKE 'ask%' ORDER BY step_execution_id"))
          .containsExactly("FAILED", "FAILED", "FAILED", "COMPLETED", "COMPLETED", "COMPLETED");
      assertThat(park.process().isAlive()).isTrue();
    }
  }

  private List<String> column(String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Database database = Database.connect(folder.resolve("home"));
        Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  @Test
  void everyCommandHasHelp() {
    for (String command :
        List.of(
            "",
            "run",
            "plan",
            "serve",
            "jobs",
            "jobs list",
            "jobs validate",
            "jobs next",
            "jobs pause",
            "jobs resume",
            "jobs run",
            "rerun",
            "rounds",
            "show",
            "export",
            "status",
            "explain",
            "doctor",
            "verify",
            "prune",
            "backup",
            "restore",
            "sql",
            "snapshot",
            "snapshot diff",
            "snapshot fetch",
            "snapshot import",
            "snapshot show",
            "wallet",
            "wallet show",
            "wallet check",
            "mock-axons")) {
      List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
      arguments.removeIf(String::isEmpty);
      arguments.add("--help");
      Program help = Program.start(folder, arguments.toArray(String[]::new));
      assertThat(help.await()).as(command).isZero();
      assertThat(help.stdout()).as(command).contains("Usage:");
      assertThat(help.stderr()).as(command).isEmpty();
    }
  }

  @Test
  void eachMistakeGetsOneClearLineAndItsExitCode() throws Exception {
    try (Program park = park("--count", "4", "--profile", "hang", "--port", "18391")) {
      Path good = new TestRounds(folder).job("good", "timeout: 20s");
      String yaml = Files.readString(good);
      write("tabs", yaml.replace("network: local", "\tnetwork: local"));
      write("typo", yaml.replace("  timeout: 20s", "  timeuot: 20s"));
      write("unitless", yaml.replace("timeout: 20s", "timeout: 12"));
      write("walletless", yaml.replace("../wallets", "../nowhere"));
      write("othersubnet", yaml.replace("netuid: 1", "netuid: 2"));
      write("truncated", yaml.replace("../snapshot.json", "../half.json"));
      String snapshot = Files.readString(folder.resolve("snapshot.json"));
      Files.writeString(folder.resolve("half.json"), snapshot.substring(0, snapshot.length() / 2));

      mistake(1, "there is no database", "show", "1");
      mistake(1, "gooood", "run", "gooood");
      mistake(1, "tabs.yaml:1", "run", "tabs");
      mistake(1, "typo.yaml:", "plan", "typo");
      mistake(1, "unitless.yaml:", "run", "unitless");
      mistake(5, "nowhere", "run", "walletless");
      mistake(1, "netuid", "run", "othersubnet");
      mistake(1, "half.json", "run", "truncated");
      mistake(1, "--nosuch", "run", "good", "--nosuch");

      Program owner = axonometer("run", "good");
      awaitReceived(1, owner);
      mistake(3, "process " + owner.process().pid(), "run", "good");
      Program reader = axonometer("rounds", "--json");
      assertThat(reader.await()).as("others read while a round runs: " + reader.stderr()).isZero();
      assertThat(
              JsonMapper.shared()
                  .readTree(reader.stdout())
                  .path("rounds")
                  .path(0)
                  .path("state")
                  .stringValue())
          .isEqualTo("OPEN");
      owner.await();

      Program secondPark =
          Program.start(folder, "mock-axons", "--count", "4", "--port", "18391", "--dir", "second");
      assertThat(secondPark.await()).isEqualTo(1);
      assertOneLine(secondPark, "18391");
      assertThat(park.process().isAlive()).isTrue();
    }
  }

  private void write(String job, String yaml) throws IOException {
    Files.writeString(folder.resolve("jobs").resolve(job + ".yaml"), yaml);
  }

  private void mistake(int exitCode, String says, String... arguments) {
    Program program = axonometer(arguments);
    assertThat(program.await())
        .as(String.join(" ", arguments) + ": " + program.stderr())
        .isEqualTo(exitCode);
    assertOneLine(program, says);
  }

  private static void assertOneLine(Program program, String says) {
    assertThat(program.stderr())
        .contains(says)
        .doesNotContain("Exception", "\tat ", "internal fault");
    // On a slow machine it says that it is at work before it says what is wrong.
    assertThat(
            program
                .stderr()
                .lines()
                .filter(line -> !line.startsWith("see: ") && !line.startsWith("preparing: ")))
        .as(program.stderr())
        .hasSize(1);
    assertThat(program.stdout()).isEmpty();
  }

  @Test
  void plansARecordedMainnetSnapshotNeuronByNeuron() throws IOException {
    Path list = SharedFolder.file("metagraph/finney_sn1_block6530367_neurons_lite.decoded.json");
    Program imported =
        axonometerWithoutHome(
            "snapshot",
            "import",
            list.toString(),
            "--network",
            "finney",
            "--netuid",
            "1",
            "--block",
            "6530367",
            "--out",
            "snapshot.json");
    assertThat(imported.await()).as(imported.stderr()).isZero();
    new WalletDirectory(folder.resolve("wallets")).create("default", "default", Hotkey.generate());
    Path job = new TestRounds(folder).job("mainnet", "timeout: 12s");
    Files.writeString(
        job,
        Files.readString(job)
            .replace("network: local", "network: finney")
            .replace("allow-addresses: [127.0.0.0/8]", "vpermit-tao-limit: 4096"));

    Program plan = axonometer("plan", "mainnet", "--json", "--seed", "7");
    assertThat(plan.await()).as(plan.stderr()).isZero();
    JsonNode shown = JsonMapper.shared().readTree(plan.stdout());
    assertThat(shown.path("neurons").size()).isEqualTo(1_024);
    assertThat(shown.path("neurons").valueStream())
        .allSatisfy(
            neuron -> {
              assertThat(neuron.path("decision").stringValue())
                  .isIn("ASK", "NOT_SERVING", "BLOCKED_ADDRESS", "INELIGIBLE");
              assertThat(neuron.path("reason").stringValue()).isNotBlank();
            });
    assertThat(shown.path("counts").toString())
        .isEqualTo("{\"ASK\":1016,\"NOT_SERVING\":3,\"INELIGIBLE\":5}");
    assertThat(shown.path("causes").toString())
        .isEqualTo("{\"PERMIT_LIMIT\":5,\"NOT_SERVING\":3,\"ASKED\":1016}");
    assertThat(shown.path("neurons").path(966).path("cause").stringValue())
        .isEqualTo("PERMIT_LIMIT");
    assertThat(shown.path("selection").stringValue()).startsWith("all; vpermit-tao-limit 4096; ");
    assertThat(folder.resolve("home")).as("a plan makes no database").doesNotExist();

    Program text = axonometer("plan", "mainnet", "--seed", "7");
    assertThat(text.await()).isZero();
    assertThat(text.stdout().lines()).hasSize(1_024 + 10);
    assertThat(text.stdout())
        .contains(
            "    1016  asked", "       5  validator permit and too much stake", "dup_endpoint");
  }

  @Test
  void theLatenciesOfTheSummaryAreThoseOfTheViews() throws Exception {
    try (Program park = park("--count", "2", "--profile", "honest")) {
      new TestRounds(folder).job("probe", "timeout: 3s");
      Program round = axonometer("run", "probe");
      assertThat(round.await()).as(round.stderr()).isZero();
      List<String> nanos =
          column(
              "SELECT CAST(p50_nanos AS VARCHAR) || ' ' || CAST(p95_nanos AS VARCHAR) FROM round_summary");
      String[] stored = nanos.getFirst().split(" ", -1);
      assertThat(round.stdout())
          .contains(
              String.format(
                  Locale.ROOT,
                  "; time of the OK ones: p50 %.1f ms, p95 %.1f ms",
                  Long.parseLong(stored[0]) / 1e6,
                  Long.parseLong(stored[1]) / 1e6));
      assertThat(park.process().isAlive()).isTrue();
    }
  }

  @Test
  void helpNeedsNoSpring() throws IOException {
    List<String> classes = loadedClasses(Map.of("AXONOMETER_START_UP_CACHE", "no"), "--help");
    assertThat(classes)
        .anyMatch(line -> line.contains("org.axonometer.cli.StatusCommand "))
        // What opens the jar is named after Spring Boot.
        .noneMatch(line -> line.matches(".* org\\.springframework\\.(?!boot\\.loader\\.).*"));
  }

  @Test
  void aShortCommandFindsItsClassesInTheStartUpCache() throws IOException {
    Files.createDirectories(folder.resolve("jobs"));
    List<String> classes = loadedClasses(Map.of(), "status", "--home", folder.toString());
    List<String> ours =
        classes.stream()
            .filter(
                line -> line.contains(" org.axonometer.") || line.contains(" org.springframework."))
            .toList();
    assertThat(ours).hasSizeGreaterThan(200);
    assertThat(ours.stream().filter(line -> line.endsWith(" source: shared objects file")).count())
        .as("of %d classes", ours.size())
        .isGreaterThan(ours.size() * 9L / 10);
  }

  /** Lines that say which class was loaded, and from where. */
  private List<String> loadedClasses(Map<String, String> variables, String... arguments)
      throws IOException {
    Path log = folder.resolve("classes.log");
    Map<String, String> all = new HashMap<>(variables);
    all.put("AXONOMETER_JAVA_OPTS", "-Xlog:class+load=info:file=" + log);
    all.put("AXONOMETER_JOBS", folder.resolve("jobs").toString());
    Program program = Program.start(folder, all, arguments);
    assertThat(program.await()).as(program.stderr()).isZero();
    return Files.readAllLines(log);
  }

  private Program axonometerWithoutHome(String... arguments) {
    return Program.start(folder, arguments);
  }

  @Test
  void theParkEndsCleanlyOnCtrlC() throws Exception {
    try (Program park = park("--count", "3")) {
      park.signal("INT");
      assertThat(park.await()).isZero();
    }
  }

  @Test
  void bodiesCanBeReadBack() throws Exception {
    try (Program park = park("--count", "3", "--profile", "honest")) {
      new TestRounds(folder).job("probe", "timeout: 3s");
      assertThat(axonometer("run", "probe").await()).isZero();
      Uid asked = received().getFirst().uid();
      Program show = axonometer("show", "last", "--body", asked.toString());
      assertThat(show.await()).as(show.stderr()).isZero();
      assertThat(show.stdout())
          .contains("What is the time?", "completion", "bt_header_axon_status_code");
      assertThat(Stream.of(show.stdout().split("\n")).filter(line -> line.startsWith("attempt ")))
          .hasSize(1);
      assertThat(park.process().isAlive()).isTrue();
    }
  }
}
