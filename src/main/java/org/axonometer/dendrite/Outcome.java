package org.axonometer.dendrite;

/** The closed list of how a query, or a target that was never queried, ends. */
public enum Outcome {
  OK(Blame.NONE, true),
  REFUSED(Blame.MINER, true),
  AXON_ERROR(Blame.MINER, true),
  BAD_BODY(Blame.MINER, true),
  TOO_LARGE(Blame.MINER, false),
  BAD_PROTOCOL(Blame.MINER, false),
  TIMED_OUT(Blame.MINER, false),
  UNREACHABLE(Blame.NETWORK, false),
  DISCONNECTED(Blame.NETWORK, false),
  NOT_SERVING(Blame.MINER, false),
  BLOCKED_ADDRESS(Blame.MINER, false),
  UNSENT(Blame.VALIDATOR, false),
  UNKNOWN(Blame.VALIDATOR, false),
  LOCAL_FAULT(Blame.VALIDATOR, false);

  private final Blame blame;
  private final boolean latencyKnown;

  Outcome(Blame blame, boolean latencyKnown) {
    this.blame = blame;
    this.latencyKnown = latencyKnown;
  }

  /** Who is at fault unless the round as a whole shows otherwise. */
  public Blame blame() {
    return blame;
  }

  /**
   * Whether a latency belongs to it; where not, the latency is null, never 0 and never the timeout.
   */
  public boolean latencyKnown() {
    return latencyKnown;
  }

  /** Who is at fault. Only VALIDATOR takes a target out of the miner's denominator. */
  public enum Blame {
    NONE,
    MINER,
    NETWORK,
    VALIDATOR
  }
}
