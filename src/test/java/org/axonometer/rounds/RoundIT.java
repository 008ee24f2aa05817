package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Retention;
import org.axonometer.history.RetentionRule;
import org.axonometer.history.Round;
import org.axonometer.history.RoundDetails;
import org.axonometer.history.ScoringInput;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.mockaxons.Behaviour;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.scoring.ScoringExport;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Uid;
import org.axonometer.testing.TestRounds;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Whole rounds against the park, on a real database. */
@Isolated("measures")
class RoundIT {
  @TempDir private Path folder;
  private Database database;
  private RoundsApplication application;

  @BeforeEach
  void open() {
    HttpProperties.set();
    Database.bindToLoopback();
    database = Database.own(folder.resolve("home"));
    application = TestRounds.start(database, folder.resolve("exports"));
  }

  @AfterEach
  void close() {
    application.close();
    database.close();
  }

  private RoundReport run(Path job) {
    return application.launcher().run(JobFile.read(job), job, 5, new RoundProgress());
  }

  private List<ScoringInput> inputs(RoundReport report) {
    return new HistoryQueries(database).scoringInputs(report.round().id());
  }

  @Test
  void asksEveryAxonOfAMixedParkOnceAndSealsTheRound() throws IOException {
    try (var park = MockAxonPark.open(ParkSettings.of(64, Profile.MIXED))) {
      Path job =
          TestRounds.in(folder, park)
              .job("mixed", "timeout: 1s", "concurrency: 32", "partitions: 3");
      RoundReport report = run(job);

      assertThat(report.sealed()).isTrue();
      assertThat(report.left()).isZero();
      assertThat(inputs(report)).hasSize(report.round().selected());
      assertThat(report.outcomes().keySet())
          .contains(
              Outcome.OK,
              Outcome.REFUSED,
              Outcome.AXON_ERROR,
              Outcome.TIMED_OUT,
              Outcome.BAD_BODY,
              Outcome.NOT_SERVING);
      Map<Uid, Long> received =
          park.receivedQueries().stream()
              .collect(Collectors.groupingBy(ReceivedQuery::uid, Collectors.counting()));
      assertThat(received.values()).containsOnly(1L);
      for (ScoringInput input : inputs(report)) {
        if (input.outcome() == Outcome.OK) {
          assertThat(input.totalNanos()).isPositive();
          assertThat(input.fields()).contains("completion");
        }
        assertThat(input.totalNanos() == null).isEqualTo(!input.outcome().latencyKnown());
      }
      var details = new RoundDetails(database);
      assertThat(details.partitionSteps(report.round().id()))
          .extracting(RoundDetails.PartitionStep::name)
          .containsExactlyInAnyOrder("ask:p00", "ask:p01", "ask:p02");
      assertThat(details.partitionSteps(report.round().id()))
          .extracting(RoundDetails.PartitionStep::status)
          .containsOnly("COMPLETED");
      assertThat(Files.readAllBytes(report.files().jsonl()))
          .isEqualTo(ScoringExport.jsonl(report.round(), inputs(report)));
      assertThat(details.bodies(report.round().id(), inputs(report).getFirst().uid())).isNotNull();
    }
  }

  @Test
  void aHangingAxonCostsOnlyItsOwnSlot() {
    List<Behaviour> behaviours = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      behaviours.add(
          i < 100
              ? Behaviour.of(Behaviour.Manner.HANG)
              : Behaviour.answersAfter(Duration.ofMillis(50)));
    }
    try (var park =
        MockAxonPark.open(
            ParkSettings.of(256, Profile.HONEST), behaviours, java.time.Clock.systemUTC())) {
      RoundReport report =
          run(TestRounds.in(folder, park).job("hang", "timeout: 3s", "concurrency: 128"));
      assertThat(report.outcomes())
          .containsEntry(Outcome.OK, 156)
          .containsEntry(Outcome.TIMED_OUT, 100);
    }
  }

  @Test
  void placeInTheOrderDoesNotChangeTheTime() {
    try (var park =
        MockAxonPark.open(ParkSettings.of(256, Profile.HONEST).withDelay(Duration.ofSeconds(1)))) {
      Path job = TestRounds.in(folder, park).job("same", "timeout: 5s", "concurrency: 128");
      // Whoever else uses this machine can only add to the difference, so the least of three shows
      // ours.
      List<Double> apart = new ArrayList<>();
      while (apart.size() < 3 && apart.stream().noneMatch(share -> share < 0.05)) {
        apart.add(firstToLastQuarter(run(job)));
      }
      assertThat(apart).anyMatch(share -> share < 0.05);
    }
  }

  /** How far apart the median times of the first and the last quarter asked are, as a share. */
  private double firstToLastQuarter(RoundReport report) {
    List<Long> totals =
        inputs(report).stream()
            .filter(input -> input.outcome() == Outcome.OK)
            .sorted(Comparator.comparingInt(ScoringInput::position))
            .map(input -> Objects.requireNonNull(input.totalNanos()))
            .toList();
    assertThat(totals).hasSize(256);
    double first = median(totals.subList(0, 64));
    double last = median(totals.subList(192, 256));
    System.out.printf(
        "median of the first quarter %.3f ms, of the last %.3f ms%n", first / 1e6, last / 1e6);
    return Math.abs(first - last) / Math.min(first, last);
  }

  @Test
  void holdsNoConnectionWhileEveryAxonIsSilent() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(24, Profile.HANG))) {
      Path job = TestRounds.in(folder, park).job("silent", "timeout: 3s", "concurrency: 24");
      CompletableFuture<RoundReport> round = inAThread(() -> run(job));
      while (park.traffic().received() < 24 && !round.isDone()) {
        Thread.onSpinWait();
      }
      // The last claim's commit may still be on its way back to the pool.
      Instant settled = Instant.now().plusMillis(300);
      while (Instant.now().isBefore(settled)) {
        Thread.onSpinWait();
      }
      Set<Integer> seen = new HashSet<>();
      Instant enough = Instant.now().plusMillis(1000);
      while (Instant.now().isBefore(enough)) {
        seen.add(database.activeConnections());
      }
      assertThat(seen).containsExactly(0);
      assertThat(round.join().outcomes()).containsEntry(Outcome.TIMED_OUT, 24);
    }
  }

  @Test
  void theIntentIsDurableBeforeTheFirstByteLeaves() throws Exception {
    try (var server = new ServerSocket(0, 10, AxonEndpoint.literal("127.0.0.1"));
        Database second = Database.connect(folder.resolve("home"))) {
      CompletableFuture<String> seen =
          inAThread(
              () -> {
                try (Socket socket = server.accept()) {
                  // Accepted: not one byte of the request has been read, and the row has to be
                  // there already.
                  assertThat(socket.isConnected()).isTrue();
                  return new RoundDetails(second).bodies(1, new Uid(3)).getFirst().state().name();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      Path job =
          TestRounds.in(folder, oneAxon(server.getLocalPort()), Hotkey.generate())
              .job("intent", "timeout: 2s");
      RoundReport report = run(job);
      assertThat(seen.join()).isEqualTo("INTENT");
      assertThat(report.outcomes().keySet()).containsExactly(Outcome.DISCONNECTED);
    }
  }

  @Test
  void aStoppedRoundKeepsItsAnswersAndTheRerunAsksOnlyTheRest() throws Exception {
    try (var park =
        MockAxonPark.open(ParkSettings.of(60, Profile.HONEST).withDelay(Duration.ofMillis(300)))) {
      Path job =
          TestRounds.in(folder, park)
              .job("stopped", "timeout: 3s", "concurrency: 10", "partitions: 2");
      CompletableFuture<RoundReport> round = inAThread(() -> run(job));
      while (park.traffic().received() < 15 && !round.isDone()) {
        Thread.onSpinWait();
      }
      application.launcher().stop();
      RoundReport stopped = round.join();
      assertThat(stopped.sealed()).isFalse();
      int answered = stopped.outcomes().getOrDefault(Outcome.OK, 0);
      assertThat(answered).isBetween(10, 50);
      assertThat(stopped.left()).isEqualTo(stopped.round().selected() - answered - others(stopped));
      assertThat(new RoundDetails(database).partitionSteps(stopped.round().id()))
          .extracting(RoundDetails.PartitionStep::status)
          .containsOnly("STOPPED");

      reopen();
      assertThatThrownBy(() -> run(job))
          .isInstanceOf(RoundException.class)
          .hasMessageContaining("rerun 1");
      // What the round was opened on is in the database; the files may change or go.
      Files.writeString(folder.resolve("snapshot.json"), "{}");
      Files.writeString(job, "network: 7 7\n");
      // A kill may come between the two rows of a step of Spring Batch's.
      try (Connection connection = database.dataSource().getConnection();
          Statement statement = connection.createStatement()) {
        assertThat(statement.executeUpdate("DELETE FROM batch_step_execution_context"))
            .isPositive();
      }
      RoundReport finished =
          application
              .launcher()
              .rerun(stopped.round().id(), OptionalLong.empty(), new RoundProgress());
      assertThat(finished.sealed()).isTrue();
      assertThat(finished.outcomes()).containsEntry(Outcome.OK, 60);
      assertThat(park.receivedQueries()).hasSize(60);
      assertThat(park.receivedQueries().stream().map(ReceivedQuery::nonce).distinct()).hasSize(60);
      assertThatThrownBy(
              () -> application.launcher().rerun(1, OptionalLong.empty(), new RoundProgress()))
          .isInstanceOf(RoundException.class)
          .hasMessageContaining("sealed");
    }
  }

  @Test
  void aRoundStoppedBeforeItsFirstQueryStaysOpen() {
    try (var park = MockAxonPark.open(ParkSettings.of(20, Profile.HONEST))) {
      Path job = TestRounds.in(folder, park).job("early", "timeout: 2s", "concurrency: 64");
      CompletableFuture<RoundReport> round = inAThread(() -> run(job));
      var queries = new HistoryQueries(database);
      while (queries.openRoundOf("early").isEmpty() && !round.isDone()) {
        Thread.onSpinWait();
      }
      application.launcher().stop();
      RoundReport stopped = round.join();
      assertThat(stopped.sealed()).isFalse();
      assertThat(stopped.left()).isEqualTo(20 - park.receivedQueries().size());

      reopen();
      RoundReport finished =
          application.launcher().rerun(1, OptionalLong.empty(), new RoundProgress());
      assertThat(finished.outcomes()).containsEntry(Outcome.OK, 20);
      assertThat(park.receivedQueries()).hasSize(20);
    }
  }

  @Test
  void aReportThatCouldNotBeWrittenIsWrittenByTheRerun() throws IOException {
    try (var park = MockAxonPark.open(ParkSettings.of(4, Profile.HONEST))) {
      Path job = TestRounds.in(folder, park).job("report", "timeout: 2s");
      Path inTheWay = Files.writeString(folder.resolve("exports"), "not a folder");
      assertThatThrownBy(() -> run(job))
          .isInstanceOf(RoundException.class)
          .hasMessageContaining("round 1 is sealed, but")
          .hasMessageContaining("rerun 1");
      Files.delete(inTheWay);
      RoundReport report =
          application.launcher().rerun(1, OptionalLong.empty(), new RoundProgress());
      assertThat(report.files().jsonl())
          .hasBinaryContent(ScoringExport.jsonl(report.round(), inputs(report)));
      assertThat(park.receivedQueries()).hasSize(4);
    }
  }

  @Test
  void aSealedRoundWhoseExportCouldNotBeNotedIsNotCalledOpen() throws SQLException {
    try (var park = MockAxonPark.open(ParkSettings.of(4, Profile.HONEST))) {
      Path job = TestRounds.in(folder, park).job("noted", "timeout: 2s");
      sql("ALTER TABLE round ADD CONSTRAINT disk_is_bad CHECK (exported_at IS NULL)");
      assertThatThrownBy(() -> run(job))
          .isInstanceOfSatisfying(
              RoundException.class,
              e -> assertThat(e.reason()).isEqualTo(RoundException.Reason.FAILED))
          .hasMessageContaining("round 1 is sealed, but")
          .message()
          .containsIgnoringCase("disk_is_bad");
      sql("ALTER TABLE round DROP CONSTRAINT disk_is_bad");
      var queries = new HistoryQueries(database);
      assertThat(queries.exportedAt(1)).isEmpty();
      RoundReport report =
          application.launcher().rerun(1, OptionalLong.empty(), new RoundProgress());
      assertThat(report.sealed()).isTrue();
      assertThat(queries.exportedAt(1)).isPresent();
      assertThat(park.receivedQueries()).hasSize(4);
    }
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement change = connection.createStatement()) {
      change.execute(statement);
    }
  }

  @Test
  void filesOfARoundThatRetentionDeletesAreNotWrittenAgain() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(2, Profile.HONEST))) {
      RoundReport report = run(TestRounds.in(folder, park).job("pruned", "timeout: 2s"));
      Files.delete(report.files().csv());
      sql("UPDATE round SET pruned_at = CURRENT_TIMESTAMP");
      assertThatThrownBy(
              () -> application.launcher().rerun(1, OptionalLong.empty(), new RoundProgress()))
          .isInstanceOf(RoundException.class)
          .hasMessageContaining("is being deleted by retention");
      assertThat(report.files().csv()).doesNotExist();
    }
  }

  @Test
  void pruningWhileARoundAsksTakesOldRoundsOnly() throws Exception {
    try (var park =
        MockAxonPark.open(ParkSettings.of(60, Profile.HONEST).withDelay(Duration.ofMillis(200)))) {
      Path job = TestRounds.in(folder, park).job("pruned", "timeout: 5s", "concurrency: 8");
      long old = run(job).round().id();
      CompletableFuture<RoundReport> round = inAThread(() -> run(job));
      while (park.traffic().received() < 70 && !round.isDone()) {
        Thread.onSpinWait();
      }
      Instant now = Instant.now();
      var rule = new RetentionRule("pruned", Optional.of(now), Optional.of(now), true);
      var retention = new Retention(database);
      assertThat(retention.prune(rule, now).rounds()).isEqualTo(1);
      assertThat(retention.pruneSnapshots()).isZero();
      assertThat(round.isDone()).isFalse();

      RoundReport report = round.join();
      assertThat(report.sealed()).isTrue();
      assertThat(report.outcomes()).containsEntry(Outcome.OK, 60);
      var queries = new HistoryQueries(database);
      assertThat(queries.brokenInvariants(report.round().id())).isEmpty();
      assertThat(queries.round(old)).isEmpty();
      assertThat(queries.seals("pruned")).hasSize(2);
    }
  }

  @Test
  void aLongAnswerCostsNobodyElsesRow() throws IOException {
    try (var park = MockAxonPark.open(ParkSettings.of(6, Profile.HONEST))) {
      Path job = TestRounds.in(folder, park).job("wide", "timeout: 2s");
      String fields =
          java.util.stream.IntStream.range(0, 32)
              .mapToObj(i -> "f" + i + ": /completion")
              .collect(Collectors.joining(", ", "fields: {", "}"));
      Files.writeString(
          job,
          Files.readString(job)
              .replace("fields: {completion: /completion}", fields)
              .replace("What is the time?", "ä".repeat(5_000)));
      RoundReport report = run(job);
      assertThat(report.outcomes()).containsEntry(Outcome.OK, 6);
      assertThat(inputs(report).getFirst().fields()).contains("too_long_characters");
    }
  }

  @Test
  void whatTheDeadlineLeavesIsUnsentAndOurs() {
    try (var park = MockAxonPark.open(ParkSettings.of(40, Profile.HANG))) {
      Path job =
          TestRounds.in(folder, park)
              .job("late", "timeout: 1s", "concurrency: 10", "partitions: 2", "round-deadline: 2s");
      RoundReport report = run(job);
      assertThat(report.sealed()).isTrue();
      assertThat(report.outcomes().get(Outcome.UNSENT)).isBetween(1, 30);
      assertThat(inputs(report).stream().filter(input -> input.outcome() == Outcome.UNSENT))
          .allSatisfy(
              input -> {
                assertThat(input.inDenominator()).isFalse();
                assertThat(input.attempts()).isZero();
              });
    }
  }

  @Test
  void runsTheNextRoundOfAJobAsAnewOne() {
    try (var park = MockAxonPark.open(ParkSettings.of(8, Profile.HONEST))) {
      Path job = TestRounds.in(folder, park).job("again", "timeout: 2s");
      Round first = run(job).round();
      Round second = run(job).round();
      assertThat(second.id()).isGreaterThan(first.id());
      var queries = new HistoryQueries(database);
      assertThat(queries.seal(second.id()).orElseThrow().previousSha256())
          .isEqualTo(queries.seal(first.id()).orElseThrow().sha256());
      assertThat(park.receivedQueries()).hasSize(16);
    }
  }

  /** Not on the common pool, whose few threads the HTTP client itself needs. */
  private static <T> CompletableFuture<T> inAThread(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, task -> Thread.ofPlatform().start(task));
  }

  private void reopen() {
    application.close();
    database.close();
    open();
  }

  private static int others(RoundReport report) {
    return report.outcomes().entrySet().stream()
        .filter(entry -> entry.getKey() != Outcome.OK)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private static double median(List<Long> values) {
    List<Long> sorted = values.stream().sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2.0;
  }

  private static MetagraphSnapshot oneAxon(int port) {
    return MetagraphSnapshot.of(
        "local",
        new NetUid(1),
        1,
        Instant.now(),
        Stream.of(3)
            .map(
                uid ->
                    new Neuron(
                        new Uid(uid),
                        Hotkey.generate().address(),
                        Hotkey.generate().address(),
                        BigInteger.valueOf(0x7f000001L),
                        4,
                        port,
                        10_002_000,
                        1,
                        BigInteger.ZERO,
                        true,
                        false,
                        0,
                        0,
                        0,
                        1))
            .toList());
  }
}
