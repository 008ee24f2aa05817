package org.axonometer.targets;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;

/**
 * Uids and hotkeys by name; a neuron that matches either is listed.
 *
 * @param uids whoever holds them
 * @param hotkeys wherever they are
 */
public record Listing(Set<Uid> uids, Set<Ss58Address> hotkeys) {

  /** Lists nobody. */
  public static final Listing NOBODY = new Listing(Set.of(), Set.of());

  public Listing {
    uids = Set.copyOf(uids);
    hotkeys = Set.copyOf(hotkeys);
  }

  public boolean isEmpty() {
    return uids.isEmpty() && hotkeys.isEmpty();
  }

  public boolean lists(Neuron neuron) {
    return uids.contains(neuron.uid()) || hotkeys.contains(neuron.hotkey());
  }

  /** What is listed but not in the snapshot, sorted, such as {@code uid 300}. */
  public List<String> missingFrom(MetagraphSnapshot snapshot) {
    Set<Uid> goneUids = new HashSet<>(uids);
    Set<Ss58Address> goneHotkeys = new HashSet<>(hotkeys);
    for (Neuron neuron : snapshot.neurons()) {
      goneUids.remove(neuron.uid());
      goneHotkeys.remove(neuron.hotkey());
    }
    List<String> missing = new ArrayList<>();
    goneUids.stream().sorted().forEach(uid -> missing.add("uid " + uid));
    goneHotkeys.stream().sorted().forEach(hotkey -> missing.add("hotkey " + hotkey));
    return List.copyOf(missing);
  }

  /** How many of each. */
  @Override
  public String toString() {
    return "%d uids and %d hotkeys".formatted(uids.size(), hotkeys.size());
  }
}
