package org.axonometer.rounds;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets the queries of a round start one after another. Started all at once, their signing and
 * connecting would fill every core and delay the reading of answers that have come, and that delay
 * would stand in their axons' times. Who starts holds the turn until it has signed, so that a
 * machine with other work to do starts fewer; the next comes no sooner than some multiple of the
 * signing's time, which leaves room for connecting and reading. ADR 6 has the figures. Fair and
 * thread-safe.
 */
final class Pace {
  private static final int TIMES_SIGNING = 5;
  private static final Duration SHORTEST = Duration.ofNanos(150_000);
  private static final Duration LONGEST = Duration.ofNanos(500_000);

  private final Semaphore turn = new Semaphore(1, true);

  /** Read and written by who has the turn. */
  private long nextNanos = System.nanoTime();

  /** One query's turn to start; of one thread. */
  final class Turn {
    private final long takenNanos = System.nanoTime();
    private boolean passed;

    /** Passes it on, unless that was done. */
    void pass() {
      if (passed) {
        return;
      }
      passed = true;
      long signingNanos = System.nanoTime() - takenNanos;
      nextNanos =
          takenNanos
              + Math.clamp(TIMES_SIGNING * signingNanos, SHORTEST.toNanos(), LONGEST.toNanos());
      turn.release();
    }
  }

  /** Waits until it is the caller's turn; it has to be passed on. */
  Turn take() {
    turn.acquireUninterruptibly();
    for (long left = nextNanos - System.nanoTime();
        left > 0;
        left = nextNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    return new Turn();
  }

  /** How many wait for their turn, about. */
  int waiting() {
    return turn.getQueueLength();
  }
}
