package org.axonometer.dendrite;

import org.axonometer.synapse.SignedRequest;
import org.axonometer.synapse.SynapseType;

/** Sends signed requests. One per round; safe for many threads. */
public final class Dendrite implements AutoCloseable {

  /**
   * @param maxBodyBytes the most of a response body that is read; more is TOO_LARGE
   */
  public Dendrite(int maxBodyBytes) {}

  /**
   * Asks one axon and waits for the end, on the calling (virtual) thread. Never throws for anything
   * the axon, the network or our own machine does: that is the Outcome.
   *
   * @throws InterruptedException never used to stop a query; stopping means asking no more
   */
  public Exchange ask(SynapseType type, SignedRequest request) throws InterruptedException {
    throw new UnsupportedOperationException("not written yet");
  }

  @Override
  public void close() {}
}
