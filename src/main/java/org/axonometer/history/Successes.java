package org.axonometer.history;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.axonometer.jobs.JobFile;

/**
 * Which of a job's sealed rounds were successes: at or above the success threshold each was opened
 * with, and never one in which nobody counts. Follow-ups are neither. Looks at the newest {@value
 * #MOST_LOOKED_AT} at the most. For one thread.
 */
public final class Successes {
  static final int MOST_LOOKED_AT = 1_000;
  private static final int PAGE = 25;

  private final HistoryQueries queries;
  private final String job;
  private final Map<String, Double> thresholds = new HashMap<>();

  public Successes(HistoryQueries queries, String job) {
    this.queries = queries;
    this.job = job;
  }

  public boolean reached(RoundRate rate) {
    double threshold =
        thresholds.computeIfAbsent(
            rate.jobSource(),
            source -> JobFile.parse(source, Path.of(job + ".yaml")).scoring().successThreshold());
    return rate.reached(threshold);
  }

  public Optional<RoundRate> newest() {
    return newestAfter(0);
  }

  /** The newest success among the rounds with a higher number than that. */
  public Optional<RoundRate> newestAfter(long round) {
    return first(round, this::reached);
  }

  public Optional<RoundRate> newestFailure() {
    return first(0, rate -> !reached(rate));
  }

  private Optional<RoundRate> first(long after, Predicate<RoundRate> wanted) {
    long before = Long.MAX_VALUE;
    for (int looked = 0; looked < MOST_LOOKED_AT; looked += PAGE) {
      List<RoundRate> page = queries.ratesOf(job, before, PAGE);
      Optional<RoundRate> found =
          page.stream().filter(rate -> rate.roundId() > after).filter(wanted).findFirst();
      if (found.isPresent() || page.size() < PAGE || page.getLast().roundId() <= after) {
        return found;
      }
      before = page.getLast().roundId();
    }
    return Optional.empty();
  }
}
