package org.axonometer.metagraph;

import java.math.BigInteger;
import java.util.Optional;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;

/**
 * One neuron as the chain shows it. The address is raw chain data, attacker-written: a number,
 * never a name.
 *
 * @param axonIp u128; 0 = not serving. Below 2^32 it is IPv4, else IPv6 (protocol section 6)
 * @param axonPort u16; 0 = not serving
 * @param stakeRao unsigned, the sum of the neuron's stake list
 * @param incentive u16 as on chain (divide by 65535); likewise dividends, consensus
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
    long lastUpdate) {

  /** Where the axon listens; empty when it serves nowhere (ip 0 or port 0). */
  public Optional<AxonEndpoint> endpoint() {
    throw new UnsupportedOperationException("not written yet");
  }
}
