package org.axonometer.rounds;

/** A round that cannot be run as asked; one line: which, why, what to do. */
public final class RoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  RoundException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /**
   * ALREADY_OPEN, TAKEN: another round or owner is in the way. NOT_RUNNABLE: there is no such open
   * round. STOPPED: this process ends, and no round was opened. FAILED: our own fault.
   */
  public enum Reason {
    ALREADY_OPEN,
    TAKEN,
    NOT_RUNNABLE,
    STOPPED,
    FAILED
  }
}
