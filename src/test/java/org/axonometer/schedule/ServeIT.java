package org.axonometer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.axonometer.history.Database;
import org.axonometer.history.Fire;
import org.axonometer.history.Round;
import org.axonometer.history.RoundKind;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.testing.Program;
import org.axonometer.testing.RpcNode;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The real serve, as a process, against the park. */
@Execution(ExecutionMode.CONCURRENT)
class ServeIT {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /**
   * The span of the kill test and how long nothing runs in it; scripts/serve-soak sets longer ones.
   */
  private static final Duration SPAN =
      Duration.ofSeconds(Integer.getInteger("axonometer.soak.span", 20));

  private static final Duration DOWN =
      Duration.ofSeconds(Integer.getInteger("axonometer.soak.down", 5));

  @TempDir private Path folder;

  private Program axonometer(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", home().toString()));
    return Program.start(folder, all.toArray(String[]::new));
  }

  private Path home() {
    return folder.resolve("home");
  }

  private static void await(Program serve, BooleanSupplier condition) {
    long giveUp = System.nanoTime() + SPAN.plusSeconds(90).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(serve.process().isAlive()).as(serve.stderr()).isTrue();
      assertThat(System.nanoTime()).as(serve.stderr()).isLessThan(giveUp);
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static boolean since(long beganNanos, Duration time) {
    return System.nanoTime() - beganNanos >= time.toNanos();
  }

  private static long roundLines(Program serve, String job) {
    return serve
        .stderr()
        .lines()
        .filter(line -> line.contains("round=") && line.contains("job=" + job + " asked="))
        .count();
  }

  private Path job(TestRounds rounds, String name, String schedule, String... ask)
      throws IOException {
    Path file = rounds.job(name, ask);
    return Files.writeString(file, Files.readString(file) + "schedule: " + schedule + "\n");
  }

  @Test
  void everySecondOfASpanWithAKillIsARoundOrAReason() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(8, Profile.HONEST))) {
      job(TestRounds.in(folder, park), "tick", "{every: 1s}", "timeout: 2s", "partitions: 1");
      long began;
      try (Program serve = axonometer("serve")) {
        // A process takes some seconds to its first time; the span is one of scheduled times.
        await(serve, () -> roundLines(serve, "tick") >= 1);
        long first = System.nanoTime();
        await(serve, () -> roundLines(serve, "tick") >= 4 && since(first, SPAN.dividedBy(3)));
        began = first;
        serve.signal("KILL");
        serve.process().waitFor();
      }
      LockSupport.parkNanos(DOWN.toNanos());
      try (Program serve = axonometer("serve")) {
        await(serve, () -> roundLines(serve, "tick") >= 4 && since(began, SPAN.plusSeconds(5)));
        serve.signal("TERM");
        assertThat(serve.await()).as(serve.stderr()).isIn(0, 4);
      }

      FireAccount account = FireAccount.of(home(), "tick");
      System.out.printf("every second, killed for %s: %s%n", DOWN, account);
      assertThat(account.fires()).hasSizeGreaterThanOrEqualTo((int) SPAN.toSeconds());
      assertThat(account.unaccounted(SECOND)).isZero();
      assertThat(account.rows(Fire.Reason.MISSED)).isGreaterThanOrEqualTo(DOWN.toSeconds());
      assertThat(account.rows(Fire.Reason.FAILED_TO_OPEN)).isZero();
      assertThat(account.roundsNamed())
          .hasSizeGreaterThanOrEqualTo(8)
          .containsExactlyInAnyOrderElementsOf(account.rounds().stream().map(Round::id).toList());
    }
  }

  @Test
  void onTermItEndsWithinHalfAMinuteAndLeavesItsRoundToTheNextStart() throws Exception {
    try (var park =
        MockAxonPark.open(ParkSettings.of(40, Profile.HONEST).withDelay(Duration.ofMillis(800)))) {
      job(
          TestRounds.in(folder, park),
          "slow",
          "{every: 5s}",
          "timeout: 5s",
          "concurrency: 4",
          "partitions: 2",
          "round-deadline: 5m");
      try (Program serve = axonometer("serve")) {
        await(serve, () -> park.receivedQueries().size() >= 8);
        long asked = System.nanoTime();
        serve.signal("TERM");
        assertThat(serve.await()).as(serve.stderr()).isEqualTo(4);
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        System.out.println("SIGTERM during a round: ended after " + took);
        assertThat(took).isLessThan(Duration.ofSeconds(30));
      }
      assertThat(park.receivedQueries()).hasSizeLessThan(40);
      try (Program serve = axonometer("serve")) {
        await(serve, () -> serve.stderr().contains("round=1 job=slow asked="));
        assertThat(serve.stderr()).containsPattern("round=1 job=slow asked=\\d+ ok=40 took=");
        assertThat(axonometer("jobs", "pause", "slow").await()).isZero();
        await(serve, () -> serve.stderr().contains("PAUSED"));
      }
      assertThat(FireAccount.of(home(), "slow").unaccounted(Duration.ofSeconds(5))).isZero();
    }
  }

  private Path fetching(TestRounds rounds, String name, String schedule, RpcNode node)
      throws IOException {
    Path file = job(rounds, name, schedule, "timeout: 2s");
    return Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "{file: ../snapshot.json}",
                "{from: fetch, endpoints: [\"%s\"], timeout: 10m}".formatted(node.address("ws"))));
  }

  private Path commanding(TestRounds rounds, String name, String schedule) throws IOException {
    Path file = job(rounds, name, schedule, "timeout: 2s");
    return Files.writeString(
        file,
        Files.readString(file)
            + """
            challenge:
              from: command
              command: [sh, -c, 'echo $$ > ../command.pid; sleep 1000']
              timeout: 10m
            """);
  }

  @Test
  void anOpeningThatTakesLongKeepsNobodyWaitingAndIsGivenUpOnTerm() throws Exception {
    Path pid = folder.resolve("command.pid");
    try (var park = MockAxonPark.open(ParkSettings.of(2, Profile.HONEST));
        RpcNode node = new RpcNode().silent()) {
      TestRounds rounds = TestRounds.in(folder, park);
      job(rounds, "tick", "{every: 1s}", "timeout: 2s", "partitions: 1");
      fetching(rounds, "fetching", "{every: 3s}", node);
      commanding(rounds, "commanding", "{every: 3s}");
      try (Program serve = axonometer("serve")) {
        await(serve, () -> !node.asked().isEmpty() && Files.exists(pid));
        long before = roundLines(serve, "tick");
        long began = System.nanoTime();
        await(
            serve,
            () -> since(began, Duration.ofSeconds(35)) && roundLines(serve, "tick") >= before + 20);
        assertThat(serve.stderr()).doesNotContain("MISSED", "nothing ran", "START_DEADLINE");
        assertThat(node.asked()).as("opened once only").hasSize(1);

        ProcessHandle command =
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        long asked = System.nanoTime();
        serve.signal("TERM");
        assertThat(serve.await()).as(serve.stderr()).isIn(0, 4);
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        System.out.println("SIGTERM during two openings: ended after " + took);
        assertThat(took).isLessThan(Duration.ofSeconds(20));
        assertThat(command.isAlive()).isFalse();
        assertThat(serve.stderr()).doesNotContain(" ERROR ", "FAILED_TO_OPEN");
      }
      assertThat(FireAccount.of(home(), "fetching").fires()).isEmpty();
      assertThat(FireAccount.of(home(), "commanding").fires()).isEmpty();
      FireAccount tick = FireAccount.of(home(), "tick");
      assertThat(tick.unaccounted(SECOND)).isZero();
      assertThat(tick.rows(Fire.Reason.MISSED)).isZero();
      assertThat(tick.fires())
          .allSatisfy(
              fire ->
                  assertThat(fire.decidedAt()).isBefore(fire.time().plus(Duration.ofSeconds(10))));

      try (Program serve = axonometer("serve")) {
        await(serve, () -> serve.stderr().contains("job=fetching without_round={MISSED="));
        await(serve, () -> serve.stderr().contains("job=commanding without_round={MISSED="));
        serve.signal("TERM");
        assertThat(serve.await()).as(serve.stderr()).isIn(0, 4);
      }
      for (String job : List.of("fetching", "commanding")) {
        FireAccount account = FireAccount.of(home(), job);
        assertThat(account.unaccounted(Duration.ofSeconds(3))).isZero();
        assertThat(account.rounds()).isEmpty();
      }
    }
  }

  @Test
  void onTermItLeavesBehindAnOpeningThatCannotBeBrokenOff() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(1, Profile.HONEST))) {
      Path file = job(TestRounds.in(folder, park), "querying", "{every: 3s}", "timeout: 2s");
      Files.writeString(
          file,
          Files.readString(file)
              + """
              challenge:
                from: sql
                per: round
                query: SELECT COUNT(*) AS roles FROM system_range(1, 9999999) a, system_range(1, 9999999) b
                timeout: 10m
              """);
      try (Program serve = axonometer("serve")) {
        await(serve, () -> serve.stderr().contains("serving;"));
        long began = System.nanoTime();
        await(serve, () -> since(began, Duration.ofSeconds(8)));
        long asked = System.nanoTime();
        serve.signal("TERM");
        assertThat(serve.await()).as(serve.stderr()).isZero();
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        System.out.println("SIGTERM during a query for challenges: ended after " + took);
        assertThat(took).isLessThan(Duration.ofSeconds(30));
        assertThat(serve.stderr())
            .contains("opening-querying has something under way that does not end in time")
            .doesNotContain(" ERROR ");
      }
      FireAccount account = FireAccount.of(home(), "querying");
      assertThat(account.fires()).isEmpty();
      assertThat(account.rounds()).isEmpty();
    }
  }

  @Test
  void onTermItEndsWithinHalfAMinuteAlsoWhenNoAxonAnswers() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(6, Profile.HANG))) {
      job(
          TestRounds.in(folder, park),
          "hanging",
          "{every: 300d}",
          "timeout: 1m",
          "concurrency: 4",
          "partitions: 2",
          "round-deadline: 5m");
      try (Program serve = axonometer("serve")) {
        await(serve, () -> serve.stderr().contains("serving;"));
        Program wish = axonometer("jobs", "run", "hanging");
        assertThat(wish.await()).as(wish.stderr()).isZero();
        await(serve, () -> park.receivedQueries().size() >= 4);
        long asked = System.nanoTime();
        serve.signal("TERM");
        assertThat(serve.await()).as(serve.stderr()).isEqualTo(4);
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        System.out.println("SIGTERM while no axon answers: ended after " + took);
        assertThat(took).isLessThan(Duration.ofSeconds(30));
        assertThat(serve.stderr()).doesNotContain(" ERROR ", "Exception");
      }
      assertThat(park.receivedQueries()).hasSize(4);
      assertThat(states()).containsExactlyEntriesOf(Map.of("INTENT", 4L));

      try (Program serve = axonometer("serve")) {
        await(serve, () -> park.receivedQueries().size() >= 6);
        serve.signal("KILL");
      }
      assertThat(states())
          .containsExactlyEntriesOf(new TreeMap<>(Map.of("INTENT", 2L, "UNKNOWN", 4L)));
      assertThat(park.receivedQueries().stream().map(ReceivedQuery::uid)).doesNotHaveDuplicates();
    }
  }

  /** Attempts of all rounds by their state. */
  private SortedMap<String, Long> states() {
    SortedMap<String, Long> states = new TreeMap<>();
    try (Database database = Database.connect(home())) {
      JdbcClient.create(database.dataSource())
          .sql("SELECT state, COUNT(*) AS n FROM synapse_history GROUP BY state")
          .query(
              row -> {
                states.put(row.getString("state"), row.getLong("n"));
              });
    }
    return states;
  }

  @Test
  void filesAndWishesArePickedUpWithoutARestart() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(4, Profile.HONEST))) {
      TestRounds rounds = TestRounds.in(folder, park);
      Path one = job(rounds, "one", "{every: 1s}", "timeout: 2s");
      try (Program serve = axonometer("serve")) {
        await(serve, () -> roundLines(serve, "one") >= 2);

        Path two = job(rounds, "two", "{every: 1s}", "timeout: 2s");
        await(serve, () -> roundLines(serve, "two") >= 2);

        Files.writeString(two, "nonsense: [");
        await(serve, () -> serve.stderr().contains("the job stays as it was"));
        long before = roundLines(serve, "two");
        await(serve, () -> roundLines(serve, "two") >= before + 2);
        Program pause = axonometer("jobs", "pause", "two");
        assertThat(pause.await()).as(pause.stderr()).isZero();
        await(serve, () -> serve.stderr().contains("job=two without_round={PAUSED="));
        Program unknown = axonometer("jobs", "pause", "three");
        assertThat(unknown.await()).isEqualTo(1);
        assertThat(unknown.stderr()).contains("no job \"three\"");

        Files.delete(two);
        await(serve, () -> serve.stderr().contains("job=two removed"));

        Files.writeString(one, Files.readString(one).replace("every: 1s", "every: 300d"));
        await(serve, () -> serve.stderr().contains("job=one changed times=every PT7200H"));
        LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
        long scheduled = roundLines(serve, "one");
        Program wish = axonometer("jobs", "run", "one");
        assertThat(wish.await()).as(wish.stderr()).isZero();
        await(serve, () -> roundLines(serve, "one") == scheduled + 1);

        serve.signal("INT");
        assertThat(serve.await()).as(serve.stderr()).isZero();
      }
      FireAccount account = FireAccount.of(home(), "one");
      System.out.println("hot reload: one " + account + ", two " + FireAccount.of(home(), "two"));
      assertThat(account.unaccounted(SECOND)).isZero();
      assertThat(FireAccount.of(home(), "two").unaccounted(SECOND)).isZero();
      assertThat(account.rounds().getFirst().kind()).isEqualTo(RoundKind.MANUAL);
    }
  }

  @Test
  void jobsCommandsListCheckAndForetell() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(1, Profile.HONEST))) {
      TestRounds rounds = TestRounds.in(folder, park);
      job(rounds, "berlin", "{cron: '0 0 */6 * * ?', zone: Europe/Berlin}", "timeout: 2s");
      Program good = axonometer("jobs", "validate");
      assertThat(good.await()).as(good.stderr()).isZero();
      Program next = axonometer("jobs", "next", "berlin");
      assertThat(next.await()).as(next.stderr()).isZero();
      assertThat(next.stdout().lines()).hasSize(10);

      job(rounds, "longest", "{cron: '0 30 22 ? 4 7#1', zone: America/Santiago}", "timeout: 2s");
      Program marked = axonometer("jobs", "next", "longest");
      assertThat(marked.await()).as(marked.stderr()).isZero();
      assertThat(marked.stdout().lines())
          .hasSize(10)
          .allMatch(line -> line.contains("clock change: 60 minutes back at "));
      Program json = axonometer("jobs", "next", "longest", "--json");
      assertThat(json.await()).as(json.stderr()).isZero();
      assertThat(JsonMapper.shared().readTree(json.stdout()).get("clock_changes"))
          .hasSize(10)
          .allSatisfy(change -> assertThat(change.get("minutes").intValue()).isEqualTo(-60));

      job(rounds, "never", "{cron: '0 0 0 31 2 ?'}", "timeout: 2");
      job(rounds, "over", "{cron: '0 0 0 1 1 ? 2020'}", "timeout: 2s");
      Program wrong = axonometer("jobs", "validate");
      assertThat(wrong.await()).isEqualTo(1);
      assertThat(wrong.stderr())
          .contains(
              "never.yaml:18: ask.timeout",
              "never.yaml:19: schedule.cron is",
              "over.yaml:19: schedule.cron is \"0 0 0 1 1 ? 2020\"; its last time has passed");
      Program over = axonometer("jobs", "next", "over");
      assertThat(over.await()).isEqualTo(1);
      assertThat(over.stderr()).contains("over.yaml:19: schedule.cron is");
      Program list = axonometer("jobs", "list");
      assertThat(list.await()).isZero();
      assertThat(list.stdout()).contains("berlin", "Europe/Berlin", "jobs validate never");
    }
  }
}
