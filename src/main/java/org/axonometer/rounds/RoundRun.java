package org.axonometer.rounds;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.axonometer.dendrite.Dendrite;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Claim;
import org.axonometer.history.EndedAttempt;
import org.axonometer.history.PlannedTarget;
import org.axonometer.history.RetriedOutcomes;
import org.axonometer.history.Round;
import org.axonometer.history.RoundStore;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.synapse.Caller;
import org.axonometer.synapse.Question;
import org.axonometer.synapse.SentFields;
import org.axonometer.synapse.SignedRequest;

/** One run of one round: what its partitions share. */
final class RoundRun {
  /** Ended attempts that are stored at once. */
  private static final int CHUNK = 20;

  final Round round;
  final Lease lease;
  final JobDefinition job;
  final RoundStore store;
  final Asker asker;
  final RoundProgress progress;

  /** Endings that are asked again while attempts are left. */
  final Set<Outcome> retried;

  /**
   * Where a target may not be claimed now: axons that share an address and port are asked one after
   * another, those that share an address a few at a time. A query that waited for its turn after
   * its nonce was taken would arrive with an old one.
   */
  final BusyAddresses.OfARound busy;

  private final Questions questions;

  /** Lets queries start one after another. */
  final Pace pace = new Pace();

  final Slots slots;

  private final long deadlineNanos;
  private final Bounds bounds;

  /**
   * What it takes to ask: who signs, and through what.
   *
   * @param clock the wall clock of stored times
   */
  record Asker(Caller caller, Dendrite dendrite, Clock clock) {}

  RoundRun(Taken taken, RoundStore store, Asker asker, RoundProgress progress, Bounds bounds) {
    this.round = taken.round();
    this.lease = taken.lease();
    this.job = taken.job();
    this.store = store;
    this.asker = asker;
    this.progress = progress;
    this.retried = RetriedOutcomes.of(job);
    this.questions = Questions.of(taken.job(), store.challenges(taken.round().id()));
    this.busy = bounds.busy().upTo(job.asking().perAddress());
    this.bounds = bounds;
    this.slots =
        new Slots(
            job.asking().concurrency(),
            job.storing().maxResponseBytes(),
            bounds.inFlight(),
            pace::waiting);
    this.deadlineNanos =
        System.nanoTime() + Duration.between(asker.clock().instant(), round.deadline()).toNanos();
  }

  /**
   * What all rounds of this process share.
   *
   * @param inFlight queries that may still be started, over all rounds
   * @param busy where they are under way
   */
  record Bounds(AtomicBoolean stopping, InFlight inFlight, BusyAddresses busy) {}

  /** Whether a target is asked again after this. */
  boolean retries(EndedAttempt attempt) {
    return attempt
        .sent()
        .filter(sent -> retried.contains(sent.exchange().outcome()))
        .filter(sent -> attempt.claim().target().attemptsLeft() > 1)
        .isPresent();
  }

  /** What a target waits for its next attempt. */
  Duration backOff(PlannedTarget target) {
    return job.asking().retrying().after(round.maxAttempts() - target.attemptsLeft());
  }

  /** A round that is ours, by this lease, with its frozen definition. */
  record Taken(Round round, Lease lease, JobDefinition job) {}

  /**
   * @throws IllegalStateException when targets are left unasked and the deadline is ahead
   */
  void requireNobodyLeft() {
    boolean unasked =
        IntStream.range(0, round.partitions())
            .anyMatch(partition -> !store.remaining(round.id(), partition, Set.of()).isEmpty());
    if (unasked && !deadlinePassed()) {
      throw new IllegalStateException(
          "targets are left unasked and the deadline is ahead; the round stays open");
    }
  }

  boolean stopping() {
    return bounds.stopping().get();
  }

  boolean deadlinePassed() {
    return deadlinePassedAt(System.nanoTime());
  }

  /**
   * @param nanos a time by {@link System#nanoTime}
   */
  boolean deadlinePassedAt(long nanos) {
    return nanos - deadlineNanos >= 0;
  }

  /** The request fields of this attempt, to be held against its answer. */
  SentFields sent(Claim claim) {
    return questions.sentTo(claim.target().uid(), claim.attempt());
  }

  SignedRequest sign(Claim claim) {
    Question question = questions.to(claim.target().uid(), claim.attempt());
    return question.sign(
        asker.caller(),
        claim.target().hotkey(),
        claim.target().endpoint(),
        job.asking().timeout(),
        claim.uuid(),
        claim.nonceNanos());
  }

  /**
   * How many ended attempts of a partition are stored at once. What waits for its chunk to be full
   * has given back its slot, so all partitions together hold no more of it than may be in flight.
   */
  int chunk() {
    int most = bounds.inFlight().most(job.storing().maxResponseBytes());
    return Math.clamp(most / round.partitions(), 1, CHUNK);
  }
}
