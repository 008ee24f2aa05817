package org.axonometer.targets;

import org.axonometer.metagraph.Neuron;

/**
 * What becomes of one neuron in a round.
 *
 * @param cause the rule that decided, for counting
 * @param reason the same with the neuron's own values, as {@code plan} shows it
 */
public record Decision(Neuron neuron, Cause cause, String reason) {

  public Verdict verdict() {
    return cause.verdict;
  }

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

  /** The rules, in the order they are applied; the first that holds is the one cause. */
  public enum Cause {
    OWN_HOTKEY(Verdict.INELIGIBLE, "our own hotkey"),
    NOT_LISTED(Verdict.INELIGIBLE, "not listed"),
    EXCLUDED(Verdict.INELIGIBLE, "excluded by uid or hotkey"),
    PERMIT_LIMIT(Verdict.INELIGIBLE, "validator permit and too much stake"),
    STAKE_LIMIT(Verdict.INELIGIBLE, "stake outside the limits"),
    TOO_YOUNG(Verdict.INELIGIBLE, "registered too recently"),
    SILENT(Verdict.INELIGIBLE, "silent for too long"),
    NOT_SERVING(Verdict.NOT_SERVING, "serves nowhere"),
    ADDRESS(Verdict.BLOCKED_ADDRESS, "address or port not allowed"),
    BACK_OFF(Verdict.BLOCKED_ADDRESS, "address without an axon, left in peace"),
    NOT_ASKABLE(Verdict.INELIGIBLE, "not askable, so not chosen from"),
    ONE_PER(Verdict.INELIGIBLE, "another of its coldkey or network was taken"),
    NOT_PICKED(Verdict.INELIGIBLE, "not picked"),
    ASKED(Verdict.ASK, "asked");

    private final Verdict verdict;
    private final String meaning;

    Cause(Verdict verdict, String meaning) {
      this.verdict = verdict;
      this.meaning = meaning;
    }

    /** The rule in a few words, such as {@code silent for too long}. */
    public String meaning() {
      return meaning;
    }
  }
}
