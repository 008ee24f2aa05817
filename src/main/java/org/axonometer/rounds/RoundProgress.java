package org.axonometer.rounds;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonometer.dendrite.Outcome;

/** How far a running round is. Written by many threads, read by whoever shows it. */
public final class RoundProgress {
  private final AtomicInteger toAsk = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Map<Outcome, AtomicInteger> ended = new EnumMap<>(Outcome.class);

  public RoundProgress() {
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

  void end(Outcome outcome) {
    inFlight.decrementAndGet();
    counter(outcome).incrementAndGet();
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
