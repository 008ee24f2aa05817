package org.axonometer.mockaxons;

import org.axonometer.metagraph.MetagraphSnapshot;

/** Simulated axons, each with its own key and its own 127.x.y.z address. */
public final class MockAxonPark implements AutoCloseable {

  private MockAxonPark() {}

  /** The snapshot that names them. */
  public MetagraphSnapshot snapshot() {
    throw new UnsupportedOperationException("not written yet");
  }

  @Override
  public void close() {}
}
