package org.axonometer.metagraph;

import java.math.BigInteger;
import java.util.List;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;

/**
 * One {@code NeuronInfoLite} as the runtime call {@code get_neurons_lite} returns it: every field
 * of the layout in protocol 7.6, with its raw integer. A {@code NeuronInfo} of {@code get_neurons}
 * is the same with weights and bonds, which are stepped over.
 *
 * @param stake what each coldkey has on this hotkey, u64 rao
 */
record NeuronLite(
    Ss58Address hotkey,
    Ss58Address coldkey,
    int uid,
    int netuid,
    boolean active,
    Axon axon,
    Prometheus prometheus,
    List<Stake> stake,
    int rank,
    BigInteger emission,
    int incentive,
    int consensus,
    int trust,
    int validatorTrust,
    int dividends,
    BigInteger lastUpdate,
    boolean validatorPermit,
    int pruningScore) {

  /** Keys, two compacts, flags, 40 bytes of axon, 31 of prometheus, ten compacts. */
  private static final int LEAST_BYTES = 64 + 2 + 1 + 40 + 31 + 1 + 10;

  private static final int STAKE_LEAST_BYTES = 33;

  /** Where the axon listens and what it said of itself. */
  record Axon(
      BigInteger block,
      long version,
      BigInteger ip,
      int port,
      int ipType,
      int protocol,
      int placeholder1,
      int placeholder2) {

    static Axon read(ScaleReader in) {
      return new Axon(
          in.unsigned(8, "axon block"),
          in.unsigned(4, "axon version").longValueExact(),
          in.unsigned(16, "axon ip"),
          in.unsigned(2, "axon port").intValueExact(),
          in.u8("axon ip_type"),
          in.u8("axon protocol"),
          in.u8("axon placeholder1"),
          in.u8("axon placeholder2"));
    }
  }

  /** Where the neuron's metrics were announced; not used. */
  record Prometheus(BigInteger block, long version, BigInteger ip, int port, int ipType) {

    static Prometheus read(ScaleReader in) {
      return new Prometheus(
          in.unsigned(8, "prometheus block"),
          in.unsigned(4, "prometheus version").longValueExact(),
          in.unsigned(16, "prometheus ip"),
          in.unsigned(2, "prometheus port").intValueExact(),
          in.u8("prometheus ip_type"));
    }
  }

  /** One coldkey's part. */
  record Stake(Ss58Address coldkey, BigInteger rao) {}

  NeuronLite {
    stake = List.copyOf(stake);
  }

  /** Which of the two structs. */
  enum Kind {
    LITE,
    WITH_WEIGHTS
  }

  /** The layout of an answer. */
  static void readAll(ScaleReader in, Kind kind) {
    for (int left = count(in); left > 0; left--) {
      read(in, kind);
    }
  }

  /** How many follow. */
  static int count(ScaleReader in) {
    return in.count(SnapshotReader.MAX_NEURONS, LEAST_BYTES, "neurons");
  }

  static NeuronLite read(ScaleReader in, Kind kind) {
    return new NeuronLite(
        in.account("hotkey"),
        in.account("coldkey"),
        in.compactU16("uid"),
        in.compactU16("netuid"),
        in.bool("active"),
        Axon.read(in),
        Prometheus.read(in),
        in.list(
            SnapshotReader.MAX_NEURONS,
            STAKE_LEAST_BYTES,
            "stake",
            () -> new Stake(in.account("stake coldkey"), in.compact(64, "stake"))),
        in.compactU16("rank"),
        in.compact(64, "emission"),
        in.compactU16("incentive"),
        in.compactU16("consensus"),
        in.compactU16("trust"),
        in.compactU16("validator_trust"),
        in.compactU16("dividends"),
        in.compact(64, "last_update"),
        in.bool("validator_permit"),
        pruningScore(in, kind));
  }

  private static int pruningScore(ScaleReader in, Kind kind) {
    if (kind == Kind.WITH_WEIGHTS) {
      skipPairs(in, "weights");
      skipPairs(in, "bonds");
    }
    return in.compactU16("pruning_score");
  }

  private static void skipPairs(ScaleReader in, String what) {
    for (int left = in.count(SnapshotReader.MAX_NEURONS, 2, what); left > 0; left--) {
      in.compactU16(what + " uid");
      in.compactU16(what);
    }
  }

  /** What a snapshot keeps of it; IllegalArgumentException when a number is beyond its range. */
  Neuron neuron() {
    return new Neuron(
        new Uid(uid),
        hotkey,
        coldkey,
        axon.ip(),
        axon.ipType(),
        axon.port(),
        axon.version(),
        signed("axon block", axon.block()),
        stake.stream().map(Stake::rao).reduce(BigInteger.ZERO, BigInteger::add),
        active,
        validatorPermit,
        incentive,
        dividends,
        consensus,
        signed("last_update", lastUpdate));
  }

  static long signed(String what, BigInteger block) {
    if (block.bitLength() >= Long.SIZE) {
      throw new IllegalArgumentException("%s must be 0..2^63-1, was %s".formatted(what, block));
    }
    return block.longValueExact();
  }
}
