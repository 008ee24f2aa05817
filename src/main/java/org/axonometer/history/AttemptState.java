package org.axonometer.history;

/** Where an attempt's row stands, as the table says it. */
public enum AttemptState {
  /** Committed before anything is sent: under way, or its process died. */
  INTENT,

  /** Ended, with its outcome. */
  DONE,

  /** The process ended between sending and storing. */
  UNKNOWN,

  /** Claimed and never sent; it costs no attempt. */
  RELEASED
}
