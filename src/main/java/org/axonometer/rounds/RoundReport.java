package org.axonometer.rounds;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.jobs.JobFile;

/**
 * What a run of a round came to.
 *
 * @param round as stored at the end: SEALED, or OPEN when it was interrupted
 * @param counts targets by how they ended and who is to blame; of an open round as far as known
 * @param took of this run
 * @param snapshotAge when the round opened
 */
public record RoundReport(
    Round round,
    List<HistoryQueries.OutcomeCount> counts,
    Duration took,
    Files files,
    HistoryQueries.SnapshotAge snapshotAge) {

  public RoundReport {
    counts = List.copyOf(counts);
  }

  /** Where the scoring inputs stand. */
  public record Files(Path jsonl, Path csv) {}

  public boolean sealed() {
    return round.state() == Round.State.SEALED;
  }

  /** Targets by outcome, whoever is to blame. */
  public Map<Outcome, Integer> outcomes() {
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    for (HistoryQueries.OutcomeCount count : counts) {
      count.outcome().ifPresent(outcome -> outcomes.merge(outcome, count.targets(), Integer::sum));
    }
    return outcomes;
  }

  /** Targets without an outcome; 0 when sealed. */
  public int left() {
    return counts.stream()
        .filter(count -> count.outcome().isEmpty())
        .mapToInt(HistoryQueries.OutcomeCount::targets)
        .sum();
  }

  /** Targets in the miners' denominator: all but those we are to blame for. */
  public int counted() {
    return counts.stream()
        .filter(count -> count.outcome().isPresent() && count.blame() != Outcome.Blame.VALIDATOR)
        .mapToInt(HistoryQueries.OutcomeCount::targets)
        .sum();
  }

  /** Whether it reached the success threshold it was opened with; never when nobody counts. */
  public boolean good() {
    return counted() > 0 && successRate() >= threshold();
  }

  /** The success threshold it was opened with. */
  public double threshold() {
    return JobFile.parse(round.jobSource(), round.jobFile()).scoring().successThreshold();
  }

  /** The share of the denominator that answered, 0.0 to 1.0; 0.0 when nobody counts. */
  public double successRate() {
    return counted() == 0 ? 0.0 : (double) outcomes().getOrDefault(Outcome.OK, 0) / counted();
  }
}
