package org.axonometer.testing;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.axonometer.metagraph.AxonAddress;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;

/** Neurons and snapshots made for tests; every uid has a hotkey and coldkey of its own. */
public final class SnapshotNeurons {

  public static final Instant TAKEN_AT = Instant.parse("2026-01-02T03:04:05Z");

  private static final BigInteger ONE_TAO = BigInteger.valueOf(1_000_000_000);

  private SnapshotNeurons() {}

  public static MetagraphSnapshot snapshot(Neuron... neurons) {
    return MetagraphSnapshot.of("finney", new NetUid(1), 6_530_367, TAKEN_AT, List.of(neurons));
  }

  /** A miner that serves at a literal address, with the ip_type that fits. */
  public static Neuron serving(int uid, String ip, int port) {
    AxonAddress address = AxonAddress.parse(ip);
    return neuron(uid, address.value(), address.isIpv4() ? 4 : 6, port, ONE_TAO, false);
  }

  /** The hotkey of one uid at another, served at port 8091. */
  public static Neuron seat(int uid, int hotkey, String ip) {
    Neuron whose = serving(hotkey, ip, 8_091);
    return new Neuron(
        new Uid(uid),
        whose.hotkey(),
        whose.coldkey(),
        whose.axonIp(),
        whose.axonIpType(),
        whose.axonPort(),
        whose.axonVersion(),
        whose.axonBlock(),
        whose.stakeRao(),
        whose.active(),
        whose.validatorPermit(),
        whose.incentive(),
        whose.dividends(),
        whose.consensus(),
        whose.lastUpdate());
  }

  public static Neuron notServing(int uid) {
    return neuron(uid, BigInteger.ZERO, 0, 0, ONE_TAO, false);
  }

  /** A serving validator with a permit. */
  public static Neuron validator(int uid, BigInteger stakeRao) {
    return neuron(uid, BigInteger.valueOf(0x08080808), 4, 8091, stakeRao, true);
  }

  public static Neuron neuron(
      int uid, BigInteger ip, int ipType, int port, BigInteger stakeRao, boolean permit) {
    return new Neuron(
        new Uid(uid),
        hotkey(uid),
        coldkey(uid),
        ip,
        ipType,
        port,
        9_010_001,
        6_488_210,
        stakeRao,
        true,
        permit,
        63,
        17,
        60,
        6_530_000);
  }

  public static Ss58Address hotkey(int uid) {
    return Ss58Address.of(ByteBuffer.allocate(32).putInt(uid).putInt(1).array());
  }

  public static Ss58Address coldkey(int uid) {
    return Ss58Address.of(ByteBuffer.allocate(32).putInt(uid).putInt(2).array());
  }
}
