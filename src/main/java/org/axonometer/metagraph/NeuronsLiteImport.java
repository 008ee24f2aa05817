package org.axonometer.metagraph;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Uid;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;

/**
 * Makes a snapshot of a list of {@code NeuronInfoLite}: what the chain's runtime call {@code
 * get_neurons_lite} returns, as the hex text of its SCALE bytes (either result form of protocol
 * 7.4), or decoded to JSON, each field under its own name with its raw integer. The list names its
 * netuid in every neuron but neither network, block nor time; who imports it states them. Keys that
 * a snapshot does not need are skipped, since they differ between runtimes.
 *
 * @param network such as {@code finney}
 * @param netuid what every neuron of the list must say
 * @param block the block the list was read at
 * @param takenAt when it was read
 */
public record NeuronsLiteImport(String network, NetUid netuid, long block, Instant takenAt) {

  private static final JsonShape AXON =
      new JsonShape(
          Set.of("ip", "ip_type", "port", "version", "block"),
          Map.of(),
          Set.of(),
          JsonShape.Others.SKIPPED);
  private static final JsonShape NEURON =
      new JsonShape(
          Set.of(
              "uid",
              "netuid",
              "hotkey",
              "coldkey",
              "active",
              "validator_permit",
              "incentive",
              "dividends",
              "consensus",
              "last_update"),
          Map.of("axon_info", AXON),
          Set.of("stake"),
          JsonShape.Others.SKIPPED);

  /** Reads the list, under the same limits as a snapshot; SnapshotException when it is not one. */
  public MetagraphSnapshot read(Path file) {
    return SnapshotFile.readRegular(file, (in, first, size) -> read(in, first, file.toString()));
  }

  MetagraphSnapshot read(InputStream in, int first, String source) throws IOException {
    GuardedBytes bytes = new GuardedBytes(in, source);
    if (first == '[') {
      return read(bytes, source);
    }
    return read(HexText.decode(bytes, source), source, NeuronLite.Kind.LITE);
  }

  /** Reads SCALE bytes of either result form. */
  MetagraphSnapshot read(byte[] scale, String source, NeuronLite.Kind kind) {
    List<Neuron> neurons = ofScale(scale, source, kind);
    try {
      return MetagraphSnapshot.of(network, netuid, block, takenAt, neurons);
    } catch (IllegalArgumentException e) {
      throw new SnapshotException(source + ": " + e.getMessage(), e);
    }
  }

  /**
   * The neurons in SCALE bytes of either result form.
   *
   * @throws SnapshotException with the byte offset, when they are none, or of another subnet
   */
  List<Neuron> ofScale(byte[] scale, String source) {
    return ofScale(scale, source, NeuronLite.Kind.LITE);
  }

  List<Neuron> ofScale(byte[] scale, String source, NeuronLite.Kind kind) {
    ScaleReader in =
        ScaleReader.ofResult(scale, source, answer -> NeuronLite.readAll(answer, kind));
    int count = NeuronLite.count(in);
    List<Neuron> neurons = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      NeuronLite neuron = NeuronLite.read(in, kind);
      try {
        requireNetuid(neuron.netuid());
        neurons.add(neuron.neuron());
      } catch (IllegalArgumentException e) {
        throw in.refused("neuron %d: %s".formatted(i, e.getMessage()));
      }
    }
    in.end();
    if (neurons.isEmpty()) {
      throw in.refused("no neurons: there is no subnet " + netuid + " at this block");
    }
    return neurons;
  }

  private void requireNetuid(int found) {
    if (found != netuid.value()) {
      throw new IllegalArgumentException(
          "netuid is " + found + ", the import is of netuid " + netuid);
    }
  }

  MetagraphSnapshot read(GuardedBytes bytes, String source) {
    try (StrictJson json = new StrictJson(bytes, source)) {
      List<Neuron> neurons = neurons(json);
      json.end();
      return MetagraphSnapshot.of(network, netuid, block, takenAt, neurons);
    } catch (JacksonException e) {
      throw StrictJson.refused(source, e);
    } catch (IllegalArgumentException e) {
      throw new SnapshotException(source + ": " + e.getMessage(), e);
    }
  }

  private List<Neuron> neurons(StrictJson json) {
    json.enter(JsonToken.START_ARRAY);
    List<Neuron> list = new ArrayList<>();
    for (JsonValues item = json.nextItem(0, NEURON);
        item != null;
        item = json.nextItem(list.size(), NEURON)) {
      if (list.size() == SnapshotReader.MAX_NEURONS) {
        throw item.refused("more than " + SnapshotReader.MAX_NEURONS + " neurons");
      }
      list.add(neuron(item));
    }
    return list;
  }

  private Neuron neuron(JsonValues item) {
    int found = item.integer("netuid", Neuron.U16_MAX);
    try {
      requireNetuid(found);
    } catch (IllegalArgumentException e) {
      throw item.refused(e);
    }
    JsonValues axon = item.object("axon_info");
    BigInteger stakeRao = item.sumOfPairs("stake", 64);
    try {
      return new Neuron(
          new Uid(item.integer("uid", Neuron.U16_MAX)),
          SnapshotReader.address(item, "hotkey"),
          SnapshotReader.address(item, "coldkey"),
          axon.unsigned("ip", 128),
          axon.integer("ip_type", Neuron.U8_MAX),
          axon.integer("port", Neuron.U16_MAX),
          axon.integer("version", Neuron.U32_MAX),
          axon.integer("block", Long.MAX_VALUE),
          stakeRao,
          item.flag("active"),
          item.flag("validator_permit"),
          item.integer("incentive", Neuron.U16_MAX),
          item.integer("dividends", Neuron.U16_MAX),
          item.integer("consensus", Neuron.U16_MAX),
          item.integer("last_update", Long.MAX_VALUE));
    } catch (IllegalArgumentException e) {
      throw item.refused(e);
    }
  }
}
