package org.axonometer.history;

/** A write to a round that someone else has taken since, or that is sealed: nothing was written. */
public final class RoundFencedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RoundFencedException(long roundId, String found) {
    super("round %d is no longer ours, %s; nothing was written".formatted(roundId, found));
  }
}
