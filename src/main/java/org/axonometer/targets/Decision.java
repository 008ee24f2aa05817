package org.axonometer.targets;

import org.axonometer.metagraph.Neuron;

/** What becomes of one neuron in a round, with the one reason that {@code plan} shows. */
public record Decision(Neuron neuron, Verdict verdict, String reason) {

  /**
   * ASK: a query is sent. NOT_SERVING, BLOCKED_ADDRESS: eligible, gets a scoring row, no query.
   * INELIGIBLE: a line in the plan, no row.
   */
  public enum Verdict {
    ASK,
    NOT_SERVING,
    BLOCKED_ADDRESS,
    INELIGIBLE;

    /** True when the neuron gets a row in the round. */
    public boolean isEligible() {
      return this != INELIGIBLE;
    }
  }
}
