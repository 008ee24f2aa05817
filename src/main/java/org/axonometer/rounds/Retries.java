package org.axonometer.rounds;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonometer.history.PlannedTarget;
import org.jspecify.annotations.Nullable;

/**
 * The targets of one partition that wait out their back-off, and how many attempts are under way
 * that may add one. Thread-safe.
 */
final class Retries {
  private final DelayQueue<Waiting> waiting = new DelayQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();

  /**
   * @param dueNanos when it may be asked again, by {@link System#nanoTime}
   */
  private record Waiting(PlannedTarget target, long dueNanos) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  void begin(int attempts) {
    underWay.addAndGet(attempts);
  }

  /** To be called after {@link #add}: an attempt that is neither under way nor here is over. */
  void end() {
    underWay.decrementAndGet();
  }

  void add(PlannedTarget target, long dueNanos) {
    waiting.add(new Waiting(target, dueNanos));
  }

  /** Whether one waits, or may still come. */
  boolean expected() {
    return underWay.get() > 0 || !waiting.isEmpty();
  }

  boolean someWait() {
    return !waiting.isEmpty();
  }

  /** Those whose time has come, waiting up to {@code patience} for the first of them. */
  List<PlannedTarget> due(long patienceNanos) throws InterruptedException {
    List<PlannedTarget> due = new ArrayList<>();
    @Nullable Waiting next = waiting.poll(patienceNanos, TimeUnit.NANOSECONDS);
    while (next != null) {
      due.add(next.target());
      next = waiting.poll();
    }
    return due;
  }
}
