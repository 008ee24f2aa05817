package org.axonometer.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that a test sets, whether it stands still or goes. Safe for many threads. */
public final class MutableClock extends Clock {
  private final Clock base;
  private volatile Duration ahead = Duration.ZERO;

  private MutableClock(Clock base) {
    this.base = base;
  }

  /** Stands still at a time until it is set. */
  public static MutableClock standing(Instant now) {
    return new MutableClock(Clock.fixed(now, ZoneOffset.UTC));
  }

  /** Goes like the system's. */
  public static MutableClock going() {
    return new MutableClock(Clock.systemUTC());
  }

  /** Sets it so far ahead of what it would show, or behind by a negative duration. */
  public void set(Duration so) {
    ahead = so;
  }

  @Override
  public Instant instant() {
    return base.instant().plus(ahead);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("always UTC, not " + zone);
  }
}
