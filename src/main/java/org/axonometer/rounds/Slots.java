package org.axonometer.rounds;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * How many queries a round may have in flight, each also one of the process. Slots come free one by
 * one, and a claim of one target costs the database as much as a claim of ten: so they are gathered
 * for a moment, by one window at a time. Fair and thread-safe.
 */
final class Slots {
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** How long more slots are waited for once there is one. */
  private static final Duration GATHERING = Duration.ofMillis(5);

  /**
   * How long they are while nobody would start sooner, because so many claimed targets wait for
   * their turn, or where another claim has to follow anyway.
   */
  private static final Duration LONG_GATHERING = Duration.ofMillis(25);

  private static final int ENOUGH_WAIT = 20;

  private final Semaphore free;
  private final InFlight inFlight;
  private final int maxResponseBytes;
  private final IntSupplier waiting;
  private final ReentrantLock gathering = new ReentrantLock(true);

  /**
   * @param count of the round
   * @param maxResponseBytes the most an answer may have
   * @param waiting how many claimed targets wait for their turn to start
   */
  Slots(int count, int maxResponseBytes, InFlight inFlight, IntSupplier waiting) {
    this.free = new Semaphore(count, true);
    this.inFlight = inFlight;
    this.maxResponseBytes = maxResponseBytes;
    this.waiting = waiting;
  }

  /**
   * Takes 1 to {@code most} of them, waiting a moment for the first and a shorter one for the
   * others; 0 when none came free.
   *
   * @param moreAreLeft whether there are more targets than that
   */
  int take(int most, boolean moreAreLeft) throws InterruptedException {
    if (!gathering.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
      return 0;
    }
    try {
      return takeOne(PATIENCE) ? 1 + gather(most - 1, moreAreLeft) : 0;
    } finally {
      gathering.unlock();
    }
  }

  private int gather(int most, boolean moreAreLeft) throws InterruptedException {
    long beganNanos = System.nanoTime();
    int taken = 0;
    while (taken < most) {
      boolean waits = gathersOn(Duration.ofNanos(System.nanoTime() - beganNanos), moreAreLeft);
      if (takeOne(waits ? GATHERING.dividedBy(5) : Duration.ZERO)) {
        taken++;
      } else if (!waits) {
        break;
      }
    }
    return taken;
  }

  private boolean gathersOn(Duration gathered, boolean moreAreLeft) {
    return gathered.compareTo(GATHERING) < 0
        || (gathered.compareTo(LONG_GATHERING) < 0
            && (moreAreLeft || waiting.getAsInt() >= ENOUGH_WAIT));
  }

  private boolean takeOne(Duration patience) throws InterruptedException {
    if (!free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    if (!inFlight.take(maxResponseBytes, patience)) {
      free.release();
      return false;
    }
    return true;
  }

  void giveBack(int count) {
    free.release(count);
    inFlight.giveBack(count, maxResponseBytes);
  }
}
