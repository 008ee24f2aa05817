package org.axonometer.metagraph;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;

/** Reads our own form of a snapshot. */
final class SnapshotReader {

  static final String FORMAT = "axonometer-snapshot";
  static final int FIRST_VERSION = 1;
  static final int VERSION = 2;
  static final int MAX_NEURONS = 65_536;

  private static final Pattern UTC =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z");
  private static final Pattern UNSIGNED = Pattern.compile("0|[1-9][0-9]{0,19}");

  private static final JsonShape AXON =
      new JsonShape(
          Set.of("ip", "ip_type", "port", "version", "block"),
          Map.of(),
          Set.of(),
          JsonShape.Others.REFUSED);
  private static final Set<String> KEYS =
      Set.of(
          "uid",
          "hotkey",
          "coldkey",
          "stake_rao",
          "active",
          "validator_permit",
          "incentive",
          "dividends",
          "consensus",
          "last_update");
  private static final String TOTAL_STAKE = "total_stake_rao";
  private static final String REGISTERED = "registered_block";

  private final StrictJson json;
  private final String source;

  private Set<String> keys = KEYS;
  private @Nullable String network;
  private @Nullable NetUid netuid;
  private @Nullable Long block;
  private @Nullable Instant takenAt;
  private @Nullable List<Neuron> neurons;

  private SnapshotReader(StrictJson json, String source) {
    this.json = json;
    this.source = source;
  }

  /**
   * Reads one snapshot to the end of the bytes.
   *
   * @param source what to call it in errors
   */
  static MetagraphSnapshot read(GuardedBytes bytes, String source) {
    try (StrictJson json = new StrictJson(bytes, source)) {
      SnapshotReader reader = new SnapshotReader(json, source);
      reader.readAll();
      return reader.snapshot(bytes.hash());
    } catch (JacksonException e) {
      throw StrictJson.refused(source, e);
    }
  }

  private void readAll() {
    json.enter(JsonToken.START_OBJECT);
    requireFormat();
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      switch (key) {
        case "network" -> network = json.nextScalar(key).text(key);
        case "netuid" -> netuid = new NetUid(json.nextScalar(key).integer(key, Neuron.U16_MAX));
        case "block" -> block = json.nextScalar(key).integer(key, Long.MAX_VALUE);
        case "taken_at" -> takenAt = instant(json.nextScalar(key));
        case "neurons" -> neurons = neurons();
        default -> throw json.here("unknown key " + Quoted.text(key));
      }
    }
    json.end();
  }

  /** Format and version come first, so that a later version is refused as such. */
  private void requireFormat() {
    String first = json.nextKey();
    if (!"format".equals(first) || !json.nextScalar("format").text("format").equals(FORMAT)) {
      throw json.here("not a snapshot: it must begin with {\"format\":\"" + FORMAT + "\"");
    }
    String second = json.nextKey();
    if (!"version".equals(second)) {
      throw json.here("the second key must be \"version\"");
    }
    int version = json.nextScalar("version").integer("version", Integer.MAX_VALUE);
    if (version < FIRST_VERSION || version > VERSION) {
      throw json.here("version is " + version + ", this program reads versions 1 and " + VERSION);
    }
    if (version == VERSION) {
      keys =
          Stream.concat(KEYS.stream(), Stream.of(TOTAL_STAKE, REGISTERED))
              .collect(Collectors.toUnmodifiableSet());
    }
  }

  private MetagraphSnapshot snapshot(String sha256) {
    try {
      return new MetagraphSnapshot(
          required("network", network),
          required("netuid", netuid),
          required("block", block),
          required("taken_at", takenAt),
          required("neurons", neurons),
          sha256);
    } catch (IllegalArgumentException e) {
      throw new SnapshotException(source + ": " + e.getMessage(), e);
    }
  }

  private <T> T required(String key, @Nullable T value) {
    if (value == null) {
      throw new SnapshotException(source + ": key \"" + key + "\" is missing");
    }
    return value;
  }

  private List<Neuron> neurons() {
    json.enter(JsonToken.START_ARRAY);
    var shape = new JsonShape(keys, Map.of("axon", AXON), Set.of(), JsonShape.Others.REFUSED);
    List<Neuron> list = new ArrayList<>();
    for (JsonValues item = json.nextItem(0, shape);
        item != null;
        item = json.nextItem(list.size(), shape)) {
      if (list.size() == MAX_NEURONS) {
        throw item.refused("more than " + MAX_NEURONS + " neurons");
      }
      list.add(neuron(item));
    }
    return list;
  }

  private static Neuron neuron(JsonValues item) {
    JsonValues axon = item.object("axon");
    try {
      return new Neuron(
          new Uid(item.integer("uid", Neuron.U16_MAX)),
          address(item, "hotkey"),
          address(item, "coldkey"),
          AxonAddress.parse(axon.text("ip")).value(),
          axon.integer("ip_type", Neuron.U8_MAX),
          axon.integer("port", Neuron.U16_MAX),
          axon.integer("version", Neuron.U32_MAX),
          axon.integer("block", Long.MAX_VALUE),
          unsigned(item, "stake_rao"),
          item.flag("active"),
          item.flag("validator_permit"),
          item.integer("incentive", Neuron.U16_MAX),
          item.integer("dividends", Neuron.U16_MAX),
          item.integer("consensus", Neuron.U16_MAX),
          item.integer("last_update", Long.MAX_VALUE),
          item.has(TOTAL_STAKE) ? Optional.of(unsigned(item, TOTAL_STAKE)) : Optional.empty(),
          item.has(REGISTERED)
              ? OptionalLong.of(item.integer(REGISTERED, Long.MAX_VALUE))
              : OptionalLong.empty());
    } catch (IllegalArgumentException e) {
      throw item.refused(e);
    }
  }

  /** An account's address; the refusal says which key holds the bad one. */
  static Ss58Address address(JsonValues item, String key) {
    try {
      return new Ss58Address(item.text(key));
    } catch (IllegalArgumentException e) {
      throw item.refused(new IllegalArgumentException(key + ": " + e.getMessage(), e));
    }
  }

  private static BigInteger unsigned(JsonValues item, String key) {
    String digits = item.text(key);
    if (!UNSIGNED.matcher(digits).matches()) {
      throw item.refused(
          "%s must be a text of decimal digits, was %s".formatted(key, Quoted.text(digits)));
    }
    return new BigInteger(digits);
  }

  private static Instant instant(JsonValues value) {
    String text = value.text("taken_at");
    try {
      if (UTC.matcher(text).matches()) {
        return Instant.parse(text);
      }
    } catch (DateTimeException e) {
      throw value.refused("taken_at is no time that exists: " + Quoted.text(text));
    }
    throw value.refused(
        "taken_at must be UTC such as 2026-01-02T03:04:05Z, was " + Quoted.text(text));
  }
}
