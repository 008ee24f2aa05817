package org.axonometer.mockaxons;

import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.synapse.Caller;

/** The metagraph that names a park: the validator at uid 0, the axons, in MIXED two more. */
record ParkSnapshot(ParkSettings settings, ParkKeys keys, Ss58Address validator) {
  private static final BigInteger RAO = BigInteger.valueOf(1_000_000_000L);
  private static final BigInteger VALIDATOR_STAKE = RAO.multiply(BigInteger.valueOf(100_000));
  private static final BigInteger MINER_STAKE = RAO.multiply(BigInteger.TEN);

  /** 10.66.0.1, where no axon of a public network can be. */
  private static final BigInteger PRIVATE_IP = BigInteger.valueOf(0x0a42_0001L);

  private static final BigInteger NOWHERE = BigInteger.ZERO;

  MetagraphSnapshot of(List<MockAxon> axons, Instant takenAt) {
    List<Neuron> neurons = new ArrayList<>(axons.size() + 3);
    neurons.add(neuron(new Uid(0), validator, NOWHERE, 0));
    for (MockAxon axon : axons) {
      InetAddress host = axon.address().getAddress();
      BigInteger ip = new BigInteger(1, host.getAddress());
      neurons.add(neuron(axon.uid(), axon.hotkey(), ip, axon.address().getPort()));
    }
    if (settings.profile() == Profile.MIXED) {
      Uid notServing = new Uid(axons.size() + 1);
      Uid unreachable = new Uid(axons.size() + 2);
      neurons.add(neuron(notServing, keys.axon(notServing).address(), NOWHERE, 0));
      neurons.add(neuron(unreachable, keys.axon(unreachable).address(), PRIVATE_IP, 8091));
    }
    return MetagraphSnapshot.of(
        settings.network(), settings.netuid(), settings.block(), takenAt, neurons);
  }

  private Neuron neuron(Uid uid, Ss58Address hotkey, BigInteger ip, int port) {
    boolean isValidator = uid.value() == 0;
    return new Neuron(
        uid,
        hotkey,
        keys.account("coldkey", uid.value()),
        ip,
        4,
        port,
        port == 0 ? 0 : Caller.NEWEST_VERSION,
        port == 0 ? 0 : settings.block(),
        isValidator ? VALIDATOR_STAKE : MINER_STAKE,
        true,
        isValidator,
        isValidator ? 0 : 1000,
        isValidator ? 65_535 : 0,
        isValidator ? 0 : 1000,
        settings.block());
  }
}
