package org.axonometer.metagraph;

import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.axonometer.subnet.Sha256;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.MinimalPrettyPrinter;

/**
 * Writes our own form of a snapshot: keys in one order, one neuron per line, so that the same
 * snapshot gives the same bytes and two snapshots can be compared line by line.
 */
final class SnapshotWriter {

  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
  private static final ObjectWriteContext ONE_NEURON_PER_LINE =
      new ObjectWriteContext.Base() {
        @Override
        public boolean hasPrettyPrinter() {
          return true;
        }

        @Override
        public PrettyPrinter getPrettyPrinter() {
          return new LinePerItem();
        }
      };

  private SnapshotWriter() {}

  /**
   * Writes everything but the hash, which is the hash of these very bytes; leaves the stream open.
   */
  static void write(MetagraphSnapshot snapshot, OutputStream out) {
    try (JsonGenerator json = FACTORY.createGenerator(ONE_NEURON_PER_LINE, out)) {
      json.writeStartObject();
      json.writeStringProperty("format", SnapshotReader.FORMAT);
      json.writeNumberProperty("version", version(snapshot));
      json.writeStringProperty("network", snapshot.network());
      json.writeNumberProperty("netuid", snapshot.netuid().value());
      json.writeNumberProperty("block", snapshot.block());
      json.writeStringProperty("taken_at", snapshot.takenAt().toString());
      json.writeArrayPropertyStart("neurons");
      snapshot.neurons().forEach(neuron -> write(neuron, json));
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  /** Lower-case hex SHA-256 of the bytes that {@link #write} makes. */
  static String hash(MetagraphSnapshot snapshot) {
    MessageDigest digest = Sha256.digest();
    write(snapshot, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The oldest version that can say it all. */
  private static int version(MetagraphSnapshot snapshot) {
    boolean more =
        snapshot.neurons().stream()
            .anyMatch(n -> n.totalStakeRao().isPresent() || n.registeredBlock().isPresent());
    return more ? SnapshotReader.VERSION : SnapshotReader.FIRST_VERSION;
  }

  private static void write(Neuron neuron, JsonGenerator json) {
    json.writeStartObject();
    json.writeNumberProperty("uid", neuron.uid().value());
    json.writeStringProperty("hotkey", neuron.hotkey().text());
    json.writeStringProperty("coldkey", neuron.coldkey().text());
    json.writeObjectPropertyStart("axon");
    json.writeStringProperty("ip", new AxonAddress(neuron.axonIp()).text());
    json.writeNumberProperty("ip_type", neuron.axonIpType());
    json.writeNumberProperty("port", neuron.axonPort());
    json.writeNumberProperty("version", neuron.axonVersion());
    json.writeNumberProperty("block", neuron.axonBlock());
    json.writeEndObject();
    json.writeStringProperty("stake_rao", neuron.stakeRao().toString());
    json.writeBooleanProperty("active", neuron.active());
    json.writeBooleanProperty("validator_permit", neuron.validatorPermit());
    json.writeNumberProperty("incentive", neuron.incentive());
    json.writeNumberProperty("dividends", neuron.dividends());
    json.writeNumberProperty("consensus", neuron.consensus());
    json.writeNumberProperty("last_update", neuron.lastUpdate());
    neuron
        .totalStakeRao()
        .ifPresent(rao -> json.writeStringProperty("total_stake_rao", rao.toString()));
    neuron
        .registeredBlock()
        .ifPresent(block -> json.writeNumberProperty("registered_block", block));
    json.writeEndObject();
  }

  /** No white space, but a line break around each item of a list. */
  private static final class LinePerItem extends MinimalPrettyPrinter {

    @Override
    public void beforeArrayValues(JsonGenerator json) {
      json.writeRaw('\n');
    }

    @Override
    public void writeArrayValueSeparator(JsonGenerator json) {
      json.writeRaw(",\n");
    }

    @Override
    public void writeEndArray(JsonGenerator json, int count) {
      json.writeRaw(count > 0 ? "\n]" : "]");
    }
  }
}
