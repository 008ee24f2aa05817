package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.AskableTarget;
import org.axonometer.history.Claim;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.PlannedTarget;
import org.axonometer.history.RoundDetails;
import org.axonometer.history.RoundFencedException;
import org.axonometer.history.RoundStore;
import org.axonometer.history.ScoringInput;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.mockaxons.Behaviour;
import org.axonometer.mockaxons.Behaviour.Manner;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Uid;
import org.axonometer.testing.StoredRounds;
import org.axonometer.testing.TestRounds;
import org.axonometer.testing.TestStorage;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rounds of jobs that ask again. */
@ParameterizedClass
@EnumSource
class RetryIT {
  @Parameter private TestStorage storage = TestStorage.H2;

  /** The common pool has one thread on a small machine, and the HTTP client needs it. */
  private static final Executor OWN_THREAD = task -> new Thread(task).start();

  @TempDir private Path folder;
  private Database database;
  private RoundsApplication application;

  @BeforeEach
  void open() {
    HttpProperties.set();
    database = storage.own(folder.resolve("home"));
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

  private List<ScoringInput> inputs() {
    return new HistoryQueries(database).scoringInputs(1);
  }

  private static MockAxonPark park(List<Manner> manners) {
    return MockAxonPark.open(
        ParkSettings.of(manners.size(), Profile.HONEST),
        manners.stream().map(Behaviour::of).toList(),
        Clock.systemUTC());
  }

  @Test
  void onlyARetriedOutcomeIsAskedAgainAndOnlyWhileAttemptsAreLeft() {
    try (var park = park(List.of(Manner.ANSWER, Manner.HANG_UP, Manner.FAULT))) {
      RoundReport report =
          run(
              TestRounds.in(folder, park)
                  .job(
                      "retried",
                      "timeout: 3s",
                      "max-attempts: 3",
                      "retry: [DISCONNECTED, TIMED_OUT]",
                      "back-off: 200ms"));

      assertThat(report.sealed()).isTrue();
      assertThat(report.outcomes())
          .containsEntry(Outcome.OK, 1)
          .containsEntry(Outcome.DISCONNECTED, 1)
          .containsEntry(Outcome.AXON_ERROR, 1);
      assertThat(inputs()).extracting(ScoringInput::attempts).containsExactly(1, 3, 1);
      List<ReceivedQuery> again =
          park.receivedQueries().stream().filter(query -> query.uid().equals(new Uid(2))).toList();
      assertThat(park.receivedQueries()).hasSize(5);
      assertThat(again).hasSize(3);
      assertThat(again).extracting(ReceivedQuery::nonce).doesNotHaveDuplicates();
      assertThat(again).extracting(ReceivedQuery::uuid).doesNotHaveDuplicates();
      assertThat(gapMillis(again, 1)).isBetween(200L, 1_500L);
      assertThat(gapMillis(again, 2)).isBetween(400L, 1_700L);
      assertThat(new RoundDetails(database).bodies(1, new Uid(2)))
          .extracting(RoundDetails.AttemptBodies::attempt, RoundDetails.AttemptBodies::outcome)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(1, "DISCONNECTED"),
              org.assertj.core.groups.Tuple.tuple(2, "DISCONNECTED"),
              org.assertj.core.groups.Tuple.tuple(3, "DISCONNECTED"));
    }
  }

  private static long gapMillis(List<ReceivedQuery> queries, int later) {
    return (queries.get(later).receivedNanos() - queries.get(later - 1).receivedNanos())
        / 1_000_000;
  }

  @Test
  void theLastAttemptIsTheOneThatCounts() throws Exception {
    try (var axon = new ServerSocket(0, 10, AxonEndpoint.literal("127.0.0.1"))) {
      CompletableFuture<Void> served =
          CompletableFuture.runAsync(
              () -> {
                try {
                  answer(axon, "");
                  answer(axon, "SSH-2.0-whatever\r\n\r\n");
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              OWN_THREAD);
      Path job =
          TestRounds.in(folder, oneAxon(axon.getLocalPort()), Hotkey.generate())
              .job(
                  "last",
                  "timeout: 20s",
                  "max-attempts: 5",
                  "retry: [DISCONNECTED]",
                  "back-off: 100ms");
      assertThat(run(job).outcomes()).containsExactly(java.util.Map.entry(Outcome.BAD_PROTOCOL, 1));
      served.join();
      assertThat(inputs()).extracting(ScoringInput::attempts).containsExactly(2);
    }
  }

  /** Takes in the whole query before it closes, for a reset could overtake the text. */
  private static void answer(ServerSocket axon, String text) throws IOException {
    try (Socket socket = axon.accept()) {
      byte[] some = new byte[64];
      assertThat(socket.getInputStream().read(some)).isPositive();
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      socket.setSoTimeout(10_000);
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
  }

  @Test
  void aStopDuringTheBackOffLeavesTheRetryToTheRerun() {
    try (var park = park(Collections.nCopies(6, Manner.HANG_UP))) {
      Path job =
          TestRounds.in(folder, park)
              .job(
                  "stopped",
                  "timeout: 20s",
                  "max-attempts: 2",
                  "retry: [DISCONNECTED]",
                  "back-off: 1m");
      var progress = new RoundProgress();
      CompletableFuture<RoundReport> round =
          CompletableFuture.supplyAsync(
              () -> application.launcher().run(JobFile.read(job), job, 5, progress), OWN_THREAD);
      while (progress.ended() < 6 && !round.isDone()) {
        Thread.onSpinWait();
      }
      application.launcher().stop();
      assertThat(round.join().sealed()).isFalse();
      RerunPlan plan = RerunPlan.of(new HistoryQueries(database), 1, Optional.empty());
      assertThat(plan.targets())
          .hasSize(6)
          .extracting(AskableTarget::outcome)
          .containsOnly(Optional.of(Outcome.DISCONNECTED));

      close();
      open();
      RoundReport finished =
          application.launcher().rerun(1, OptionalLong.empty(), new RoundProgress());
      assertThat(finished.sealed()).isTrue();
      assertThat(park.receivedQueries()).hasSize(12);
      assertThat(inputs()).extracting(ScoringInput::attempts).containsOnly(2);
    }
  }

  @ParameterizedTest
  @EnumSource(JobDefinition.Unknown.class)
  void anUnknownAttemptIsLeftAloneOrFollowedByAnotherAsTheJobSays(JobDefinition.Unknown unknown) {
    boolean again = unknown == JobDefinition.Unknown.ASK_AGAIN;
    try (var park = park(List.of(Manner.ANSWER, Manner.ANSWER))) {
      Path job =
          TestRounds.in(folder, park)
              .job(
                  "unknown",
                  "timeout: 3s",
                  "partitions: 1",
                  "max-attempts: 2",
                  "unknown: " + (again ? "ask-again" : "leave"));
      long round = application.launcher().open(JobFile.read(job), job, Optional.empty(), 5);
      var store = new RoundStore(database);
      long fence = store.take(round, Instant.now().plusSeconds(60), Instant.now());
      PlannedTarget first = store.remaining(round, 0, Set.of()).getFirst();
      store.claim(
          round,
          fence,
          List.of(new Claim(first, 1, UUID.randomUUID().toString(), 7)),
          Instant.now());
      long next = store.take(round, Instant.now().plusSeconds(60), Instant.now());
      assertThat(next).isEqualTo(fence + 1);
      assertThatThrownBy(() -> store.claim(round, fence, List.of(), Instant.now()))
          .isInstanceOf(RoundFencedException.class);
      assertThatThrownBy(() -> store.release(round, fence))
          .isInstanceOf(RoundFencedException.class);
      assertThat(RerunPlan.of(new HistoryQueries(database), round, Optional.empty()).targets())
          .hasSize(again ? 2 : 1);

      RoundReport finished =
          application.launcher().rerun(round, OptionalLong.empty(), new RoundProgress());
      assertThat(finished.sealed()).isTrue();
      assertThat(park.receivedQueries()).hasSize(again ? 2 : 1);
      assertThat(finished.outcomes()).containsEntry(Outcome.OK, again ? 2 : 1);
      assertThat(finished.outcomes().getOrDefault(Outcome.UNKNOWN, 0)).isEqualTo(again ? 0 : 1);
    }
  }

  @Test
  void theDryRunOfADeadOwnersRoundNamesNobodyWhoWillBeLeftAlone() {
    try (var park = park(List.of(Manner.ANSWER))) {
      Path job =
          TestRounds.in(folder, park)
              .job("cut-off", "max-attempts: 3", "retry: [TIMED_OUT]", "unknown: leave");
      long round = application.launcher().open(JobFile.read(job), job, Optional.empty(), 5);
      var store = new RoundStore(database);
      Instant now = Instant.now();
      Set<Outcome> retried = Set.of(Outcome.TIMED_OUT);
      long fence = store.take(round, now.plusSeconds(60), now);
      for (int partition = 0; partition < 2; partition++) {
        List<Claim> first = nextClaims(store, round, partition, retried);
        store.claim(round, fence, first, now);
        store.store(
            round,
            fence,
            first.stream()
                .map(claim -> StoredRounds.ended(claim, now, Outcome.TIMED_OUT))
                .toList());
        store.claim(round, fence, nextClaims(store, round, partition, retried), now);
      }
      var queries = new HistoryQueries(database);
      assertThat(RerunPlan.of(queries, round, Optional.empty()).targets()).isEmpty();
      store.take(round, now.plusSeconds(60), now);
      assertThat(RerunPlan.of(queries, round, Optional.empty()).targets()).isEmpty();

      assertThat(
              application
                  .launcher()
                  .rerun(round, OptionalLong.empty(), new RoundProgress())
                  .sealed())
          .isTrue();
      assertThat(park.receivedQueries()).isEmpty();
    }
  }

  private static List<Claim> nextClaims(
      RoundStore store, long round, int partition, Set<Outcome> retried) {
    return store.remaining(round, partition, retried).stream()
        .map(target -> StoredRounds.claim(target, Instant.now()))
        .toList();
  }

  @Test
  void aRetryDueAfterTheDeadlineIsNotWaitedFor() {
    try (var park = park(List.of(Manner.HANG_UP))) {
      RoundReport report =
          run(
              TestRounds.in(folder, park)
                  .job(
                      "late",
                      "timeout: 3s",
                      "round-deadline: 50s",
                      "max-attempts: 2",
                      "retry: [DISCONNECTED]",
                      "back-off: 1m"));
      assertThat(report.sealed()).isTrue();
      assertThat(report.took()).isLessThan(Duration.ofSeconds(40));
      assertThat(park.receivedQueries()).hasSize(1);
    }
  }

  private static MetagraphSnapshot oneAxon(int port) {
    return MetagraphSnapshot.of(
        "local",
        new NetUid(1),
        1,
        Instant.now(),
        List.of(
            new Neuron(
                new Uid(3),
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
                1)));
  }
}
