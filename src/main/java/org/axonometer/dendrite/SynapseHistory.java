package org.axonometer.dendrite;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.axonometer.synapse.Synapse;

/** The newest so many synapses, oldest first. Thread-safe. */
final class SynapseHistory {
  private final int length;
  private final Deque<Synapse> kept = new ArrayDeque<>();

  SynapseHistory(int length) {
    this.length = length;
  }

  synchronized void add(Synapse synapse) {
    kept.addLast(synapse);
    while (kept.size() > length) {
      kept.removeFirst();
    }
  }

  synchronized List<Synapse> newest() {
    return List.copyOf(kept);
  }
}
