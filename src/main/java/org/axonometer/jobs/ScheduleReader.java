package org.axonometer.jobs;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Reads the block {@code schedule} of a job file.
 *
 * @param now a cron without a time after this is refused; empty when its times do not matter
 */
record ScheduleReader(Block job, Optional<Instant> now) {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration YEAR = Duration.ofDays(365);

  /** Empty when the file has no such block, or one with mistakes. */
  Optional<JobSchedule> schedule() {
    Block block = job.block("schedule");
    ZoneId zone = block.parsed("zone", ScheduleReader::zone).orElse(ZoneId.of(JobDefaults.ZONE));
    Optional<Timetable> cron = block.parsed("cron", text -> checked(Cron.parse(text, zone)));
    Optional<Timetable> every =
        block.duration("every", SECOND, YEAR, Duration.ofMinutes(10)).flatMap(p -> every(block, p));
    Optional<Duration> startDeadline =
        block.duration("start-deadline", SECOND, YEAR, Duration.ofMinutes(5));
    Duration jitter =
        block
            .duration("jitter", Duration.ZERO, Duration.ofDays(1), Duration.ofSeconds(30))
            .orElse(Duration.ZERO);
    JobSchedule.Overlap overlap = block.choice("overlap", JobDefaults.OVERLAP);
    JobSchedule.Misfire misfire = block.choice("misfire", JobDefaults.MISFIRE);
    block.end();
    if (block.isEmpty() || !block.names().isEmpty()) {
      checkTimes(block);
      if (startDeadline.filter(most -> jitter.compareTo(most) >= 0).isPresent()) {
        block.refuse(
            "jitter",
            "is \"%s\"; write less than the start-deadline of %s"
                .formatted(Quantities.show(jitter), Quantities.show(startDeadline.orElse(YEAR))));
      }
    }
    return cron.or(() -> every)
        .map(times -> new JobSchedule(times, jitter, overlap, misfire, startDeadline));
  }

  private Timetable checked(Timetable cron) {
    if (now.isPresent() && cron.next(now.get()).isEmpty()) {
      throw new IllegalArgumentException(
          "its last time has passed, so it never fires again; write a later year, or none");
    }
    return cron;
  }

  private void checkTimes(Block block) {
    if (block.has("cron") && block.has("every")) {
      block.refuse("every", "stands beside cron; write one of them");
    } else if (!block.has("cron") && !block.has("every")) {
      job.refuse("schedule", "has no times; write cron or every (for example every: 10m)");
    }
    if (block.has("zone") && !block.has("cron")) {
      block.refuse("zone", "has no meaning here; every counts in UTC");
    }
  }

  private static Optional<Timetable> every(Block block, Duration period) {
    if (period.toMillisPart() != 0) {
      block.refuse("every", "is " + Quantities.show(period) + "; write whole seconds");
      return Optional.empty();
    }
    return Optional.of(new Timetable.Every(period));
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "write the name of a time zone (for example UTC or Europe/Berlin)", e);
    }
  }
}
