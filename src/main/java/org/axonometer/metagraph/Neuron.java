package org.axonometer.metagraph;

import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;

/**
 * One neuron as the chain shows it. The address is raw chain data, attacker-written: a number,
 * never a name.
 *
 * @param axonIp u128; 0 = not serving. Below 2^32 it is IPv4, else IPv6 (see {@link AxonAddress})
 * @param axonIpType u8, 4 or 6 on a serving neuron; says nothing about how {@code axonIp} is read
 * @param axonPort u16; 0 = not serving
 * @param axonVersion u32, the number the axon's software announced
 * @param axonBlock the block of that announcement; 0 = not known
 * @param stakeRao u64, the sum of the neuron's stake list
 * @param incentive u16 as on chain (divide by 65535); likewise dividends, consensus
 * @param lastUpdate the block at which the neuron last set weights
 * @param totalStakeRao u64, all stake that counts on the subnet, TAO weighted: what the SDK's
 *     {@code S} shows since 9.0; empty = the source does not have it
 * @param registeredBlock the block at which the hotkey got this uid; empty = the source does not
 *     have it
 */
public record Neuron(
    Uid uid,
    Ss58Address hotkey,
    Ss58Address coldkey,
    BigInteger axonIp,
    int axonIpType,
    int axonPort,
    long axonVersion,
    long axonBlock,
    BigInteger stakeRao,
    boolean active,
    boolean validatorPermit,
    int incentive,
    int dividends,
    int consensus,
    long lastUpdate,
    Optional<BigInteger> totalStakeRao,
    OptionalLong registeredBlock) {

  static final int U8_MAX = 0xFF;
  static final int U16_MAX = 0xFFFF;
  static final long U32_MAX = 0xFFFF_FFFFL;

  public Neuron {
    require("axon ip", axonIp, 128);
    require("axon ip_type", axonIpType, U8_MAX);
    require("axon port", axonPort, U16_MAX);
    require("axon version", axonVersion, U32_MAX);
    require("axon block", axonBlock, Long.MAX_VALUE);
    require("stake in rao", stakeRao, 64);
    require("incentive", incentive, U16_MAX);
    require("dividends", dividends, U16_MAX);
    require("consensus", consensus, U16_MAX);
    require("last update", lastUpdate, Long.MAX_VALUE);
    totalStakeRao.ifPresent(rao -> require("total stake in rao", rao, 64));
    registeredBlock.ifPresent(block -> require("registered block", block, Long.MAX_VALUE));
  }

  /** A neuron of a source that has neither total stake nor registration. */
  public Neuron(
      Uid uid,
      Ss58Address hotkey,
      Ss58Address coldkey,
      BigInteger axonIp,
      int axonIpType,
      int axonPort,
      long axonVersion,
      long axonBlock,
      BigInteger stakeRao,
      boolean active,
      boolean validatorPermit,
      int incentive,
      int dividends,
      int consensus,
      long lastUpdate) {
    this(
        uid,
        hotkey,
        coldkey,
        axonIp,
        axonIpType,
        axonPort,
        axonVersion,
        axonBlock,
        stakeRao,
        active,
        validatorPermit,
        incentive,
        dividends,
        consensus,
        lastUpdate,
        Optional.empty(),
        OptionalLong.empty());
  }

  /** The same neuron with what only the subnet's state tells. */
  Neuron with(Optional<BigInteger> total, OptionalLong registered) {
    return new Neuron(
        uid,
        hotkey,
        coldkey,
        axonIp,
        axonIpType,
        axonPort,
        axonVersion,
        axonBlock,
        stakeRao,
        active,
        validatorPermit,
        incentive,
        dividends,
        consensus,
        lastUpdate,
        total,
        registered);
  }

  /** The stake that counts on the subnet, as far as the source tells; the SDK's {@code S}. */
  public BigInteger countingStakeRao() {
    return totalStakeRao.orElse(stakeRao);
  }

  /** Where the axon listens; empty when it serves nowhere (ip 0 or port 0). */
  public Optional<AxonEndpoint> endpoint() {
    if (axonIp.signum() == 0 || axonPort == 0) {
      return Optional.empty();
    }
    return Optional.of(new AxonEndpoint(new AxonAddress(axonIp).inet(), axonPort));
  }

  private static void require(String what, long value, long max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(what + " must be 0.." + max + ", was " + value);
    }
  }

  private static void require(String what, BigInteger value, int bits) {
    if (value.signum() < 0 || value.bitLength() > bits) {
      throw new IllegalArgumentException(what + " must be 0..2^" + bits + "-1, was " + value);
    }
  }
}
