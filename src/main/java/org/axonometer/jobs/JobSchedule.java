package org.axonometer.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a job runs by itself, and what becomes of a scheduled time at which it cannot.
 *
 * @param jitter each time starts up to this much later, by a fixed amount of its own
 * @param startDeadline a time that could not start within this is skipped; empty = by the next one
 */
public record JobSchedule(
    Timetable timetable,
    Duration jitter,
    Overlap overlap,
    Misfire misfire,
    Optional<Duration> startDeadline) {

  /** While a round of the job runs: skip the time, or let it wait for the round's end. */
  public enum Overlap {
    SKIP,
    QUEUE
  }

  /** Times nobody was there for: skip them all, or run one round for the newest. */
  public enum Misfire {
    SKIP,
    RUN_ONCE
  }

  /** From when on the time may start: itself and its share of the jitter. */
  public Instant startOf(String job, Instant time) {
    if (jitter.isZero()) {
      return time;
    }
    // Any fixed mixing will do; it must be the same after a restart.
    long mixed =
        (job.hashCode() * 0x9E3779B97F4A7C15L + time.getEpochSecond()) * 0xD1B54A32D192ED03L;
    return time.plusMillis(Math.floorMod(mixed ^ (mixed >>> 29), jitter.toMillis() + 1));
  }

  /** When the time is too old to start. */
  public Instant tooLate(Instant time) {
    return startDeadline
        .map(time::plus)
        .orElseGet(() -> timetable.next(time).map(next -> next.plus(jitter)).orElse(Instant.MAX));
  }
}
