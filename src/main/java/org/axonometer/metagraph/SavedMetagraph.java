package org.axonometer.metagraph;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonometer.metagraph.PickleValue.Array;
import org.axonometer.metagraph.PickleValue.BigInt;
import org.axonometer.metagraph.PickleValue.Int;
import org.axonometer.metagraph.PickleValue.Items;
import org.axonometer.metagraph.PickleValue.Pairs;
import org.axonometer.metagraph.PickleValue.Real;
import org.axonometer.metagraph.PickleValue.Text;
import org.axonometer.metagraph.PickleValue.Thing;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Sha256;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.jspecify.annotations.Nullable;

/**
 * The dict that {@code Metagraph.save()} of SDK 7 to 10 pickles when torch is not in use (protocol
 * 7.2). The SDK's shares are u16 numbers divided by 65,535 and its stakes rao divided by 10^9, both
 * as 32-bit floats: the shares come back exactly, a stake only where the file has the neuron's own
 * {@code Balance}.
 */
final class SavedMetagraph {

  private static final double RAO_PER_TAO = 1e9;

  private final byte[] data;
  private final String source;
  private final Pairs dict;

  private SavedMetagraph(byte[] data, String source, Pairs dict) {
    this.data = data;
    this.source = source;
    this.dict = dict;
  }

  /**
   * Reads one.
   *
   * @param takenAt the file does not say it
   * @param network what to call the network where the file says no name but an endpoint's address;
   *     null = as the file says
   * @throws SnapshotException when it is none
   */
  static MetagraphSnapshot read(
      byte[] data, String source, Instant takenAt, @Nullable String network) {
    PickleValue value = PickleReader.read(data, source);
    if (!(value instanceof Pairs dict)) {
      throw new SnapshotException(source + ": the pickle holds no dict");
    }
    try {
      return new SavedMetagraph(data, source, dict).snapshot(takenAt, network);
    } catch (IllegalArgumentException e) {
      throw new SnapshotException(source + ": " + e.getMessage(), e);
    }
  }

  private MetagraphSnapshot snapshot(Instant takenAt, @Nullable String network) {
    String own = text("network", dict.get("network"));
    boolean isName = MetagraphSnapshot.isNetworkName(own);
    if (!isName && network == null) {
      throw refused(
          "its network is %s, which is no name; give one with: snapshot import --network"
              .formatted(Quoted.text(own)));
    }
    String named = isName || network == null ? own : network;
    NetUid netuid = new NetUid((int) integer("netuid", dict.get("netuid"), Neuron.U16_MAX));
    long block = single("block");
    return new MetagraphSnapshot(named, netuid, block, takenAt, neurons(), hash());
  }

  private String hash() {
    return Sha256.hex(data);
  }

  private List<Neuron> neurons() {
    List<PickleValue> axons = list("axons");
    int n = Math.toIntExact(Math.min(single("n"), Integer.MAX_VALUE));
    if (axons.size() != n || n > SnapshotReader.MAX_NEURONS) {
      throw refused(
          "n is %d, axons has %d items; at most %d are read"
              .formatted(n, axons.size(), SnapshotReader.MAX_NEURONS));
    }
    Columns columns = new Columns(n);
    List<PickleValue> infos = dict.get("neurons") == null ? List.of() : list("neurons");
    if (!infos.isEmpty() && infos.size() != n) {
      throw refused("n is %d, neurons has %d items".formatted(n, infos.size()));
    }
    List<Neuron> neurons = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      try {
        neurons.add(columns.neuron(i, axons.get(i), infos.isEmpty() ? null : infos.get(i)));
      } catch (IllegalArgumentException e) {
        throw new SnapshotException(
            "%s: neuron %d: %s"
                .formatted(source, i, Quoted.printable(String.valueOf(e.getMessage()), 300)),
            e);
      }
    }
    return neurons;
  }

  /** The arrays with one element per neuron. */
  private final class Columns {
    private final Array.Content uids;
    private final Array.Content active;
    private final Array.Content lastUpdate;
    private final Array.Content permit;
    private final Array.Content stake;
    private final Array.Content incentive;
    private final Array.Content dividends;
    private final Array.Content consensus;

    /** Since 9.0 {@code stake} is the total; before it was the neuron's own. */
    private final boolean stakeIsTotal = dict.get("alpha_stake") != null;

    Columns(int n) {
      uids = column("uids", n);
      active = column("active", n);
      lastUpdate = column("last_update", n);
      permit = column("validator_permit", n);
      stake = column("stake", n);
      incentive = column("incentive", n);
      dividends = column("dividends", n);
      consensus = column("consensus", n);
    }

    Neuron neuron(int i, PickleValue axonValue, @Nullable PickleValue info) {
      Thing axon = thing(axonValue, PickleName.AXON_INFO);
      BigInteger shown = rao(real(stake, i));
      return new Neuron(
          new Uid((int) range("uid", whole(uids, i), Neuron.U16_MAX)),
          address(axon, "hotkey"),
          address(axon, "coldkey"),
          AxonAddress.parse(text("axon ip", axon.get("ip"))).value(),
          (int) integer("axon ip_type", axon.get("ip_type"), Neuron.U8_MAX),
          (int) integer("axon port", axon.get("port"), Neuron.U16_MAX),
          integer("axon version", axon.get("version"), Neuron.U32_MAX),
          0,
          info == null ? shown : ownStake(info, axon),
          whole(active, i) != 0,
          whole(permit, i) != 0,
          share("incentive", incentive, i),
          share("dividends", dividends, i),
          share("consensus", consensus, i),
          whole(lastUpdate, i),
          stakeIsTotal ? Optional.of(shown) : Optional.empty(),
          OptionalLong.empty());
    }
  }

  private BigInteger ownStake(PickleValue info, Thing axon) {
    Thing neuron =
        info instanceof Thing thing && thing.type() == PickleName.NEURON_INFO
            ? thing
            : thing(info, PickleName.NEURON_INFO_LITE);
    if (!text("hotkey", neuron.get("hotkey")).equals(text("hotkey", axon.get("hotkey")))) {
      throw new IllegalArgumentException("neurons and axons have different hotkeys");
    }
    PickleValue stake = neuron.get("stake");
    if (stake == null) {
      throw new IllegalArgumentException("stake is missing");
    }
    PickleValue rao = thing(stake, PickleName.BALANCE).get("rao");
    return switch (rao) {
      case Int(long value) -> BigInteger.valueOf(value);
      case BigInt(BigInteger value) -> value;
      case null, default -> throw new IllegalArgumentException("stake is no integer of rao");
    };
  }

  private static Thing thing(PickleValue value, PickleName type) {
    if (value instanceof Thing thing && thing.type() == type && thing.built()) {
      return thing;
    }
    throw new IllegalArgumentException("an object that is no " + type);
  }

  private static Ss58Address address(Thing axon, String key) {
    try {
      return new Ss58Address(text(key, axon.get(key)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }

  private List<PickleValue> list(String key) {
    if (dict.get(key) instanceof Items items) {
      return items.items();
    }
    throw refused("\"" + key + "\" is missing or no list");
  }

  private Array.Content column(String key, int n) {
    Array.Content content = array(key);
    if (content.dimensions() != 1 || content.count() != n) {
      throw refused("\"%s\" has %d elements, n is %d".formatted(key, content.count(), n));
    }
    return content;
  }

  private Array.Content array(String key) {
    if (dict.get(key) instanceof Array array && array.content().isPresent()) {
      return array.content().get();
    }
    throw refused("\"" + key + "\" is missing or no array");
  }

  /** A number that the SDK keeps as an array without dimensions. */
  private long single(String key) {
    if (dict.get(key) instanceof Int(long value) && value >= 0) {
      return value;
    }
    Array.Content content = array(key);
    if (content.dimensions() > 1 || content.count() != 1) {
      throw refused("\"" + key + "\" is no single number");
    }
    return range(key, whole(content, 0), Long.MAX_VALUE);
  }

  private ByteBuffer at(Array.Content content, int i) {
    return ByteBuffer.wrap(data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(content.bytes().offset() + i * content.type().bytes());
  }

  private long whole(Array.Content content, int i) {
    return switch (content.type()) {
      case I8 -> at(content, i).getLong();
      case I4 -> at(content, i).getInt();
      case B1 -> at(content, i).get();
      case F4, F8 -> {
        double value = real(content, i);
        if (value != Math.rint(value) || Math.abs(value) > 1L << 53) {
          throw new IllegalArgumentException("expected an integer, was " + value);
        }
        yield (long) value;
      }
    };
  }

  private double real(Array.Content content, int i) {
    return switch (content.type()) {
      case F4 -> at(content, i).getFloat();
      case F8 -> at(content, i).getDouble();
      case I8, I4, B1 -> whole(content, i);
    };
  }

  private int share(String what, Array.Content content, int i) {
    double value = real(content, i);
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(what + " must be 0..1, was " + value);
    }
    return (int) Math.rint(value * Neuron.U16_MAX);
  }

  private static BigInteger rao(double tao) {
    if (!(tao >= 0 && tao < 0x1p64 / RAO_PER_TAO)) {
      throw new IllegalArgumentException("stake must be 0..2^64-1 rao, was " + tao + " TAO");
    }
    return new BigDecimal(tao).movePointRight(9).setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
  }

  private static String text(String what, @Nullable PickleValue value) {
    if (value instanceof Text(String text)) {
      return text;
    }
    throw new IllegalArgumentException(what + " is missing or no text");
  }

  private static long integer(String what, @Nullable PickleValue value, long max) {
    return switch (value) {
      case Int(long number) -> range(what, number, max);
      case Real(double number) when number == Math.rint(number) -> range(what, (long) number, max);
      case null, default ->
          throw new IllegalArgumentException(what + " is missing or no integer 0.." + max);
    };
  }

  private static long range(String what, long value, long max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException("%s must be 0..%d, was %d".formatted(what, max, value));
    }
    return value;
  }

  private SnapshotException refused(String message) {
    return new SnapshotException(source + ": " + message);
  }
}
