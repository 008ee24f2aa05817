package org.axonometer.schedule;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices from one beat to the next that the wall clock was set far, or that nothing ran. For one
 * thread.
 */
final class ClockWatch {
  private static final Logger log = LoggerFactory.getLogger(ClockWatch.class);

  /** Looks come more often; they are beats when they come so long after the last one. */
  private static final Duration BETWEEN_BEATS = JobScheduler.BEAT.minusMillis(100);

  /** No beat for longer than this: the process or the machine slept, or the clock was set. */
  private static final Duration SLEPT = Duration.ofSeconds(30);

  private static final Duration SET_BACK = Duration.ofSeconds(10);

  private Instant last;
  private long lastNanos;

  ClockWatch(Instant now) {
    this.last = now;
    this.lastNanos = System.nanoTime();
  }

  /** Whether it is time for a beat; also when the clock went back. */
  boolean isTime(Instant now) {
    return Duration.between(last, now).compareTo(BETWEEN_BEATS) >= 0 || now.isBefore(last);
  }

  /**
   * To be told of each beat; says it in the log, one line each time, when something was amiss.
   *
   * @return whether scheduled times since the beat before were nobody's
   */
  boolean slept(Instant now) {
    long nanos = System.nanoTime();
    Duration shown = Duration.between(last, now);
    tell(now, shown, Duration.ofNanos(nanos - lastNanos));
    last = now;
    lastNanos = nanos;
    return shown.compareTo(SLEPT) > 0;
  }

  private void tell(Instant now, Duration shown, Duration passed) {
    if (shown.plus(SET_BACK).compareTo(passed) < 0) {
      log.warn(
          "the clock was set back by {} s, to {}: scheduled times that were decided are not decided again, the next ones wait for it",
          passed.minus(shown).toSeconds(),
          now);
    } else if (shown.compareTo(SLEPT) > 0 && passed.compareTo(SLEPT) <= 0) {
      log.warn(
          "the clock went forward by {} s, to {}: it was set, or the machine slept; scheduled times in between were nobody's",
          shown.minus(passed).toSeconds(),
          now);
    } else if (shown.compareTo(SLEPT) > 0) {
      log.warn("nothing ran from {} to {}", last, now);
    }
  }
}
