package org.axonometer.synapse;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Strictly rising epoch nanoseconds, unique in this process. Thread-safe. */
public final class Nonces {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Clock clock;
  private final AtomicLong lastNanos = new AtomicLong();

  public Nonces(Clock clock) {
    this.clock = clock;
  }

  /**
   * The clock's time in nanoseconds since 1970, or one more than the last nonce when the clock has
   * not passed it. Never far ahead of a steady clock: an axon that saw a nonce from the future
   * refuses that uuid until its own clock gets there.
   */
  public long next() {
    Instant now = clock.instant();
    long nowNanos =
        Math.addExact(Math.multiplyExact(now.getEpochSecond(), NANOS_PER_SECOND), now.getNano());
    // An axon refuses a nonce not above the last one it saw from this hotkey and uuid, and two
    // threads can read the same clock value, so the counter never repeats or goes back.
    return lastNanos.updateAndGet(last -> Math.max(last + 1, nowNanos));
  }
}
