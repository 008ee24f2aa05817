package org.axonometer.schedule;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.axonometer.history.Database;
import org.axonometer.history.Fire;
import org.axonometer.history.FireStore;
import org.axonometer.jobs.JobSchedule;
import org.axonometer.jobs.Timetable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far each job's scheduled times are decided, and the rows of those that get no round. What the
 * database holds decides; memory may be ahead of it or behind. For one thread.
 */
final class FireBook {
  private static final Logger log = LoggerFactory.getLogger(FireBook.class);

  private final FireStore fires;
  private final ScheduleListener listener;
  private Map<String, FireStore.Position> positions = new HashMap<>();

  FireBook(Database database, ScheduleListener listener) {
    this.fires = new FireStore(database);
    this.listener = listener;
  }

  /** Reads anew what the database holds. */
  void read() {
    positions = fires.positions();
  }

  /** The jobs that have scheduled times. */
  Set<String> jobs() {
    return Set.copyOf(positions.keySet());
  }

  /** The text of the timetable a job's times are decided by. */
  Optional<String> timetable(String job) {
    return Optional.ofNullable(positions.get(job)).map(FireStore.Position::timetable);
  }

  /**
   * Up to when a job's times are decided; empty when they are not decided by this schedule. Another
   * process may have read a newer file of the job.
   */
  Optional<Instant> decidedUntil(String job, JobSchedule schedule) {
    return Optional.ofNullable(positions.get(job))
        .filter(position -> position.timetable().equals(schedule.timetable().text()))
        .map(FireStore.Position::decidedUntil);
  }

  /** From now on the job's times are decided by this timetable. */
  void begin(String job, String timetable, Instant now) {
    Instant from = fires.last(job).filter(last -> last.isAfter(now)).orElse(now);
    fires.begin(job, timetable, from);
    positions.put(job, new FireStore.Position(timetable, from));
  }

  /** Whether the job's timetable has no time any more after this one. */
  boolean isOver(String job, Instant now) {
    return timetable(job).filter(text -> Timetable.parse(text).next(now).isEmpty()).isPresent();
  }

  /** The job's timetable is over; its times that have come and wait get none, for this reason. */
  void retire(String job, Instant now, Fire.Reason reason) {
    FireStore.Position position = positions.remove(job);
    if (position == null) {
      return;
    }
    Timetable times = Timetable.parse(position.timetable());
    List<Decision.Skip> skipped = FireLedger.leftOver(times, position.decidedUntil(), now, reason);
    while (!skipped.isEmpty()) {
      record(
          job, skipped.stream().map(it -> Fire.without(job, it.time(), now, it.reason())).toList());
      skipped = FireLedger.leftOver(times, skipped.getLast().time(), now, reason);
    }
    fires.forget(job);
  }

  /** Writes times of one job that get no round, in their order, and tells of them. */
  void record(String job, List<Fire> without) {
    if (without.isEmpty()) {
      return;
    }
    fires.record(without);
    listener.withoutRound(job, without);
    Instant last = without.getLast().time();
    decided(job, last);
    Map<Fire.Reason, Long> counts = new TreeMap<>();
    without.forEach(fire -> counts.merge(fire.reason().orElseThrow(), 1L, Long::sum));
    log.info(
        "job={} without_round={} first={} last={}{}",
        job,
        counts,
        without.getFirst().time(),
        last,
        without.getLast().detail() == null ? "" : " detail=" + without.getLast().detail());
  }

  /** The time has its row, and so has every one before it. Never goes back. */
  void decided(String job, Instant time) {
    positions.computeIfPresent(
        job,
        (name, position) ->
            position.decidedUntil().isBefore(time)
                ? new FireStore.Position(position.timetable(), time)
                : position);
  }
}
