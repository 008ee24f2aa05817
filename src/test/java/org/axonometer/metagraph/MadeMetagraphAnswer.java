package org.axonometer.metagraph;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.axonometer.testing.ScaleMetagraph;

/** Writes a snapshot as a runtime's answer of {@code get_metagraph} and its selective kin. */
final class MadeMetagraphAnswer {

  /** A subnet's or coldkey's text with bytes that are no ASCII, and some that are no UTF-8. */
  private static final byte[] ODD_TEXT = {3, (byte) 0xce, (byte) 0xb1, (byte) 0xff, 0};

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final MetagraphSnapshot snapshot;
  private final MetagraphAnswer.Layout layout;

  private MadeMetagraphAnswer(MetagraphSnapshot snapshot, MetagraphAnswer.Layout layout) {
    this.snapshot = snapshot;
    this.layout = layout;
  }

  /**
   * @param left fields that are not asked for, of a selective answer
   */
  static byte[] of(
      MetagraphSnapshot snapshot, MetagraphAnswer.Layout layout, Set<MetagraphField> left) {
    MadeMetagraphAnswer answer = new MadeMetagraphAnswer(snapshot, layout);
    answer.out.write(1);
    for (MetagraphField field : MetagraphField.values()) {
      if (!layout.has(field)) {
        break;
      }
      if (layout.selective() && field != MetagraphField.NETUID) {
        answer.out.write(left.contains(field) ? 0 : 1);
      }
      if (!left.contains(field)) {
        answer.write(field);
      }
    }
    return answer.out.toByteArray();
  }

  private void write(MetagraphField field) {
    switch (field.kind()) {
      case U16, U64, U128 -> compact(number(field));
      case FLAG -> out.write(1);
      case ACCOUNT -> out.writeBytes(new byte[32]);
      case COMPACT_TEXT -> compactBytes();
      case FIXED -> out.writeBytes(new byte[16]);
      case SUBNET_IDENTITY -> texts(layout.subnetTexts());
      case U16S, U64S -> each(neuron -> ScaleMetagraph.compactOf(number(field, neuron)));
      case FLAGS ->
          each(
              neuron -> {
                boolean flag =
                    field == MetagraphField.ACTIVE ? neuron.active() : neuron.validatorPermit();
                return new byte[] {(byte) (flag ? 1 : 0)};
              });
      case ACCOUNTS ->
          each(
              neuron ->
                  (field == MetagraphField.HOTKEYS ? neuron.hotkey() : neuron.coldkey())
                      .publicKey());
      case AXONS -> each(ScaleMetagraph::axon);
      case IDENTITIES -> {
        compact(BigInteger.valueOf(snapshot.neurons().size()));
        for (Neuron neuron : snapshot.neurons()) {
          if (neuron.uid().value() % 2 == 0) {
            texts(layout.coldkeyTexts());
          } else {
            out.write(0);
          }
        }
      }
      case DIVIDENDS -> {
        compact(BigInteger.valueOf(snapshot.neurons().size()));
        for (Neuron neuron : snapshot.neurons()) {
          out.writeBytes(neuron.hotkey().publicKey());
          compact(BigInteger.ONE.shiftLeft(63));
        }
      }
      case COMMITMENTS -> {
        compact(BigInteger.ONE);
        out.writeBytes(new byte[32]);
        compactBytes();
      }
    }
  }

  private BigInteger number(MetagraphField field) {
    return switch (field) {
      case NETUID -> BigInteger.valueOf(snapshot.netuid().value());
      case BLOCK -> BigInteger.valueOf(snapshot.block());
      case SUBNET_VOLUME -> BigInteger.ONE.shiftLeft(127);
      case ADJUSTMENT_ALPHA -> BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
      default -> BigInteger.valueOf(field.index() * 997L);
    };
  }

  private BigInteger number(MetagraphField field, Neuron neuron) {
    return switch (field) {
      case LAST_UPDATE -> BigInteger.valueOf(neuron.lastUpdate());
      case DIVIDENDS -> BigInteger.valueOf(neuron.dividends());
      case INCENTIVES -> BigInteger.valueOf(neuron.incentive());
      case CONSENSUS -> BigInteger.valueOf(neuron.consensus());
      case BLOCK_AT_REGISTRATION -> BigInteger.valueOf(neuron.registeredBlock().orElse(0));
      case ALPHA_STAKE -> neuron.stakeRao();
      case TOTAL_STAKE -> neuron.totalStakeRao().orElse(BigInteger.ZERO);
      default -> BigInteger.valueOf(neuron.uid().value());
    };
  }

  private void each(Function<Neuron, byte[]> writer) {
    List<Neuron> neurons = snapshot.neurons();
    compact(BigInteger.valueOf(neurons.size()));
    neurons.forEach(neuron -> out.writeBytes(writer.apply(neuron)));
  }

  private void texts(int count) {
    out.write(1);
    for (int i = 0; i < count; i++) {
      byte[] text = i % 2 == 0 ? ODD_TEXT : "plain".getBytes(StandardCharsets.US_ASCII);
      compact(BigInteger.valueOf(text.length));
      out.writeBytes(text);
    }
  }

  private void compactBytes() {
    compact(BigInteger.valueOf(ODD_TEXT.length));
    for (byte b : ODD_TEXT) {
      compact(BigInteger.valueOf(Byte.toUnsignedLong(b)));
    }
  }

  private void compact(BigInteger value) {
    out.writeBytes(ScaleMetagraph.compactOf(value));
  }
}
