package org.axonometer.metagraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonometer.subnet.Uid;

/**
 * What changed on a subnet between two snapshots, each list in uid order.
 *
 * @param joined uids that only the later one has
 * @param left uids that only the earlier one has
 * @param moved same uid and hotkey, another ip or port
 * @param reregistered same uid, another hotkey
 */
public record SnapshotDiff(
    List<Neuron> joined, List<Neuron> left, List<Change> moved, List<Change> reregistered) {

  /** One uid in both. */
  public record Change(Neuron before, Neuron after) {}

  public SnapshotDiff {
    joined = List.copyOf(joined);
    left = List.copyOf(left);
    moved = List.copyOf(moved);
    reregistered = List.copyOf(reregistered);
  }

  /** Compares them; SnapshotException when they are not of the same subnet. */
  public static SnapshotDiff of(MetagraphSnapshot earlier, MetagraphSnapshot later) {
    if (!earlier.network().equals(later.network()) || !earlier.netuid().equals(later.netuid())) {
      throw new SnapshotException(
          "one snapshot is of %s %s, the other of %s %s"
              .formatted(earlier.network(), earlier.netuid(), later.network(), later.netuid()));
    }
    Map<Uid, Neuron> before = new HashMap<>();
    earlier.neurons().forEach(neuron -> before.put(neuron.uid(), neuron));
    List<Neuron> joined = new ArrayList<>();
    List<Change> moved = new ArrayList<>();
    List<Change> reregistered = new ArrayList<>();
    for (Neuron after : later.neurons()) {
      Neuron old = before.remove(after.uid());
      if (old == null) {
        joined.add(after);
      } else if (!old.hotkey().equals(after.hotkey())) {
        reregistered.add(new Change(old, after));
      } else if (!old.axonIp().equals(after.axonIp()) || old.axonPort() != after.axonPort()) {
        moved.add(new Change(old, after));
      }
    }
    List<Neuron> left =
        earlier.neurons().stream().filter(neuron -> before.containsKey(neuron.uid())).toList();
    return new SnapshotDiff(joined, left, moved, reregistered);
  }
}
