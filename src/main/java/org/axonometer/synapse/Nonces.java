package org.axonometer.synapse;

import java.time.Clock;

/** Strictly rising epoch nanoseconds, unique in this process. Thread-safe. */
public final class Nonces {

  public Nonces(Clock clock) {}

  public long next() {
    throw new UnsupportedOperationException("not written yet");
  }
}
