package org.axonometer.schedule;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.axonometer.history.Fire;
import org.axonometer.jobs.JobSchedule;
import org.axonometer.jobs.Timetable;

/**
 * Decides what becomes of the scheduled times of a job that have come: each exactly once, in their
 * order. Knows nothing but what it is given and its clock.
 */
record FireLedger(Clock clock) {
  /** A long outage is decided in portions of this many times. */
  static final int MOST_AT_ONCE = 1_000;

  /** What stands in the way of a round of a job. */
  enum Occupation {
    FREE,
    /** A round of the job itself. */
    OWN_ROUND,
    /** As many rounds of other jobs as the process runs at once. */
    OTHER_ROUNDS
  }

  /**
   * How a job stands.
   *
   * @param decidedUntil every time up to this has been decided
   * @param watchedSince before this nobody was there to start a round
   */
  record Standing(
      String job,
      JobSchedule schedule,
      Instant decidedUntil,
      Instant watchedSince,
      boolean paused,
      Occupation occupation) {

    private Optional<Instant> next(Instant time) {
      return schedule.timetable().next(time);
    }

    private Instant startOf(Instant time) {
      return schedule.startOf(job, time);
    }

    private boolean missed(Instant time) {
      return startOf(time).isBefore(watchedSince);
    }
  }

  /**
   * The decisions that are due, {@link #MOST_AT_ONCE} at the most, ending with the first that is a
   * round: ask again until there are none. A time that has come and then has no decision waits.
   */
  List<Decision> due(Standing job) {
    Instant now = clock.instant();
    List<Decision> decisions = new ArrayList<>();
    Optional<Instant> time = job.next(job.decidedUntil());
    while (time.isPresent()
        && !job.startOf(time.get()).isAfter(now)
        && decisions.size() < MOST_AT_ONCE) {
      Optional<Decision> decision = decide(job, time.get(), now);
      if (decision.isEmpty()) {
        break;
      }
      decisions.add(decision.get());
      if (decision.get() instanceof Decision.Open) {
        break;
      }
      time = job.next(time.get());
    }
    return decisions;
  }

  /**
   * What becomes of the times that have come and are not decided when their timetable is over,
   * {@link #MOST_AT_ONCE} at the most: ask again until there are none.
   */
  static List<Decision.Skip> leftOver(
      Timetable times, Instant decidedUntil, Instant now, Fire.Reason reason) {
    return Stream.iterate(
            times.next(decidedUntil),
            time -> time.filter(it -> !it.isAfter(now)).isPresent(),
            time -> time.flatMap(times::next))
        .limit(MOST_AT_ONCE)
        .map(time -> new Decision.Skip(time.orElseThrow(), reason))
        .toList();
  }

  private static Optional<Decision> decide(Standing job, Instant time, Instant now) {
    JobSchedule schedule = job.schedule();
    if (job.missed(time) && !isTheOneToMakeUp(job, time)) {
      return skip(time, Fire.Reason.MISSED);
    }
    if (job.paused()) {
      return skip(time, Fire.Reason.PAUSED);
    }
    if (job.occupation() == Occupation.OWN_ROUND
        && schedule.overlap() == JobSchedule.Overlap.SKIP) {
      return skip(time, Fire.Reason.SKIPPED_OVERLAP);
    }
    if (!now.isBefore(schedule.tooLate(time))) {
      return skip(time, Fire.Reason.START_DEADLINE);
    }
    return job.occupation() == Occupation.FREE
        ? Optional.of(new Decision.Open(time))
        : Optional.empty();
  }

  private static boolean isTheOneToMakeUp(Standing job, Instant missed) {
    return job.schedule().misfire() == JobSchedule.Misfire.RUN_ONCE
        && job.next(missed).filter(job::missed).isEmpty();
  }

  private static Optional<Decision> skip(Instant time, Fire.Reason reason) {
    return Optional.of(new Decision.Skip(time, reason));
  }
}
