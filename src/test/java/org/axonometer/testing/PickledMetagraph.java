package org.axonometer.testing;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonometer.metagraph.AxonAddress;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;

/**
 * Writes a snapshot as Python's pickle of a saved metagraph: the keys and classes of an SDK's
 * version, the modules of a numpy's.
 */
public final class PickledMetagraph {

  private static final int BATCH = 1_000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Map<String, Integer> memo = new HashMap<>();
  private final Writer writer;
  private int memorised;

  /**
   * Who wrote it.
   *
   * @param sdk its major version, 7 to 10
   * @param numpy its major version, 1 or 2
   * @param protocol 4 or 5
   * @param lite false when it was synced with weights and bonds
   */
  public record Writer(int sdk, int numpy, int protocol, boolean lite) {

    public Writer(int sdk, int numpy, int protocol) {
      this(sdk, numpy, protocol, true);
    }
  }

  private PickledMetagraph(Writer writer) {
    this.writer = writer;
  }

  /** SDK 10 with numpy 2. */
  public static byte[] of(MetagraphSnapshot snapshot, int protocol) {
    return of(snapshot, protocol, snapshot.network());
  }

  /**
   * @param network what stands there instead of the snapshot's
   */
  public static byte[] of(MetagraphSnapshot snapshot, int protocol, String network) {
    return of(snapshot, new Writer(10, 2, protocol), network);
  }

  public static byte[] of(MetagraphSnapshot snapshot, Writer writer) {
    return of(snapshot, writer, snapshot.network());
  }

  private static byte[] of(MetagraphSnapshot snapshot, Writer writer, String network) {
    PickledMetagraph pickle = new PickledMetagraph(writer);
    pickle.write(snapshot, network);
    return pickle.out.toByteArray();
  }

  private void write(MetagraphSnapshot snapshot, String network) {
    List<Neuron> neurons = snapshot.neurons();
    out.write(0x80);
    out.write(writer.protocol);
    out.write('}');
    memorise();
    out.write('(');
    text("version");
    longs(List.of(writer.sdk * 1_000_000L), false);
    text("netuid");
    integer(snapshot.netuid().value());
    text("network");
    text(network);
    text("n");
    longs(List.of((long) neurons.size()), true);
    text("block");
    longs(List.of(snapshot.block()), true);
    text("uids");
    longs(neurons.stream().map(n -> (long) n.uid().value()).toList(), false);
    text("active");
    longs(neurons.stream().map(n -> n.active() ? 1L : 0L).toList(), false);
    text("last_update");
    longs(neurons.stream().map(Neuron::lastUpdate).toList(), false);
    text("validator_permit");
    array("b1", "|", List.of(neurons.size()), flags(neurons));
    for (String key : stakes()) {
      text(key);
      floats(
          neurons.stream()
              .map(n -> n.totalStakeRao().orElse(n.stakeRao()).doubleValue() / 1e9)
              .toList());
    }
    text("incentive");
    floats(neurons.stream().map(n -> n.incentive() / 65_535.0).toList());
    text("dividends");
    floats(neurons.stream().map(n -> n.dividends() / 65_535.0).toList());
    text("consensus");
    floats(neurons.stream().map(n -> n.consensus() / 65_535.0).toList());
    text("axons");
    list(neurons, this::axon);
    if (writer.sdk > 7) {
      text("neurons");
      list(neurons, this::neuron);
    }
    for (String key : List.of("weights", "bonds")) {
      text(key);
      if (writer.lite) {
        floats(List.of());
      } else {
        byte[] square = new byte[4 * neurons.size() * neurons.size()];
        array("f4", "<", List.of(neurons.size(), neurons.size()), square);
      }
    }
    List<String> unused =
        writer.sdk < 10
            ? List.of("emission", "validator_trust", "ranks", "trust")
            : List.of("emission", "validator_trust");
    for (String key : unused) {
      text(key);
      floats(neurons.stream().map(n -> 0.5).toList());
    }
    out.write('u');
    out.write('.');
  }

  private List<String> stakes() {
    return writer.sdk < 9
        ? List.of("stake", "total_stake")
        : List.of("alpha_stake", "tao_stake", "stake");
  }

  private String numpyCore() {
    return writer.numpy < 2 ? "numpy.core" : "numpy._core";
  }

  /** Where version 7 has all classes, and each later one a module for each. */
  private String module(String own) {
    return writer.sdk < 8 ? "bittensor.chain_data" : "bittensor.core.chain_data." + own;
  }

  private void list(List<Neuron> neurons, java.util.function.Consumer<Neuron> writer) {
    out.write(']');
    memorise();
    for (int from = 0; from < neurons.size(); from += BATCH) {
      out.write('(');
      neurons.subList(from, Math.min(neurons.size(), from + BATCH)).forEach(writer);
      out.write('e');
    }
  }

  private void axon(Neuron neuron) {
    object(module("axon_info"), "AxonInfo");
    attribute("version", neuron.axonVersion());
    text("ip");
    text(new AxonAddress(neuron.axonIp()).text());
    attribute("port", neuron.axonPort());
    attribute("ip_type", neuron.axonIpType());
    text("hotkey");
    text(neuron.hotkey().text());
    text("coldkey");
    text(neuron.coldkey().text());
    attribute("protocol", 4);
    attribute("placeholder1", 0);
    attribute("placeholder2", 0);
    out.write('u');
    out.write('b');
  }

  private void neuron(Neuron neuron) {
    object(
        module(writer.lite ? "neuron_info_lite" : "neuron_info"),
        writer.lite ? "NeuronInfoLite" : "NeuronInfo");
    for (String key : writer.lite ? List.<String>of() : List.of("weights", "bonds")) {
      text(key);
      out.write(']');
      memorise();
      out.write('(');
      for (int to = 0; to < 3; to++) {
        out.write(']');
        memorise();
        out.write('(');
        integer(to);
        integer(65_535);
        out.write('e');
      }
      out.write('e');
    }
    text("hotkey");
    text(neuron.hotkey().text());
    text("coldkey");
    text(neuron.coldkey().text());
    attribute("uid", neuron.uid().value());
    attribute("netuid", 1);
    text("active");
    out.write(neuron.active() ? 0x88 : 0x89);
    text("stake");
    balance(neuron.stakeRao());
    text("stake_dict");
    out.write('}');
    memorise();
    text(neuron.coldkey().text());
    balance(neuron.stakeRao());
    out.write('s');
    for (String share : List.of("emission", "incentive", "consensus", "validator_trust", "rank")) {
      text(share);
      out.write('G');
      out.writeBytes(ByteBuffer.allocate(8).putDouble(0.25).array());
    }
    attribute("last_update", neuron.lastUpdate());
    text("prometheus_info");
    object(module("prometheus_info"), "PrometheusInfo");
    attribute("block", 0);
    text("ip");
    text("0.0.0.0");
    out.write('u');
    out.write('b');
    text("is_null");
    out.write(0x89);
    out.write('u');
    out.write('b');
  }

  private void balance(BigInteger rao) {
    object("bittensor.utils.balance", "Balance");
    text("rao");
    integer(rao);
    text("unit");
    text("τ");
    out.write('u');
    out.write('b');
  }

  private void object(String module, String name) {
    name(module, name);
    out.write(')');
    out.write(0x81);
    memorise();
    out.write('}');
    memorise();
    out.write('(');
  }

  private void attribute(String name, long value) {
    text(name);
    integer(value);
  }

  private void name(String module, String name) {
    Integer known = memo.get("!" + module + "." + name);
    if (known != null) {
      remembered(known);
      return;
    }
    text(module);
    text(name);
    out.write(0x93);
    memo.put("!" + module + "." + name, memorise());
  }

  private void longs(List<Long> values, boolean single) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.size()).order(ByteOrder.LITTLE_ENDIAN);
    values.forEach(bytes::putLong);
    array("i8", "<", single ? List.of() : List.of(values.size()), bytes.array());
  }

  private void floats(List<Double> values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.size()).order(ByteOrder.LITTLE_ENDIAN);
    values.forEach(value -> bytes.putFloat(value.floatValue()));
    array("f4", "<", List.of(values.size()), bytes.array());
  }

  private static byte[] flags(List<Neuron> neurons) {
    byte[] flags = new byte[neurons.size()];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = (byte) (neurons.get(i).validatorPermit() ? 1 : 0);
    }
    return flags;
  }

  private void array(String code, String order, List<Integer> shape, byte[] content) {
    if (writer.protocol == 5) {
      name(numpyCore() + ".numeric", "_frombuffer");
      out.write('(');
      out.write(0x96);
      out.writeBytes(little(content.length, 8));
      out.writeBytes(content);
      memorise();
      dtype(code, order);
      shape(shape);
      text("C");
      out.write('t');
      out.write('R');
      return;
    }
    name(numpyCore() + ".multiarray", "_reconstruct");
    name("numpy", "ndarray");
    integer(0);
    out.write(0x85);
    out.write('C');
    out.write(1);
    out.write('b');
    out.write(0x87);
    out.write('R');
    memorise();
    out.write('(');
    integer(1);
    shape(shape);
    dtype(code, order);
    out.write(0x89);
    out.write('B');
    out.writeBytes(little(content.length, 4));
    out.writeBytes(content);
    memorise();
    out.write('t');
    out.write('b');
  }

  private void shape(List<Integer> shape) {
    shape.forEach(this::integer);
    out.write(
        switch (shape.size()) {
          case 0 -> ')';
          case 1 -> 0x85;
          default -> 0x86;
        });
  }

  private void dtype(String code, String order) {
    name("numpy", "dtype");
    text(code);
    out.write(0x89);
    out.write(0x88);
    out.write(0x87);
    out.write('R');
    memorise();
    out.write('(');
    integer(3);
    text(order);
    out.write('N');
    out.write('N');
    out.write('N');
    integer(-1);
    integer(-1);
    integer(0);
    out.write('t');
    out.write('b');
  }

  private void text(String text) {
    Integer known = memo.get(text);
    if (known != null) {
      remembered(known);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(0x8c);
    out.write(bytes.length);
    out.writeBytes(bytes);
    memo.put(text, memorise());
  }

  private void remembered(int place) {
    if (place < 256) {
      out.write('h');
      out.write(place);
    } else {
      out.write('j');
      out.writeBytes(little(place, 4));
    }
  }

  private int memorise() {
    out.write(0x94);
    return memorised++;
  }

  private void integer(long value) {
    if (value >= 0 && value < 256) {
      out.write('K');
      out.write((int) value);
    } else if (value >= 0 && value < 65_536) {
      out.write('M');
      out.writeBytes(little(value, 2));
    } else if (value == (int) value) {
      out.write('J');
      out.writeBytes(little(value, 4));
    } else {
      integer(BigInteger.valueOf(value));
    }
  }

  private void integer(BigInteger value) {
    byte[] bigEndian = value.toByteArray();
    out.write(0x8a);
    out.write(bigEndian.length);
    for (int i = bigEndian.length - 1; i >= 0; i--) {
      out.write(bigEndian[i]);
    }
  }

  private static byte[] little(long value, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    return bytes;
  }
}
