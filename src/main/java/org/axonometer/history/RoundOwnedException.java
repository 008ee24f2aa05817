package org.axonometer.history;

/** A round that another living process asks: it was left alone. */
public final class RoundOwnedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RoundOwnedException(long roundId, RoundOwner owner) {
    super(
        "round %d is being asked by %s; wait for it to end, or end that process"
            .formatted(roundId, owner));
  }
}
