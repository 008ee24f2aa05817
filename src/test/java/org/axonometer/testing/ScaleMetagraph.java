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
    return neurons(snapshot, false);
  }

  /** What {@code get_neurons} returns: each has as many weights and bonds as its uid says. */
  public static byte[] neurons(MetagraphSnapshot snapshot) {
    return neurons(snapshot, true);
  }

  private static byte[] neurons(MetagraphSnapshot snapshot, boolean weights) {
    ScaleMetagraph scale = new ScaleMetagraph();
    scale.compact(snapshot.neurons().size());
    for (Neuron neuron : snapshot.neurons()) {
      scale.neuron(neuron, snapshot.netuid().value(), weights);
    }
    return scale.out.toByteArray();
  }

  /** What {@code get_subnet_state} returns. */
  public static byte[] subnetState(MetagraphSnapshot snapshot) {
    return subnetState(snapshot, 0);
  }

  /**
   * @param more lists without a value in the emission history, of a byte each
   */
  public static byte[] subnetState(MetagraphSnapshot snapshot, int more) {
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
    scale.compact(1 + more);
    scale.list(neurons, n -> scale.compact(7));
    scale.out.writeBytes(new byte[more]);
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

  private void neuron(Neuron neuron, int netuid, boolean weights) {
    out.writeBytes(neuron.hotkey().publicKey());
    out.writeBytes(neuron.coldkey().publicKey());
    compact(neuron.uid().value());
    compact(netuid);
    out.write(neuron.active() ? 1 : 0);
    out.writeBytes(axon(neuron));
    fixed(BigInteger.valueOf(neuron.lastUpdate()), 8);
    fixed(BigInteger.valueOf(7), 4);
    fixed(neuron.axonIp(), 16);
    fixed(BigInteger.valueOf(65_535), 2);
    out.write(neuron.axonIpType());
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
    for (int list = 0; weights && list < 2; list++) {
      compact(neuron.uid().value());
      for (int to = 0; to < neuron.uid().value(); to++) {
        compact(to);
        compact(65_535 - to);
      }
    }
    compact(65_535);
  }

  /** One {@code AxonInfo}. */
  public static byte[] axon(Neuron neuron) {
    ScaleMetagraph scale = new ScaleMetagraph();
    scale.fixed(BigInteger.valueOf(neuron.axonBlock()), 8);
    scale.fixed(BigInteger.valueOf(neuron.axonVersion()), 4);
    scale.fixed(neuron.axonIp(), 16);
    scale.fixed(BigInteger.valueOf(neuron.axonPort()), 2);
    scale.out.write(neuron.axonIpType());
    scale.out.writeBytes(new byte[] {4, 0, 0});
    return scale.out.toByteArray();
  }

  /** One compact number. */
  public static byte[] compactOf(BigInteger value) {
    ScaleMetagraph scale = new ScaleMetagraph();
    scale.compact(value);
    return scale.out.toByteArray();
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
