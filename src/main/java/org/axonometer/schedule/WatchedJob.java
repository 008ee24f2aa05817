package org.axonometer.schedule;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobSchedule;

/**
 * A job as its file says.
 *
 * @param since its times before this were nobody's to start
 */
record WatchedJob(JobDefinition definition, Path file, Instant since) {

  String name() {
    return definition.name();
  }

  Optional<JobSchedule> schedule() {
    return definition.schedule();
  }

  /** The text of its timetable. */
  Optional<String> timetable() {
    return schedule().map(schedule -> schedule.timetable().text());
  }

  WatchedJob watchedSince(Instant time) {
    return new WatchedJob(definition, file, time);
  }
}
