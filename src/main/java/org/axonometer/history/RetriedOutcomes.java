package org.axonometer.history;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonometer.dendrite.Outcome;
import org.axonometer.jobs.JobDefinition;

/** After which outcomes a target is asked again while attempts are left; every other is final. */
public final class RetriedOutcomes {
  private RetriedOutcomes() {}

  /** As the job says. */
  public static Set<Outcome> of(JobDefinition job) {
    JobDefinition.Retrying retrying = job.asking().retrying();
    Stream<Outcome> unknown =
        switch (retrying.unknown()) {
          case LEAVE -> Stream.empty();
          case ASK_AGAIN -> Stream.of(Outcome.UNKNOWN);
        };
    return Stream.concat(
            unknown, retrying.endings().stream().map(ending -> Outcome.valueOf(ending.name())))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The same as a round keeps it. */
  static String text(JobDefinition job) {
    return of(job).stream().sorted().map(Outcome::name).collect(Collectors.joining(" "));
  }
}
