package org.axonometer.metagraph;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Ss58Address;

/**
 * What the runtime call {@code get_subnet_state} returns: one list per field, each in uid order
 * (layout: protocol 7.6), raw integers.
 */
record SubnetState(
    int netuid,
    List<Ss58Address> hotkeys,
    List<Ss58Address> coldkeys,
    List<Boolean> active,
    List<Boolean> validatorPermit,
    List<BigInteger> pruningScore,
    List<BigInteger> lastUpdate,
    List<BigInteger> emission,
    List<BigInteger> dividends,
    List<BigInteger> incentives,
    List<BigInteger> consensus,
    List<BigInteger> trust,
    List<BigInteger> rank,
    List<BigInteger> blockAtRegistration,
    List<BigInteger> alphaStake,
    List<BigInteger> taoStake,
    List<BigInteger> totalStake) {

  private static final int KEY_BYTES = 32;

  /** Is given each value of the emission history, which is long and is not kept. */
  interface EmissionHistory {
    void emission(int subnet, int uid, BigInteger rao);
  }

  /**
   * Reads either result form; empty when the chain answers that there is no such subnet.
   *
   * @throws SnapshotException with the byte offset, when the bytes are not one
   */
  static Optional<SubnetState> read(byte[] bytes, String source, EmissionHistory history) {
    ScaleReader in = ScaleReader.ofResult(bytes, source, SubnetState::readAll);
    Optional<SubnetState> state = read(in, history);
    in.end();
    state.ifPresent(found -> found.requireSameLengths(in));
    return state;
  }

  /** The layout of an answer. */
  static void readAll(ScaleReader in) {
    read(in, (subnet, uid, rao) -> {});
  }

  private static Optional<SubnetState> read(ScaleReader in, EmissionHistory history) {
    if (!in.bool("option")) {
      return Optional.empty();
    }
    SubnetState state = read(in);
    readHistory(in, history);
    return Optional.of(state);
  }

  private static SubnetState read(ScaleReader in) {
    int most = SnapshotReader.MAX_NEURONS;
    return new SubnetState(
        in.compactU16("netuid"),
        in.list(most, KEY_BYTES, "hotkeys", () -> in.account("hotkey")),
        in.list(most, KEY_BYTES, "coldkeys", () -> in.account("coldkey")),
        in.list(most, 1, "active", () -> in.bool("active")),
        in.list(most, 1, "validator_permit", () -> in.bool("validator_permit")),
        compacts(in, 16, "pruning_score"),
        compacts(in, 64, "last_update"),
        compacts(in, 64, "emission"),
        compacts(in, 16, "dividends"),
        compacts(in, 16, "incentives"),
        compacts(in, 16, "consensus"),
        compacts(in, 16, "trust"),
        compacts(in, 16, "rank"),
        compacts(in, 64, "block_at_registration"),
        compacts(in, 64, "alpha_stake"),
        compacts(in, 64, "tao_stake"),
        compacts(in, 64, "total_stake"));
  }

  private static void readHistory(ScaleReader in, EmissionHistory history) {
    int subnets = in.count(SnapshotReader.MAX_NEURONS, 1, "emission_history");
    for (int subnet = 0; subnet < subnets; subnet++) {
      int uids = in.count(SnapshotReader.MAX_NEURONS, 1, "emission_history of one subnet");
      for (int uid = 0; uid < uids; uid++) {
        history.emission(subnet, uid, in.compact(64, "emission_history"));
      }
    }
  }

  private static List<BigInteger> compacts(ScaleReader in, int bits, String what) {
    return in.list(SnapshotReader.MAX_NEURONS, 1, what, () -> in.compact(bits, what));
  }

  private void requireSameLengths(ScaleReader in) {
    List<List<?>> all =
        List.of(
            coldkeys,
            active,
            validatorPermit,
            pruningScore,
            lastUpdate,
            emission,
            dividends,
            incentives,
            consensus,
            trust,
            rank,
            blockAtRegistration,
            alphaStake,
            taoStake,
            totalStake);
    all.stream()
        .filter(list -> list.size() != hotkeys.size())
        .findFirst()
        .ifPresent(
            list -> {
              throw in.refused(
                  "%d hotkeys, but another list has %d".formatted(hotkeys.size(), list.size()));
            });
  }

  /**
   * The neurons with their total stake and registration.
   *
   * @throws IllegalArgumentException when this is of another subnet or block
   */
  List<Neuron> completing(List<Neuron> neurons, NetUid expected) {
    if (netuid != expected.value()) {
      throw new IllegalArgumentException(
          "the subnet state is of netuid %d, not %s".formatted(netuid, expected));
    }
    if (neurons.size() != hotkeys.size()) {
      throw new IllegalArgumentException(
          "the subnet state has %d neurons, the list %d".formatted(hotkeys.size(), neurons.size()));
    }
    List<Neuron> complete = new ArrayList<>(neurons.size());
    for (Neuron neuron : neurons) {
      int uid = neuron.uid().value();
      if (uid >= hotkeys.size() || !hotkeys.get(uid).equals(neuron.hotkey())) {
        throw new IllegalArgumentException(
            "uid %d has hotkey %s, but the subnet state says otherwise"
                .formatted(uid, neuron.hotkey()));
      }
      complete.add(
          neuron.with(
              Optional.of(totalStake.get(uid)),
              OptionalLong.of(
                  NeuronLite.signed("registered block", blockAtRegistration.get(uid)))));
    }
    return complete;
  }
}
