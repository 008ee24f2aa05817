package org.axonometer.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.history.Database;
import org.axonometer.history.Fire;
import org.axonometer.history.FireStore;
import org.axonometer.history.Round;
import org.axonometer.jobs.JobFolder;
import org.axonometer.jobs.Timetable;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.rounds.RoundsApplication;
import org.axonometer.testing.RpcNode;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The scheduler on a clock that stands still until it is set, with a real database and rounds. */
class JobSchedulerIT {
  /** A midnight ahead of the system's clock, so that the alarm clock's beat alone wakes anybody. */
  private final Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(2));

  @TempDir private Path folder;
  private final SettableClock clock = new SettableClock();

  @BeforeAll
  static void prepare() {
    HttpProperties.set();
    Database.bindToLoopback();
  }

  /** What serve runs, until it is closed. */
  private final class Serving implements AutoCloseable {
    private final Database database = Database.own(folder.resolve("home"));
    private final RoundsApplication application =
        TestRounds.start(database, folder.resolve("exports"));
    private final JobScheduler scheduler =
        new JobScheduler(
            database,
            application.launcher(),
            new JobFolder(folder.resolve("jobs")),
            UnaryOperator.identity(),
            clock);

    Serving() {
      scheduler.start();
    }

    FireAccount account(String job) {
      return FireAccount.of(database, job);
    }

    FireAccount await(String job, Predicate<FireAccount> condition) {
      JobSchedulerIT.await(() -> condition.test(account(job)));
      return account(job);
    }

    List<String> bodiesOf(long roundId) {
      return JdbcClient.create(database.dataSource())
          .sql("SELECT request_body FROM synapse_body WHERE round_id = ?")
          .param(roundId)
          .query((row, n) -> new String(row.getBytes("request_body"), StandardCharsets.UTF_8))
          .list();
    }

    @Override
    public void close() {
      scheduler.stop(Duration.ofSeconds(20));
      application.close();
      database.close();
    }
  }

  private static void await(BooleanSupplier condition) {
    long giveUp = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(giveUp);
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static Path schedule(Path file, String schedule) throws IOException {
    return Files.writeString(file, Files.readString(file) + "schedule: " + schedule + "\n");
  }

  private static boolean sealed(FireAccount account, int round) {
    return account.rounds().stream().filter(it -> it.state() == Round.State.SEALED).count()
        >= round;
  }

  @Test
  void anOutageIsMadeUpForOnceAndAScheduleThatEndedInItIsAccountedFor() throws IOException {
    try (var park = MockAxonPark.open(ParkSettings.of(2, Profile.HONEST))) {
      TestRounds rounds = TestRounds.in(folder, park);
      schedule(rounds.job("probe", "timeout: 2s"), "{every: 1m, misfire: run-once}");
      schedule(
          rounds.job("last", "timeout: 2s"),
          "{cron: '0 30 0 %d %d ? %d'}"
              .formatted(
                  start.atZone(ZoneOffset.UTC).getDayOfMonth(),
                  start.atZone(ZoneOffset.UTC).getMonthValue(),
                  start.atZone(ZoneOffset.UTC).getYear()));
      clock.now = start.plusSeconds(30);
      try (var serving = new Serving()) {
        assertThat(new FireStore(serving.database).positions()).containsOnlyKeys("last", "probe");
      }
      clock.now = start.plusSeconds(30).plus(Duration.ofMinutes(200));
      try (var serving = new Serving()) {
        FireAccount probe = serving.await("probe", account -> sealed(account, 1));
        assertThat(probe.fires()).hasSize(200);
        assertThat(probe.unaccounted(Duration.ofMinutes(1))).isZero();
        assertThat(probe.rows(Fire.Reason.MISSED)).isEqualTo(199);
        assertThat(probe.fires().getLast().roundId())
            .contains(probe.rounds().getFirst().id())
            .isPresent();
        assertThat(probe.fires().getLast().time()).isEqualTo(start.plus(Duration.ofMinutes(200)));

        assertThat(serving.account("last").fires())
            .singleElement()
            .satisfies(fire -> assertThat(fire.reason()).contains(Fire.Reason.MISSED));
        assertThat(new FireStore(serving.database).positions()).containsOnlyKeys("probe");
      }
    }
  }

  @Test
  void anEditReplacesTheTimeThatWaitsAndLeavesTheRunningRoundAsItWasOpened() throws Exception {
    try (var park =
        MockAxonPark.open(ParkSettings.of(16, Profile.HONEST).withDelay(Duration.ofMillis(700)))) {
      Path file =
          schedule(
              TestRounds.in(folder, park)
                  .job("slow", "timeout: 5s", "concurrency: 1", "partitions: 1"),
              "{every: 1m, overlap: queue}");
      String before = Files.readString(file);
      String after =
          before
              .replace("What is the time?", "Which day is it?")
              .replace("concurrency: 1", "concurrency: 16")
              .replace("every: 1m", "every: 7m");
      Instant waiting = start.plus(Duration.ofMinutes(2));
      clock.now = start;
      long opened;
      try (var serving = new Serving()) {
        clock.now = start.plus(Duration.ofMinutes(1));
        opened =
            serving.await("slow", account -> !account.fires().isEmpty()).roundsNamed().getFirst();
        await(() -> park.receivedQueries().size() >= 2);
        Files.writeString(file, after);
        clock.now = waiting;
        FireAccount edited = serving.await("slow", account -> account.fires().size() == 2);
        assertThat(edited.fires().getLast().time()).isEqualTo(waiting);
        assertThat(edited.fires().getLast().reason()).contains(Fire.Reason.REPLACED);
        var begun = new FireStore.Position("every PT7M", waiting);
        await(() -> begun.equals(new FireStore(serving.database).positions().get("slow")));
      }
      assertThat(park.receivedQueries()).as("the edit came in the middle").hasSizeLessThan(16);

      Timetable times = new Timetable.Every(Duration.ofMinutes(7));
      try (var serving = new Serving()) {
        Round round = serving.await("slow", account -> sealed(account, 1)).rounds().getFirst();
        assertThat(round.id()).isEqualTo(opened);
        assertThat(round.jobSource()).isEqualTo(before);
        assertThat(serving.bodiesOf(opened))
            .hasSize(16)
            .allSatisfy(body -> assertThat(body).contains("What is the time?"));
        assertThat(park.receivedQueries().stream().map(ReceivedQuery::uid))
            .hasSize(16)
            .doesNotHaveDuplicates();

        clock.now = times.next(waiting).orElseThrow();
        FireAccount next = serving.await("slow", account -> sealed(account, 2));
        assertThat(next.fires()).hasSize(3);
        assertThat(next.fires().getLast().time()).isEqualTo(clock.now);
        assertThat(serving.bodiesOf(next.roundsNamed().getLast()))
            .hasSize(16)
            .allSatisfy(body -> assertThat(body).contains("Which day is it?"));
      }
    }
  }

  @Test
  void anEditWaitsForTheOpeningItMeets() throws Exception {
    RpcNode node = new RpcNode().silent();
    try (var park = MockAxonPark.open(ParkSettings.of(1, Profile.HONEST))) {
      Path file =
          schedule(TestRounds.in(folder, park).job("fetching", "timeout: 2s"), "{every: 10s}");
      Files.writeString(
          file,
          Files.readString(file)
              .replace(
                  "{file: ../snapshot.json}",
                  "{from: fetch, endpoints: [\"%s\"], timeout: 10m}"
                      .formatted(node.address("http"))));
      Instant first = start.plusSeconds(10);
      clock.now = start;
      try (var serving = new Serving()) {
        var fires = new FireStore(serving.database);
        clock.now = first;
        await(() -> !node.asked().isEmpty());
        // A beat takes up the file, and the clock has to go on for one.
        Files.writeString(file, Files.readString(file).replace("every: 10s", "every: 7m"));
        clock.now = start.plusSeconds(30);
        LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
        assertThat(fires.positions().get("fetching"))
            .isEqualTo(new FireStore.Position("every PT10S", start));
        assertThat(serving.account("fetching").fires()).isEmpty();

        node.close();
        await(() -> !serving.account("fetching").fires().isEmpty());
        clock.now = start.plusSeconds(32);
        var begun = new FireStore.Position("every PT7M", clock.now);
        await(() -> begun.equals(fires.positions().get("fetching")));
        assertThat(serving.account("fetching").fires())
            .extracting(Fire::time, fire -> fire.reason().orElseThrow())
            .containsExactly(
                tuple(first, Fire.Reason.FAILED_TO_OPEN),
                tuple(start.plusSeconds(20), Fire.Reason.REPLACED),
                tuple(start.plusSeconds(30), Fire.Reason.REPLACED));
      }
    }
  }

  @Test
  void timesThatComeWhileARoundIsOpenedFindItRunning() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(1, Profile.HONEST))) {
      Path file =
          schedule(TestRounds.in(folder, park).job("commanding", "timeout: 2s"), "{every: 10s}");
      Files.writeString(
          file,
          Files.readString(file)
              + """
              challenge:
                from: command
                per: round
                command: [sh, -c, 'touch ../begun; while [ ! -e ../go ]; do sleep 0.1; done; echo "{}"']
              """);
      clock.now = start;
      try (var serving = new Serving()) {
        clock.now = start.plusSeconds(10);
        await(() -> Files.exists(folder.resolve("begun")));
        clock.now = start.plusSeconds(30);
        Files.createFile(folder.resolve("go"));
        FireAccount account = serving.await("commanding", it -> it.fires().size() == 3);
        assertThat(account.fires().getFirst().roundId()).isPresent();
        assertThat(account.rows(Fire.Reason.SKIPPED_OVERLAP)).isEqualTo(2);
        serving.await("commanding", it -> sealed(it, 1));
      }
    }
  }

  @Test
  void jobsOfOneSubnetOpenTheirRoundsAtTheSameMoment() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(64, Profile.HONEST))) {
      TestRounds rounds = TestRounds.in(folder, park);
      List<String> jobs = List.of("a", "b", "c", "d", "e", "f", "g", "h");
      for (String job : jobs) {
        schedule(rounds.job(job, "timeout: 5s", "partitions: 1"), "{every: 10s}");
      }
      clock.now = start;
      try (var serving = new Serving()) {
        clock.now = start.plusSeconds(10);
        for (String job : jobs) {
          FireAccount account = serving.await(job, it -> !it.fires().isEmpty());
          assertThat(account.fires()).allSatisfy(fire -> assertThat(fire.detail()).isNull());
          serving.await(job, it -> sealed(it, 1));
        }
      }
    }
  }
}
