package org.axonometer.rounds;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Round;

/**
 * What a run of a round came to.
 *
 * @param round as stored at the end: SEALED, or OPEN when it was interrupted
 * @param outcomes targets by outcome; of an open round only the ended ones
 * @param left targets without an outcome; 0 when sealed
 * @param took of this run
 */
public record RoundReport(
    Round round, Map<Outcome, Integer> outcomes, int left, Duration took, Files files) {

  public RoundReport {
    outcomes = Map.copyOf(outcomes);
  }

  /** Where the scoring inputs stand. */
  public record Files(Path jsonl, Path csv) {}

  public boolean sealed() {
    return round.state() == Round.State.SEALED;
  }

  /** The share of the miners' denominator that answered, 0.0 to 1.0; 1.0 when nobody counts. */
  public double successRate() {
    int counted =
        outcomes.entrySet().stream()
            .filter(entry -> entry.getKey().blame() != Outcome.Blame.VALIDATOR)
            .mapToInt(Map.Entry::getValue)
            .sum();
    return counted == 0 ? 1.0 : (double) outcomes.getOrDefault(Outcome.OK, 0) / counted;
  }
}
