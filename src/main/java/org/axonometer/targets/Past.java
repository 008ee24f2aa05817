package org.axonometer.targets;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;

/**
 * What a selection has to know of earlier rounds, read by whoever keeps the history.
 *
 * @param lastAsked when this job last asked a hotkey; absent = never
 * @param silences hotkeys of this job whose last queries got no answer
 * @param tenancy who held the subnet's uids; empty when no snapshot of it is known
 * @param turn where this job's last round-robin ended
 * @param quiet addresses, as literals, at which this job's last rounds found no axon
 * @param now what pauses are counted to
 */
public record Past(
    Map<Ss58Address, Instant> lastAsked,
    Map<Ss58Address, Silence> silences,
    Optional<Tenancy> tenancy,
    Optional<Turn> turn,
    Map<String, Quiet> quiet,
    Instant now) {

  public Past {
    lastAsked = Map.copyOf(lastAsked);
    silences = Map.copyOf(silences);
    quiet = Map.copyOf(quiet);
  }

  /** Nothing was ever asked. */
  public static Past none(Instant now) {
    return new Past(Map.of(), Map.of(), Optional.empty(), Optional.empty(), Map.of(), now);
  }

  /**
   * Queries in a row without an answer.
   *
   * @param since the first of them
   * @param until the last of them
   * @param axon where that one went
   */
  public record Silence(Instant since, Instant until, AxonEndpoint axon) {}

  /**
   * Who held the uids, up to the block that is decided on.
   *
   * @param oldestBlock of the first known snapshot; since when its holders held their uids nobody
   *     knows
   */
  public record Tenancy(Map<Uid, Arrival> holders, long oldestBlock) {
    public Tenancy {
      holders = Map.copyOf(holders);
    }

    /**
     * The block at which the hotkey was first seen at the uid; empty when it may be any earlier.
     */
    OptionalLong arrival(Uid uid, Ss58Address hotkey, long block) {
      Arrival holder = holders.get(uid);
      if (holder == null || !holder.hotkey().equals(hotkey)) {
        return block > oldestBlock ? OptionalLong.of(block) : OptionalLong.empty();
      }
      return holder.block() > oldestBlock ? OptionalLong.of(holder.block()) : OptionalLong.empty();
    }
  }

  /** When a hotkey was first seen at a uid. */
  public record Arrival(Ss58Address hotkey, long block) {}

  /**
   * Sealed rounds in a row that asked an address and found no sign of an axon.
   *
   * @param rounds 1 or more
   * @param lastAsked the opening of the last of them
   */
  public record Quiet(int rounds, Instant lastAsked) {}
}
