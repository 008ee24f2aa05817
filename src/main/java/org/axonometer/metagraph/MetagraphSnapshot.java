package org.axonometer.metagraph;

import java.time.Instant;
import java.util.List;
import org.axonometer.subnet.NetUid;

/**
 * The metagraph of one subnet at one block.
 *
 * @param takenAt when the block was read
 * @param sha256 lower-case hex of the file it was read from
 */
public record MetagraphSnapshot(
    String network,
    NetUid netuid,
    long block,
    Instant takenAt,
    List<Neuron> neurons,
    String sha256) {

  public MetagraphSnapshot {
    neurons = List.copyOf(neurons);
  }
}
