package org.axonometer.rounds;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.EndedAttempt;

/** How far a running round is. Written by many threads, read by whoever shows it. */
public final class RoundProgress {
  private final Consumer<EndedAttempt.Sent> listener;
  private final AtomicInteger toAsk = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Map<Outcome, AtomicInteger> ended = new EnumMap<>(Outcome.class);

  public RoundProgress() {
    this(query -> {});
  }

  /**
   * @param listener told of each query that ended, on that query's thread: has to return at once
   */
  public RoundProgress(Consumer<EndedAttempt.Sent> listener) {
    this.listener = listener;
    for (Outcome outcome : Outcome.values()) {
      ended.put(outcome, new AtomicInteger());
    }
  }

  void plan(int targets) {
    toAsk.addAndGet(targets);
  }

  void sent() {
    inFlight.incrementAndGet();
  }

  void end(EndedAttempt.Sent query) {
    inFlight.decrementAndGet();
    counter(query.exchange().outcome()).incrementAndGet();
    listener.accept(query);
  }

  /** Queries this run has to send, as far as it is known: each retry adds one. */
  public int toAsk() {
    return toAsk.get();
  }

  /** Queries on their way. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Queries that ended so. */
  public int ended(Outcome... outcomes) {
    int sum = 0;
    for (Outcome outcome : outcomes) {
      sum += counter(outcome).get();
    }
    return sum;
  }

  /** Queries that ended, however. */
  public int ended() {
    return ended(Outcome.values());
  }

  private AtomicInteger counter(Outcome outcome) {
    return java.util.Objects.requireNonNull(ended.get(outcome));
  }
}
