package org.axonometer.targets;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;

/**
 * Which neurons a round asks.
 *
 * @param who all, a listed set, or a seeded sample
 * @param validatorPermitTaoLimit a neuron with a validator permit and more stake than this, in TAO,
 *     is ineligible; empty = no limit
 */
public record Selection(Who who, OptionalLong validatorPermitTaoLimit, AddressGuard guard) {

  public sealed interface Who {
    /** Every neuron. */
    record Everyone() implements Who {}

    /** The listed uids and hotkeys only. */
    record Listed(Set<Uid> uids, Set<Ss58Address> hotkeys) implements Who {
      public Listed {
        uids = Set.copyOf(uids);
        hotkeys = Set.copyOf(hotkeys);
      }
    }

    /** A random sample of {@code size} among the askable ones. */
    record Sample(int size) implements Who {}
  }

  /** Decides every neuron of the snapshot, in uid order: one decision each. */
  public List<Decision> decide(MetagraphSnapshot snapshot, Ss58Address ownHotkey, long seed) {
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * The eligible decisions (ASK, NOT_SERVING, BLOCKED_ADDRESS) in the seeded random order of
   * asking.
   */
  public static List<Decision> inAskingOrder(List<Decision> decisions, long seed) {
    throw new UnsupportedOperationException("not written yet");
  }
}
