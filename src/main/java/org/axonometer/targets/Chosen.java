package org.axonometer.targets;

import java.util.List;
import java.util.Optional;

/**
 * What a selection came to.
 *
 * @param decisions one for each neuron of the snapshot, in uid order
 * @param turn of a round-robin: the stretch it took
 */
public record Chosen(List<Decision> decisions, Optional<Turn> turn) {

  public Chosen {
    decisions = List.copyOf(decisions);
  }
}
