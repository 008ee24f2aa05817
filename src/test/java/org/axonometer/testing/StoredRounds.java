package org.axonometer.testing;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.axonometer.dendrite.Exchange;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.AskableTarget;
import org.axonometer.history.Claim;
import org.axonometer.history.Database;
import org.axonometer.history.EndedAttempt;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.NewChallenges;
import org.axonometer.history.NewFollowUp;
import org.axonometer.history.NewRound;
import org.axonometer.history.PlannedTarget;
import org.axonometer.history.RoundKind;
import org.axonometer.history.RoundStore;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.scoring.RoundSealing;
import org.axonometer.synapse.DendriteView;
import org.axonometer.targets.Decision;

/**
 * Rounds written straight into a database, through the room's own door and without a query. Uid n
 * serves at 8.8.8.8; hotkeys are those of {@link SnapshotNeurons}.
 */
public record StoredRounds(Database database) {
  private static final AtomicLong NONCES = new AtomicLong(1);

  private static final String JOB =
      """
      network: finney
      netuid: 1
      snapshot: {file: snapshot.json}
      synapse:
        name: Prompt
        request: {question: {type: str, value: why}}
        response: {answer: "optional[str]"}
      ask: {partitions: 1}
      score: {success-threshold: 0.5}
      """;

  /** A round that is sealed at this time, every target asked once. */
  public long sealed(String job, int targets, Instant when, IntFunction<Outcome> outcomeOfUid) {
    return ask(open(job, targets, when), when, outcomeOfUid);
  }

  /** A follow-up of a sealed round, which asks these of its uids again, sealed at this time. */
  public long followUp(
      long follows, Instant when, IntFunction<Outcome> outcomeOfUid, Integer... uids) {
    var queries = new HistoryQueries(database);
    List<AskableTarget> again =
        queries.askable(follows).stream()
            .filter(target -> List.of(uids).contains(target.uid().value()))
            .toList();
    long roundId =
        new RoundStore(database)
            .open(
                new NewFollowUp(
                    follows, 9, again, when.minusSeconds(3), when.plus(Duration.ofMinutes(10))),
                queries.round(follows).orElseThrow().job(),
                followUp -> NewChallenges.NONE);
    return ask(roundId, when, outcomeOfUid);
  }

  /** Asks every target of an open round once and seals it. */
  public long ask(long roundId, Instant when, IntFunction<Outcome> outcomeOfUid) {
    var store = new RoundStore(database);
    long fence = store.take(roundId, when.plus(Duration.ofMinutes(10)), when);
    List<Claim> claims =
        store.remaining(roundId, 0, Set.of()).stream().map(target -> claim(target, when)).toList();
    store.claim(roundId, fence, claims, when);
    store.store(
        roundId,
        fence,
        claims.stream()
            .map(claim -> ended(claim, when, outcomeOfUid.apply(claim.target().uid().value())))
            .toList());
    store.seal(roundId, fence, new RoundSealing(Clock.fixed(when, ZoneOffset.UTC)));
    store.makeDurable();
    return roundId;
  }

  /** As {@link #sealed}, all OK, and its inputs exported. */
  public long exported(String job, int targets, Instant when) {
    long roundId = sealed(job, targets, when, uid -> Outcome.OK);
    new RoundStore(database).markExported(roundId, when);
    return roundId;
  }

  /** A round that was opened and never asked. */
  public long open(String job, int targets, Instant when) {
    return open(
        job,
        SnapshotNeurons.snapshot(
            IntStream.range(0, targets)
                .mapToObj(uid -> SnapshotNeurons.serving(uid, "8.8.8.8", 1_000 + uid))
                .toArray(Neuron[]::new)),
        when);
  }

  /** As {@link #open(String, int, Instant)}, of these neurons in their order. */
  public long open(String job, MetagraphSnapshot snapshot, Instant when) {
    Path file = Path.of(job + ".yaml");
    return new RoundStore(database)
        .open(
            new NewRound(
                JobFile.parse(JOB, file),
                file,
                RoundKind.MANUAL,
                Optional.empty(),
                snapshot,
                SnapshotNeurons.hotkey(60_000),
                7,
                Optional.empty(),
                snapshot.neurons().stream().map(StoredRounds::decision).toList(),
                when.minusSeconds(3),
                List.of()),
            none -> NewChallenges.NONE);
  }

  private static Decision decision(Neuron neuron) {
    return neuron.endpoint().isPresent()
        ? new Decision(neuron, Decision.Cause.ASKED, "eligible")
        : new Decision(neuron, Decision.Cause.NOT_SERVING, "serves nowhere");
  }

  /**
   * Claims every target of an open round for its first attempt and leaves it at that.
   *
   * @return the fence they were claimed with
   */
  public long claim(long roundId, Instant when) {
    var store = new RoundStore(database);
    long fence = store.take(roundId, when.plus(Duration.ofMinutes(10)), when);
    store.claim(
        roundId,
        fence,
        store.remaining(roundId, 0, Set.of()).stream().map(target -> claim(target, when)).toList(),
        when);
    return fence;
  }

  /** The target's next attempt. */
  public static Claim claim(PlannedTarget target, Instant when) {
    return new Claim(
        target,
        target.attemptsMade() + 1,
        UUID.randomUUID().toString(),
        when.toEpochMilli() * 1_000 + NONCES.getAndIncrement());
  }

  /** How an attempt ended, with bodies to store. */
  public static EndedAttempt ended(Claim claim, Instant when, Outcome outcome) {
    boolean ok = outcome == Outcome.OK;
    byte[] body = "{\"answer\": \"because\"}".getBytes(StandardCharsets.UTF_8);
    var exchange =
        new Exchange(
            outcome,
            ok ? null : "as the test says",
            ok ? 200 : null,
            null,
            new DendriteView(ok ? 200 : 503, ok ? "Success" : "Service unavailable"),
            new Exchange.Timings(1_000_000L, ok ? 2_000_000L : null, ok ? 3_000_000L : null),
            Map.of(),
            ok ? body : new byte[0]);
    return new EndedAttempt(
        claim,
        when,
        Optional.of(
            new EndedAttempt.Sent(exchange, 500_000, 100_000, "ab".repeat(32), body, "{}", true)));
  }
}
