package org.axonometer.history;

/**
 * A row that breaks what must hold of every round.
 *
 * @param row which, in words
 */
public record BrokenInvariant(long roundId, Invariant invariant, String row) {

  @Override
  public String toString() {
    return "%s: %s (%s)".formatted(invariant, row, invariant.meaning());
  }
}
