package org.axonometer.rounds;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
  /**
   * Two thousand starts a second: a round of 256 takes an eighth of a second longer, and no burst
   * of our own stands in a time.
   */
  private static final Duration BETWEEN_STARTS = Duration.ofNanos(500_000);

  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** Ended attempts that are stored at once. */
  private static final int CHUNK = 20;

  /**
   * How long a claim waits for more slots once it has one. Slots come free one by one, and a claim
   * of one target costs the database as much as a claim of ten.
   */
  private static final Duration GATHERING = Duration.ofMillis(5);

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
  private final Semaphore slots;

  private final Pace pace = pace();

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
    this.slots = new Semaphore(job.asking().concurrency(), true);
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

  /** The pace of a round's queries, from now on. */
  static Pace pace() {
    return new Pace(BETWEEN_STARTS);
  }

  /** Waits until the next query of the round may start. */
  void awaitTurn() {
    pace.await();
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

  /**
   * Takes 1 to {@code most} of the round's slots, each also one of the process, waiting a moment
   * for the first and a shorter one for the others; 0 when none came free.
   */
  int takeSlots(int most) throws InterruptedException {
    if (!takeSlot(PATIENCE)) {
      return 0;
    }
    int taken = 1;
    long enoughNanos = System.nanoTime() + GATHERING.toNanos();
    while (taken < most && takeSlot(Duration.ofNanos(enoughNanos - System.nanoTime()))) {
      taken++;
    }
    return taken;
  }

  private boolean takeSlot(Duration patience) throws InterruptedException {
    if (!slots.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    if (!bounds.inFlight().take(job.storing().maxResponseBytes(), patience)) {
      slots.release();
      return false;
    }
    return true;
  }

  void giveBackSlots(int count) {
    slots.release(count);
    bounds.inFlight().giveBack(count, job.storing().maxResponseBytes());
  }
}
