package org.axonometer.rounds;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets queries start one after another with a gap between them. Started all at once, their signing
 * and connecting would fill every core and delay the reading of answers that have come, and that
 * delay would stand in their axons' times.
 */
final class Pace {
  private final long gapNanos;
  private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());

  Pace(Duration gap) {
    this.gapNanos = gap.toNanos();
  }

  /** Waits until it is the caller's turn. */
  void await() {
    long now = System.nanoTime();
    long turn = nextNanos.updateAndGet(last -> Math.max(last + gapNanos, now));
    for (long left = turn - now; left > 0; left = turn - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
