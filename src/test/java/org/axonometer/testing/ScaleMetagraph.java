package org.axonometer.testing;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Function;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;

/** Writes a snapshot as the chain's runtime calls answer, in SCALE. */
public final class ScaleMetagraph {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private ScaleMetagraph() {}

  /** What {@code get_neurons_lite} returns. */
  public static byte[] neuronsLite(MetagraphSnapshot snapshot) {
    ScaleMetagraph scale = new ScaleMetagraph();
    scale.compact(snapshot.neurons().size());
    for (Neuron neuron : snapshot.neurons()) {
      scale.neuron(neuron, snapshot.netuid().value());
    }
    return scale.out.toByteArray();
  }

  /** What {@code get_subnet_state} returns. */
  public static byte[] subnetState(MetagraphSnapshot snapshot) {
    ScaleMetagraph scale = new ScaleMetagraph();
    List<Neuron> neurons = snapshot.neurons();
    scale.out.write(1);
    scale.compact(snapshot.netuid().value());
    scale.list(neurons, n -> scale.out.writeBytes(n.hotkey().publicKey()));
    scale.list(neurons, n -> scale.out.writeBytes(n.coldkey().publicKey()));
    scale.list(neurons, n -> scale.out.write(n.active() ? 1 : 0));
    scale.list(neurons, n -> scale.out.write(n.validatorPermit() ? 1 : 0));
    List<Function<Neuron, BigInteger>> columns =
        List.of(
            n -> BigInteger.ZERO,
            n -> BigInteger.valueOf(n.lastUpdate()),
            n -> BigInteger.ZERO,
            n -> BigInteger.valueOf(n.dividends()),
            n -> BigInteger.valueOf(n.incentive()),
            n -> BigInteger.valueOf(n.consensus()),
            n -> BigInteger.ZERO,
            n -> BigInteger.ZERO,
            n -> BigInteger.valueOf(n.registeredBlock().orElse(0)),
            Neuron::stakeRao,
            n -> BigInteger.ZERO,
            n -> n.totalStakeRao().orElse(n.stakeRao()));
    columns.forEach(column -> scale.list(neurons, n -> scale.compact(column.apply(n))));
    scale.compact(1);
    scale.list(neurons, n -> scale.compact(7));
    return scale.out.toByteArray();
  }

  /** The result form of runtimes before February 2025: the bytes as a list of u8. */
  public static byte[] wrapped(byte[] scale) {
    ScaleMetagraph outer = new ScaleMetagraph();
    outer.compact(scale.length);
    outer.out.writeBytes(scale);
    return outer.out.toByteArray();
  }

  private void list(List<Neuron> neurons, java.util.function.Consumer<Neuron> writer) {
    compact(neurons.size());
    neurons.forEach(writer);
  }

  private void neuron(Neuron neuron, int netuid) {
    out.writeBytes(neuron.hotkey().publicKey());
    out.writeBytes(neuron.coldkey().publicKey());
    compact(neuron.uid().value());
    compact(netuid);
    out.write(neuron.active() ? 1 : 0);
    fixed(BigInteger.valueOf(neuron.axonBlock()), 8);
    fixed(BigInteger.valueOf(neuron.axonVersion()), 4);
    fixed(neuron.axonIp(), 16);
    fixed(BigInteger.valueOf(neuron.axonPort()), 2);
    out.write(neuron.axonIpType());
    out.writeBytes(new byte[] {4, 0, 0});
    out.writeBytes(new byte[31]);
    compact(1);
    out.writeBytes(neuron.coldkey().publicKey());
    compact(neuron.stakeRao());
    compact(0);
    compact(123_456_789);
    compact(neuron.incentive());
    compact(neuron.consensus());
    compact(0);
    compact(0);
    compact(neuron.dividends());
    compact(neuron.lastUpdate());
    out.write(neuron.validatorPermit() ? 1 : 0);
    compact(65_535);
  }

  private void compact(long value) {
    compact(BigInteger.valueOf(value));
  }

  private void compact(BigInteger value) {
    int bits = value.bitLength();
    if (bits <= 6) {
      fixed(value.shiftLeft(2), 1);
    } else if (bits <= 14) {
      fixed(value.shiftLeft(2).or(BigInteger.ONE), 2);
    } else if (bits <= 30) {
      fixed(value.shiftLeft(2).or(BigInteger.TWO), 4);
    } else {
      int length = (bits + 7) / 8;
      out.write((length - 4) << 2 | 3);
      fixed(value, length);
    }
  }

  private void fixed(BigInteger value, int length) {
    for (int i = 0; i < length; i++) {
      out.write(value.shiftRight(8 * i).intValue() & 0xff);
    }
  }
}
