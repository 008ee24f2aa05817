package org.axonometer.rounds;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.axonometer.history.FailureText;
import org.axonometer.history.RoundFencedException;
import org.axonometer.history.RoundStore;
import org.jspecify.annotations.Nullable;

/**
 * That a round is ours, while it is asked: renews the lease on a thread of its own and says at any
 * moment whether we are sure of it. A process that was paused is unsure when it wakes, until the
 * database has answered; one that could not renew for two thirds of the lease stays unsure, and has
 * lost the round when the lease is over. Thread-safe.
 */
final class Lease implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(100);

  private final Row row;
  private final long roundId;
  private final long fence;
  private final Clock clock;
  private final Duration length;
  private final List<Runnable> whenLost = new CopyOnWriteArrayList<>();
  private final Thread renewing;
  private final Thread watching;

  private volatile Moment renewed;
  private volatile @Nullable RuntimeException lastFault;
  private volatile @Nullable RuntimeException loss;
  private volatile boolean over;
  private volatile boolean sealed;

  /** The stored round, as the owner with this fence may change it. */
  interface Row {
    /** Says that the owner lives; false when it has sealed the round. */
    boolean renew();

    void seal(RoundStore.Sealing sealing);

    void release();
  }

  /** A moment by both clocks: the monotonic one stands still while the machine sleeps. */
  record Moment(long nanos, long millis) {
    Duration until(Moment later) {
      Duration monotonic = Duration.ofNanos(later.nanos - nanos);
      Duration wall = Duration.ofMillis(later.millis - millis);
      return monotonic.compareTo(wall) > 0 ? monotonic : wall;
    }
  }

  private Lease(long roundId, long fence, Row row, Clock clock, Moment taken) {
    this.row = row;
    this.roundId = roundId;
    this.fence = fence;
    this.clock = clock;
    this.length = RoundStore.lease();
    this.renewed = taken;
    this.renewing = Thread.ofPlatform().name("lease-" + roundId).daemon().unstarted(this::renew);
    this.watching = Thread.ofPlatform().name("lease-watch").daemon().unstarted(this::watch);
  }

  /**
   * Makes the round ours.
   *
   * @throws org.axonometer.history.RoundOwnedException when another living process asks it
   */
  static Lease take(RoundStore store, long roundId, java.time.Instant deadline, Clock clock) {
    Moment before = now(clock);
    long fence = store.take(roundId, deadline, clock.instant());
    return begin(roundId, fence, stored(store, roundId, fence), clock, before);
  }

  private static Row stored(RoundStore store, long roundId, long fence) {
    return new Row() {
      @Override
      public boolean renew() {
        return store.renew(roundId, fence);
      }

      @Override
      public void seal(RoundStore.Sealing sealing) {
        store.seal(roundId, fence, sealing);
      }

      @Override
      public void release() {
        store.release(roundId, fence);
      }
    };
  }

  /**
   * @param taken a moment before the round was taken
   */
  static Lease begin(long roundId, long fence, Row row, Clock clock, Moment taken) {
    var lease = new Lease(roundId, fence, row, clock, taken);
    lease.renewing.start();
    lease.watching.start();
    return lease;
  }

  /** What every write to the round carries. */
  long fence() {
    return fence;
  }

  /** Whether the round is surely still ours, waiting while it is in doubt. */
  boolean sure() {
    while (loss == null && !over && inDoubt()) {
      LockSupport.parkNanos(TICK.dividedBy(10).toNanos());
    }
    return loss == null;
  }

  /**
   * Waits while it is in doubt whether the round is ours.
   *
   * @throws RoundFencedException when another process took it
   * @throws LeaseLostException when the database was out of reach for too long
   */
  void require() {
    if (!sure()) {
      throw loss().orElseThrow();
    }
  }

  /** Why the round is no longer ours; empty while it is, or may be. */
  Optional<RuntimeException> loss() {
    return Optional.ofNullable(loss);
  }

  /** Does this as soon as the round is lost; at once when it is. */
  void whenLost(Runnable work) {
    whenLost.add(work);
    if (loss != null) {
      work.run();
    }
  }

  /**
   * Seals the round, with which the lease is over. The seal holds the round's row until it is done,
   * so that nobody can take the round meanwhile, and it checks the fence itself; a renewal would
   * only wait for that row.
   */
  void seal(RoundStore.Sealing sealing) {
    end();
    row.seal(sealing);
    sealed = true;
  }

  private void end() {
    over = true;
    LockSupport.unpark(renewing);
  }

  static Moment now(Clock clock) {
    return new Moment(System.nanoTime(), clock.millis());
  }

  private Duration age() {
    return renewed.until(now(clock));
  }

  private boolean inDoubt() {
    return age().compareTo(length.multipliedBy(2).dividedBy(3)) > 0;
  }

  private void renew() {
    while (loss == null && !over) {
      if (age().compareTo(length.dividedBy(5)) < 0) {
        LockSupport.parkNanos(TICK.toNanos());
        continue;
      }
      Moment before = now(clock);
      try {
        boolean open = row.renew();
        renewed = before;
        if (!open) {
          over = true;
        }
      } catch (RoundFencedException e) {
        lose(e);
      } catch (RuntimeException e) {
        lastFault = e;
        LockSupport.parkNanos(TICK.toNanos());
      }
    }
  }

  /** Renewing may hang in the database; how long doubt lasts is counted here. */
  private void watch() {
    int ticksInDoubt = 0;
    // Counted in ticks: whoever was paused meanwhile gets its time to ask the database.
    long mostInDoubt = length.dividedBy(3).dividedBy(TICK);
    while (loss == null && !over) {
      LockSupport.parkNanos(TICK.toNanos());
      ticksInDoubt = inDoubt() ? ticksInDoubt + 1 : 0;
      if (ticksInDoubt > mostInDoubt) {
        @Nullable RuntimeException fault = lastFault;
        lose(
            new LeaseLostException(
                "round %d is not ours for sure any more: the database was out of reach for %d s%s; nobody more was asked, and answers that were not stored are UNKNOWN"
                    .formatted(
                        roundId,
                        age().toSeconds(),
                        fault == null ? "" : " (" + FailureText.innermost(fault) + ")")));
      }
    }
  }

  private synchronized void lose(RuntimeException cause) {
    if (loss == null && !over) {
      loss = cause;
      whenLost.forEach(Runnable::run);
    }
  }

  /** The database did not answer for as long as the lease lasts. */
  static final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeaseLostException(String message) {
      super(message);
    }
  }

  /** Renews no more and, when the round is still ours and open, gives it back. */
  @Override
  public void close() {
    end();
    try {
      renewing.join(length.dividedBy(3));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (loss != null || sealed) {
      return;
    }
    try {
      row.release();
    } catch (RuntimeException e) {
      // Out of reach, or no longer ours: then its lease runs out by itself.
    }
  }
}
