package org.axonometer.schedule;

import java.util.List;
import java.util.Map;
import org.axonometer.history.EndedAttempt;
import org.axonometer.history.Fire;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.rounds.RoundProgress;
import org.axonometer.rounds.RoundReport;

/**
 * Hears what the scheduler does, on the threads that do it: it has to return at once. What it
 * throws is logged and stops nothing.
 */
public interface ScheduleListener {

  /** The jobs from now on, by name, those without scheduled times too. */
  default void watching(Map<String, JobDefinition> jobs) {}

  /** A round is run here; {@code progress} moves until {@link #ended} or {@link #failed}. */
  default void began(String job, RoundProgress progress) {}

  /** A query ended; called by many threads at once. */
  default void asked(String job, EndedAttempt.Sent query) {}

  /** A run of a round came to its end: sealed, or stopped with targets left. */
  default void ended(RoundReport report) {}

  /** A fault of ours ended a run; the round stays open. */
  default void failed(String job, long roundId, String why) {}

  /** The round is left to another process. */
  default void leftToAnother(String job) {}

  /** Scheduled times of one job that got no round, in their order; never empty. */
  default void withoutRound(String job, List<Fire> fires) {}
}
