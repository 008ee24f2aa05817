package org.axonometer.metagraph;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;

/**
 * What the runtime calls {@code get_metagraph}, {@code get_selective_metagraph} and {@code
 * get_selective_mechagraph} return: one struct with a list per field of the neurons, in uid order
 * (layout: protocol 7.6), raw integers.
 *
 * @param values of those fields that the answer has and that were to be kept: BigInteger for any
 *     number, Boolean, text, Ss58Address, lists, and Optional where the struct has an option
 */
record MetagraphAnswer(Map<MetagraphField, Object> values) {

  private static final int KEY_BYTES = 32;
  private static final int AXON_BYTES = 40;
  private static final int MAX_TEXT_BYTES = 65_536;

  /** A mechanism's metagraph says its mechanism in the bits above the netuid's twelve. */
  private static final BigInteger NETUIDS_OF_A_MECHANISM = BigInteger.valueOf(4_096);

  private static final Set<MetagraphField> OF_A_SNAPSHOT =
      EnumSet.of(
          MetagraphField.NETUID,
          MetagraphField.BLOCK,
          MetagraphField.HOTKEYS,
          MetagraphField.COLDKEYS,
          MetagraphField.AXONS,
          MetagraphField.ACTIVE,
          MetagraphField.VALIDATOR_PERMIT,
          MetagraphField.LAST_UPDATE,
          MetagraphField.DIVIDENDS,
          MetagraphField.INCENTIVES,
          MetagraphField.CONSENSUS,
          MetagraphField.BLOCK_AT_REGISTRATION,
          MetagraphField.ALPHA_STAKE,
          MetagraphField.TOTAL_STAKE);

  /** What may be missing: the operator says the block, and a snapshot need not have the others. */
  private static final Set<MetagraphField> NOT_NEEDED =
      EnumSet.of(
          MetagraphField.BLOCK, MetagraphField.BLOCK_AT_REGISTRATION, MetagraphField.TOTAL_STAKE);

  /**
   * What differs between runtimes, and cannot be seen in the bytes but by reading them all.
   *
   * @param selective whether every field but netuid is an option, and the last two are there
   * @param subnetTexts texts of a subnet's identity: 8, or 7 before June 2025
   * @param coldkeyTexts texts of a coldkey's identity: 7, or 6 before it named a repository
   */
  record Layout(boolean selective, int subnetTexts, int coldkeyTexts) {

    /** Newest first. */
    static List<Layout> known() {
      List<Layout> known = new ArrayList<>();
      for (int subnetTexts = 8; subnetTexts >= 7; subnetTexts--) {
        for (int coldkeyTexts = 7; coldkeyTexts >= 6; coldkeyTexts--) {
          known.add(new Layout(true, subnetTexts, coldkeyTexts));
          known.add(new Layout(false, subnetTexts, coldkeyTexts));
        }
      }
      return List.copyOf(known);
    }

    boolean has(MetagraphField field) {
      return selective || field.compareTo(MetagraphField.VALIDATORS) < 0;
    }

    /** The layout of an answer. */
    void readAll(ScaleReader in) {
      MetagraphAnswer.read(in, this, EnumSet.noneOf(MetagraphField.class));
    }
  }

  MetagraphAnswer {
    values = Map.copyOf(values);
  }

  /** Reads what a snapshot is made of; empty when the chain answers that there is no subnet. */
  static Optional<MetagraphAnswer> read(ScaleReader in, Layout layout) {
    return read(in, layout, OF_A_SNAPSHOT);
  }

  /**
   * Reads an answer and keeps some of it.
   *
   * @throws SnapshotException with the byte offset, when the bytes are not one
   */
  static Optional<MetagraphAnswer> read(ScaleReader in, Layout layout, Set<MetagraphField> kept) {
    if (!in.bool("option")) {
      return Optional.empty();
    }
    Map<MetagraphField, Object> values = new EnumMap<>(MetagraphField.class);
    for (MetagraphField field : MetagraphField.values()) {
      boolean isOption = layout.selective && field != MetagraphField.NETUID;
      if (layout.has(field) && (!isOption || in.bool("option of " + field))) {
        Object value = value(in, field, layout);
        if (kept.contains(field)) {
          values.put(field, value);
        }
      }
    }
    return Optional.of(new MetagraphAnswer(values));
  }

  private static Object value(ScaleReader in, MetagraphField field, Layout layout) {
    String what = field.toString();
    return switch (field.kind()) {
      case U16 -> in.compact(16, what);
      case U64 -> in.compact(64, what);
      case U128 -> in.compact(128, what);
      case FLAG -> in.bool(what);
      case ACCOUNT -> in.account(what);
      case COMPACT_TEXT -> new String(compactBytes(in, what), StandardCharsets.UTF_8);
      case FIXED -> in.unsigned(16, what);
      case SUBNET_IDENTITY -> texts(in, layout.subnetTexts, what);
      case U16S -> list(in, 1, what, 16);
      case U64S -> list(in, 1, what, 64);
      case FLAGS -> in.list(SnapshotReader.MAX_NEURONS, 1, what, () -> in.bool(what));
      case ACCOUNTS -> in.list(SnapshotReader.MAX_NEURONS, KEY_BYTES, what, () -> in.account(what));
      case AXONS ->
          in.list(SnapshotReader.MAX_NEURONS, AXON_BYTES, what, () -> NeuronLite.Axon.read(in));
      case IDENTITIES ->
          in.list(SnapshotReader.MAX_NEURONS, 1, what, () -> texts(in, layout.coldkeyTexts, what));
      case DIVIDENDS ->
          in.list(
              SnapshotReader.MAX_NEURONS,
              KEY_BYTES + 1,
              what,
              () -> List.of(in.account(what), in.compact(64, what)));
      case COMMITMENTS ->
          in.list(
              SnapshotReader.MAX_NEURONS,
              KEY_BYTES + 1,
              what,
              () -> List.of(in.account(what), HexFormat.of().formatHex(compactBytes(in, what))));
    };
  }

  private static List<BigInteger> list(ScaleReader in, int leastBytes, String what, int bits) {
    return in.list(SnapshotReader.MAX_NEURONS, leastBytes, what, () -> in.compact(bits, what));
  }

  /** An option of so many lists of u8. */
  private static Optional<List<String>> texts(ScaleReader in, int count, String what) {
    if (!in.bool("option in " + what)) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(new String(in.bytes(what), StandardCharsets.UTF_8));
    }
    return Optional.of(List.copyOf(texts));
  }

  private static byte[] compactBytes(ScaleReader in, String what) {
    byte[] bytes = new byte[in.count(MAX_TEXT_BYTES, 1, what)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = in.compact(8, what).byteValue();
    }
    return bytes;
  }

  /**
   * The snapshot it makes.
   *
   * @param block when the answer does not say it; may be empty when it does
   * @throws IllegalArgumentException when something that is needed is missing, or is out of range
   */
  MetagraphSnapshot snapshot(String network, OptionalLong block, Instant takenAt) {
    requireWhatIsNeeded();
    NetUid netuid =
        new NetUid(number(MetagraphField.NETUID).mod(NETUIDS_OF_A_MECHANISM).intValueExact());
    OptionalLong read =
        values.containsKey(MetagraphField.BLOCK)
            ? OptionalLong.of(NeuronLite.signed("block", number(MetagraphField.BLOCK)))
            : block;
    if (read.isEmpty()) {
      throw new IllegalArgumentException("the answer does not say its block; give --block");
    }
    return MetagraphSnapshot.of(
        network, netuid, read.getAsLong(), takenAt, new Columns().neurons());
  }

  private void requireWhatIsNeeded() {
    List<String> missing =
        OF_A_SNAPSHOT.stream()
            .filter(field -> !values.containsKey(field) && !NOT_NEEDED.contains(field))
            .map(MetagraphField::toString)
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "the answer has no %s; ask for the fields %s"
              .formatted(
                  String.join(", ", missing),
                  OF_A_SNAPSHOT.stream()
                      .map(field -> Integer.toString(field.index()))
                      .collect(Collectors.joining(", "))));
    }
  }

  private BigInteger number(MetagraphField field) {
    return (BigInteger) Objects.requireNonNull(values.get(field), field.toString());
  }

  private <T> List<T> list(MetagraphField field, Class<T> type) {
    return values.get(field) instanceof List<?> items
        ? items.stream().map(type::cast).toList()
        : List.of();
  }

  /** The lists with one item per neuron; an empty one is a field the answer may lack. */
  private final class Columns {
    private final List<Ss58Address> hotkeys = list(MetagraphField.HOTKEYS, Ss58Address.class);
    private final List<Ss58Address> coldkeys = column(MetagraphField.COLDKEYS, Ss58Address.class);
    private final List<NeuronLite.Axon> axons = column(MetagraphField.AXONS, NeuronLite.Axon.class);
    private final List<Boolean> active = column(MetagraphField.ACTIVE, Boolean.class);
    private final List<Boolean> permits = column(MetagraphField.VALIDATOR_PERMIT, Boolean.class);
    private final List<BigInteger> lastUpdates = numbers(MetagraphField.LAST_UPDATE);
    private final List<BigInteger> dividends = numbers(MetagraphField.DIVIDENDS);
    private final List<BigInteger> incentives = numbers(MetagraphField.INCENTIVES);
    private final List<BigInteger> consensus = numbers(MetagraphField.CONSENSUS);
    private final List<BigInteger> registered = numbers(MetagraphField.BLOCK_AT_REGISTRATION);
    private final List<BigInteger> alphaStakes = numbers(MetagraphField.ALPHA_STAKE);
    private final List<BigInteger> totalStakes = numbers(MetagraphField.TOTAL_STAKE);

    List<Neuron> neurons() {
      return IntStream.range(0, hotkeys.size()).mapToObj(this::neuron).toList();
    }

    private List<BigInteger> numbers(MetagraphField field) {
      return column(field, BigInteger.class);
    }

    private <T> List<T> column(MetagraphField field, Class<T> type) {
      List<T> list = list(field, type);
      if (list.size() != hotkeys.size() && values.containsKey(field)) {
        throw new IllegalArgumentException(
            "%d hotkeys, but %s has %d items".formatted(hotkeys.size(), field, list.size()));
      }
      return list;
    }

    private Neuron neuron(int uid) {
      NeuronLite.Axon axon = axons.get(uid);
      return new Neuron(
          new Uid(uid),
          hotkeys.get(uid),
          coldkeys.get(uid),
          axon.ip(),
          axon.ipType(),
          axon.port(),
          axon.version(),
          NeuronLite.signed("axon block", axon.block()),
          alphaStakes.get(uid),
          active.get(uid),
          permits.get(uid),
          incentives.get(uid).intValueExact(),
          dividends.get(uid).intValueExact(),
          consensus.get(uid).intValueExact(),
          NeuronLite.signed("last_update", lastUpdates.get(uid)),
          totalStakes.isEmpty() ? Optional.empty() : Optional.of(totalStakes.get(uid)),
          registered.isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(NeuronLite.signed("registered block", registered.get(uid))));
    }
  }
}
