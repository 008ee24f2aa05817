package org.axonometer.history;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.targets.Decision;
import org.axonometer.targets.Turn;

/**
 * A round about to be opened.
 *
 * @param fireTime set for SCHEDULED rounds only
 * @param seed decides the sample and the order of asking; not negative
 * @param turn of a round-robin: the stretch of the ring it takes
 * @param targets the eligible neurons in the order of asking
 */
public record NewRound(
    JobDefinition job,
    Path jobFile,
    RoundKind kind,
    Optional<Instant> fireTime,
    MetagraphSnapshot snapshot,
    Ss58Address ownHotkey,
    long seed,
    Optional<Turn> turn,
    List<Decision> targets,
    Instant openedAt) {

  public NewRound {
    if (seed < 0) {
      throw new IllegalArgumentException("seed must not be negative, was " + seed);
    }
    targets = List.copyOf(targets);
  }
}
