package org.axonometer.rounds;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.axonometer.dendrite.Exchange;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Claim;
import org.axonometer.history.EndedAttempt;
import org.axonometer.history.PlannedTarget;
import org.axonometer.synapse.DendriteView;
import org.axonometer.synapse.Nonces;
import org.jspecify.annotations.Nullable;

/**
 * Asks one partition's targets: claims them a few at a time, keeps up to the round's allowed number
 * in flight and queues what ended, in the order it ended. A target whose attempt ended in a way the
 * job retries stands in the queue of targets again, at its end, once its back-off is over. Runs on
 * a thread of its own; {@link #next} is called by the partition's step.
 */
final class Window implements Runnable {
  private static final int MOST_CLAIMED_AT_ONCE = 50;

  /**
   * Ended attempts wait here for the writer; an asking thread that finds it full waits, its
   * measuring long done.
   */
  private static final int QUEUE = 256;

  private static final int MOST_LOOKED_AT = 1_000;
  private static final Duration FOR_A_BUSY_ADDRESS = Duration.ofMillis(5);
  private static final Duration FOR_A_RETRY = Duration.ofMillis(20);

  private final RoundRun run;
  private final Nonces nonces;
  private final Deque<PlannedTarget> left;
  private final Retries retries = new Retries();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>(QUEUE);
  private volatile boolean closed;

  private sealed interface Event {
    record Ended(EndedAttempt attempt) implements Event {}

    /** The last event: nothing is in flight any more. */
    record Closed(int left, @Nullable Exception failure) implements Event {}
  }

  Window(RoundRun run, Nonces nonces, List<PlannedTarget> targets) {
    this.run = run;
    this.nonces = nonces;
    this.left = new ArrayDeque<>(targets);
  }

  @Override
  public void run() {
    @Nullable Exception failure = null;
    try (ExecutorService exchanges = Executors.newVirtualThreadPerTaskExecutor()) {
      while (someToAsk() && !closed && !run.stopping() && !run.deadlinePassed()) {
        if (left.isEmpty()) {
          left.addAll(retries.due(FOR_A_RETRY.toNanos()));
        } else {
          left.addAll(retries.due(0));
          claimAndAsk(exchanges);
        }
      }
    } catch (InterruptedException | RuntimeException e) {
      failure = e;
    }
    put(new Event.Closed(left.size(), failure));
  }

  private boolean someToAsk() {
    return !left.isEmpty() || (!run.retried.isEmpty() && retries.expected());
  }

  /**
   * The next attempt that ended, waiting for it; empty when the window is through.
   *
   * @throws IllegalStateException when it ended early, by a fault of ours; the cause says which
   */
  Optional<EndedAttempt> next() throws InterruptedException {
    return switch (events.take()) {
      case Event.Ended(EndedAttempt attempt) -> Optional.of(attempt);
      case Event.Closed(int left, Exception failure) when failure != null ->
          throw new IllegalStateException(
              "asking ended early with %d targets left".formatted(left), failure);
      case Event.Closed closed -> Optional.empty();
    };
  }

  /**
   * Whether targets were left when the window closed. To be asked after {@link #next} came back
   * empty.
   */
  boolean leftSome() {
    return !left.isEmpty() || retries.someWait();
  }

  /**
   * Claims no more and forgets what still ends: it stays an open intent, UNKNOWN to the next owner.
   */
  void close() {
    closed = true;
  }

  private void claimAndAsk(ExecutorService exchanges) throws InterruptedException {
    int slots = run.takeSlots(Math.min(left.size(), MOST_CLAIMED_AT_ONCE));
    List<PlannedTarget> next = slots == 0 ? List.of() : free(slots);
    run.giveBackSlots(slots - next.size());
    if (next.isEmpty()) {
      if (slots > 0) {
        // Everything left shares its address with a query under way.
        LockSupport.parkNanos(FOR_A_BUSY_ADDRESS.toNanos());
      }
      return;
    }
    List<Claim> claims =
        next.stream()
            .map(
                target ->
                    new Claim(
                        target,
                        target.attemptsMade() + 1,
                        UUID.randomUUID().toString(),
                        nonces.next()))
            .toList();
    try {
      run.store.claim(run.round.id(), run.fence, claims);
    } catch (RuntimeException e) {
      next.reversed().forEach(left::addFirst);
      next.forEach(target -> run.leave(target.endpoint()));
      run.giveBackSlots(next.size());
      throw e;
    }
    long claimedNanos = System.nanoTime();
    retries.begin(claims.size());
    claims.forEach(claim -> exchanges.execute(() -> ask(claim, claimedNanos)));
  }

  /**
   * Up to {@code most} of the next targets whose address no query of this round is under way to.
   */
  private List<PlannedTarget> free(int most) {
    List<PlannedTarget> free = new ArrayList<>(most);
    Iterator<PlannedTarget> targets = left.iterator();
    for (int looked = 0;
        looked < MOST_LOOKED_AT && free.size() < most && targets.hasNext();
        looked++) {
      PlannedTarget target = targets.next();
      if (run.enter(target.endpoint())) {
        targets.remove();
        free.add(target);
      }
    }
    return free;
  }

  private void ask(Claim claim, long claimedNanos) {
    Optional<EndedAttempt.Sent> sent = Optional.empty();
    try {
      if (!run.stopping()) {
        sent = Optional.of(send(claim, claimedNanos));
      }
    } finally {
      run.leave(claim.target().endpoint());
    }
    try {
      var ended = new EndedAttempt(claim, run.asker.clock().instant(), sent);
      // First to the writer, then back to the queue of targets: rows are stored in the order of
      // their attempts.
      put(new Event.Ended(ended));
      askAgain(ended);
    } finally {
      retries.end();
      run.giveBackSlots(1);
    }
  }

  private void askAgain(EndedAttempt ended) {
    if (!run.retries(ended)) {
      return;
    }
    PlannedTarget target = ended.claim().target().askedOnce();
    long dueNanos = System.nanoTime() + run.backOff(target).toNanos();
    if (!run.deadlinePassedAt(dueNanos)) {
      retries.add(target, dueNanos);
      run.progress.plan(1);
    }
  }

  private EndedAttempt.Sent send(Claim claim, long claimedNanos) {
    run.progress.sent();
    RoundRun.@Nullable Signed signed = null;
    Exchange exchange;
    try {
      signed = run.sign(claim);
      exchange = run.asker.dendrite().ask(run.job.synapse(), signed.request());
    } catch (InterruptedException | RuntimeException e) {
      // Whatever goes wrong on our side of one target is that target's outcome, never the
      // partition's end.
      exchange = localFault(e);
    }
    run.progress.end(exchange.outcome());
    String fields = AnswerFields.of(run.job.scoring().fields(), exchange);
    boolean keep = keepBodies(exchange.outcome());
    return signed == null
        ? new EndedAttempt.Sent(
            exchange, System.nanoTime() - claimedNanos, 0, "", new byte[0], fields, keep)
        : new EndedAttempt.Sent(
            exchange,
            signed.beganNanos() - claimedNanos,
            signed.endedNanos() - signed.beganNanos(),
            signed.request().bodyHash(),
            signed.request().body(),
            fields,
            keep);
  }

  private boolean keepBodies(Outcome outcome) {
    return switch (run.job.storing().bodies()) {
      case ALL -> true;
      case OK -> outcome == Outcome.OK;
      case NONE -> false;
    };
  }

  private static Exchange localFault(Exception failure) {
    return new Exchange(
        Outcome.LOCAL_FAULT,
        failure.toString(),
        null,
        null,
        new DendriteView(null, null),
        new Exchange.Timings(null, null, null),
        Map.of(),
        new byte[0]);
  }

  /** Hands it to the step, waiting for room; drops it once the step takes no more. */
  private void put(Event event) {
    boolean interrupted = false;
    boolean handedOver = false;
    while (!closed && !handedOver) {
      try {
        handedOver = events.offer(event, 100, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        // Nobody interrupts these threads on purpose; an answer in hand is not thrown away for it.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
