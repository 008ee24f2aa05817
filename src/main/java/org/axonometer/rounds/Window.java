package org.axonometer.rounds;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.axonometer.history.Claim;
import org.axonometer.history.EndedAttempt;
import org.axonometer.history.PlannedTarget;
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

  private static final Duration FOR_A_BUSY_ADDRESS = Duration.ofMillis(5);
  private static final Duration FOR_A_RETRY = Duration.ofMillis(20);

  private final RoundRun run;
  private final AskOne asking;
  private final Nonces nonces;
  private final TargetQueue left;
  private final int mostClaimedAtOnce;
  private final Retries retries = new Retries();

  /** No more than there are slots: each event keeps its own until it is taken. */
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  private volatile boolean closed;
  private volatile boolean released;
  private volatile @Nullable Throwable failure;

  private sealed interface Event {
    record Ended(EndedAttempt attempt) implements Event {}

    /** The last event: nothing is in flight any more. */
    record Closed() implements Event {}
  }

  Window(RoundRun run, Nonces nonces, List<PlannedTarget> targets) {
    this.run = run;
    this.asking = new AskOne(run);
    this.nonces = nonces;
    this.left = new TargetQueue(targets);
    // Its share of the slots: no claim waits for more than can come free.
    int share = run.job.asking().concurrency() / run.round.partitions();
    this.mostClaimedAtOnce = Math.clamp(share, 1, MOST_CLAIMED_AT_ONCE);
  }

  @Override
  public void run() {
    try (ExecutorService exchanges = Executors.newVirtualThreadPerTaskExecutor()) {
      // These threads wait for axons and touch no database, so they may be interrupted.
      run.lease.whenLost(exchanges::shutdownNow);
      while (someToAsk() && !closed && !run.stopping() && !run.deadlinePassed()) {
        run.lease.require();
        if (left.isEmpty()) {
          left.add(retries.due(FOR_A_RETRY.toNanos()));
        } else {
          left.add(retries.due(0));
          claimAndAsk(exchanges);
        }
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      failure = e;
    } finally {
      // Whatever happened, the step that waits for the next event has to hear of the end.
      put(new Event.Closed());
    }
  }

  private boolean someToAsk() {
    return !left.isEmpty() || (!run.retried.isEmpty() && retries.expected());
  }

  /** The next attempt that ended, waiting for it; empty when the window is through. */
  Optional<EndedAttempt> next() throws InterruptedException {
    return switch (events.take()) {
      case Event.Ended(EndedAttempt attempt) -> {
        run.slots.giveBack(1);
        yield Optional.of(attempt);
      }
      case Event.Closed closed -> Optional.empty();
    };
  }

  /**
   * Whether targets were left unasked when the window closed. To be asked after {@link #next} came
   * back empty.
   */
  boolean leftSome() {
    return released || !left.isEmpty() || retries.someWait();
  }

  /**
   * The fault of ours that ended the asking early; empty when it ended as it should. To be asked
   * after {@link #next} came back empty: what had ended by then is stored first.
   */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Claims no more and forgets what still ends: it stays an open intent, UNKNOWN to the next owner.
   */
  void close() {
    closed = true;
  }

  /**
   * Gives back the slots of what ended and is taken by nobody any more. Other rounds of the process
   * need them. To be called when {@link #run} has returned.
   */
  void giveBackUntaken() {
    for (@Nullable Event event = events.poll(); event != null; event = events.poll()) {
      if (event instanceof Event.Ended) {
        run.slots.giveBack(1);
      }
    }
  }

  private void claimAndAsk(ExecutorService exchanges) throws InterruptedException {
    int most = Math.min(left.size(), mostClaimedAtOnce);
    int slots = run.slots.take(most, left.size() > most);
    List<TargetQueue.Ready> next = slots == 0 ? List.of() : left.take(slots, run.busy);
    run.slots.giveBack(slots - next.size());
    if (next.isEmpty()) {
      if (slots > 0) {
        // Everything left waits for room at its address.
        LockSupport.parkNanos(FOR_A_BUSY_ADDRESS.toNanos());
      }
      return;
    }
    List<Claim> claims = next.stream().map(ready -> claim(ready.target())).toList();
    try {
      run.store.claim(run.round.id(), run.lease.fence(), claims, run.asker.clock().instant());
    } catch (RuntimeException | Error e) {
      left.putBack(next, run.busy);
      run.slots.giveBack(next.size());
      throw e;
    }
    long claimedNanos = System.nanoTime();
    retries.begin(claims.size());
    for (int i = 0; i < claims.size(); i++) {
      Claim claim = claims.get(i);
      long queuedNanos = claimedNanos - next.get(i).waitedNanos();
      try {
        exchanges.execute(() -> ask(claim, claimedNanos, queuedNanos));
      } catch (RejectedExecutionException lost) {
        run.busy.leave(claim.target().endpoint());
        run.slots.giveBack(1);
        retries.end();
      }
    }
  }

  private Claim claim(PlannedTarget target) {
    return new Claim(
        target, target.attemptsMade() + 1, UUID.randomUUID().toString(), nonces.next());
  }

  private void ask(Claim claim, long claimedNanos, long queuedNanos) {
    Optional<EndedAttempt.Sent> sent = Optional.empty();
    try {
      sent = asking.ask(claim, claimedNanos, queuedNanos);
      if (sent.isEmpty()) {
        released = true;
      }
    } finally {
      run.busy.leave(claim.target().endpoint());
      var ended = new EndedAttempt(claim, run.asker.clock().instant(), sent);
      // First to the writer, then back to the queue of targets: rows are stored in the order of
      // their attempts.
      put(new Event.Ended(ended));
      try {
        askAgain(ended);
      } finally {
        retries.end();
      }
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

  /** Hands it to the step; drops it, and its slot, once the step takes no more. */
  private void put(Event event) {
    if (!closed) {
      events.add(event);
    } else if (event instanceof Event.Ended) {
      run.slots.giveBack(1);
    }
  }
}
