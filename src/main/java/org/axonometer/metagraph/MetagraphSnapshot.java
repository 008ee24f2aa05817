package org.axonometer.metagraph;

import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;

/**
 * The metagraph of one subnet at one block. No uid and no hotkey appears twice; a gap between uids
 * is fine.
 *
 * @param network the chain's name as the operator writes it, such as {@code finney}
 * @param block 0 or more
 * @param takenAt when the block was read
 * @param neurons at most 65,536, kept in uid order
 * @param sha256 lower-case hex of the bytes it was read from
 */
public record MetagraphSnapshot(
    String network,
    NetUid netuid,
    long block,
    Instant takenAt,
    List<Neuron> neurons,
    String sha256) {

  /** A snapshot taken further ahead of our clock than this is refused. */
  public static final Duration FUTURE_TOLERANCE = Duration.ofMinutes(5);

  /** From one block of the chain to the next. */
  public static final Duration BLOCK_TIME = Duration.ofSeconds(12);

  private static final Pattern NETWORK = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  public MetagraphSnapshot {
    if (!isNetworkName(network)) {
      throw new IllegalArgumentException(
          "network must be 1 to 64 letters, digits, '.', '_' or '-', was " + Quoted.text(network));
    }
    if (block < 0) {
      throw new IllegalArgumentException("block must be 0 or more, was " + block);
    }
    if (takenAt.isBefore(EARLIEST) || takenAt.isAfter(LATEST)) {
      throw new IllegalArgumentException("taken_at must be in 1970..9999, was " + takenAt);
    }
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "sha256 must be 64 lower-case hex digits, was " + Quoted.text(sha256));
    }
    requireUnique(neurons);
    neurons = neurons.stream().sorted(Comparator.comparing(Neuron::uid)).toList();
  }

  /**
   * A snapshot made here instead of read from our form. Its hash is that of the bytes {@link
   * SnapshotFile#write} makes of it, so what is read back equals it.
   */
  public static MetagraphSnapshot of(
      String network, NetUid netuid, long block, Instant takenAt, List<Neuron> neurons) {
    String notHashed = "0".repeat(64);
    MetagraphSnapshot snapshot =
        new MetagraphSnapshot(network, netuid, block, takenAt, neurons, notHashed);
    return new MetagraphSnapshot(
        network, netuid, block, takenAt, snapshot.neurons(), SnapshotWriter.hash(snapshot));
  }

  /** Whether a network may be called so. */
  static boolean isNetworkName(String text) {
    return NETWORK.matcher(text).matches();
  }

  /**
   * Checks that this is the subnet a job asks.
   *
   * @throws SnapshotException when it is not, with both values
   */
  public void requireSubnet(String wantedNetwork, NetUid wantedNetuid) {
    if (!network.equals(wantedNetwork)) {
      throw new SnapshotException(
          "snapshot is of network " + network + ", the job asks network " + wantedNetwork);
    }
    if (!netuid.equals(wantedNetuid)) {
      throw new SnapshotException(
          "snapshot is of netuid " + netuid + ", the job asks netuid " + wantedNetuid);
    }
  }

  /** How old it is; never below zero, since clocks differ a little. */
  public Duration age(Instant now) {
    Duration age = Duration.between(takenAt, now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** An age in blocks and minutes, such as {@code 15 blocks, 3 min}. */
  public static String ageText(Duration age) {
    return "%d blocks, %d min".formatted(age.dividedBy(BLOCK_TIME), age.toMinutes());
  }

  /**
   * Checks that it is not from the future, beyond {@link #FUTURE_TOLERANCE}: either its maker's
   * clock is wrong then or ours is.
   *
   * @throws SnapshotException when it is
   */
  public void requireNotFromFuture(Instant now) {
    Duration ahead = Duration.between(now, takenAt);
    if (ahead.compareTo(FUTURE_TOLERANCE) > 0) {
      throw new SnapshotException(
          "snapshot was taken %s in the future (block %d, taken %s, now %s); check both clocks"
              .formatted(text(ahead), block, takenAt, now));
    }
  }

  /**
   * Why it is too old; empty when it is not.
   *
   * @param maxAge empty = any age
   */
  public Optional<String> staleness(Optional<Duration> maxAge, Instant now) {
    Duration age = Duration.between(takenAt, now);
    return maxAge
        .filter(limit -> age.compareTo(limit) > 0)
        .map(
            limit ->
                "snapshot is %s old (block %d, taken %s); max-age is %s"
                    .formatted(text(age), block, takenAt, text(limit)));
  }

  /**
   * Why it does not come after the one used before; empty when it does, or is the same block.
   *
   * @param lastBlock of the snapshot used before
   * @param lastTakenAt when that was taken
   */
  public Optional<String> disorder(long lastBlock, Instant lastTakenAt) {
    if (block < lastBlock) {
      return Optional.of(
          "snapshot is of block %d, older than block %d that was used before"
              .formatted(block, lastBlock));
    }
    Duration between = Duration.between(lastTakenAt, takenAt).plus(FUTURE_TOLERANCE);
    long most = Math.max(0, between.dividedBy(BLOCK_TIME));
    return block - lastBlock <= most
        ? Optional.empty()
        : Optional.of(
            "snapshot is of block %d, but only %d blocks can have come since block %d of %s"
                .formatted(block, most, lastBlock, lastTakenAt));
  }

  private static void requireUnique(List<Neuron> neurons) {
    BitSet uids = new BitSet();
    Map<Ss58Address, Uid> hotkeys = new HashMap<>();
    for (Neuron neuron : neurons) {
      if (uids.get(neuron.uid().value())) {
        throw new IllegalArgumentException("uid " + neuron.uid() + " appears twice");
      }
      uids.set(neuron.uid().value());
      Uid other = hotkeys.putIfAbsent(neuron.hotkey(), neuron.uid());
      if (other != null) {
        throw new IllegalArgumentException(
            "hotkey %s appears twice, at uid %s and uid %s"
                .formatted(neuron.hotkey(), other, neuron.uid()));
      }
    }
  }

  /** The two largest units, such as {@code 3d 4h}; the smaller one is left out when it is 0. */
  private static String text(Duration duration) {
    long[] amounts = {
      duration.toDays(), duration.toHoursPart(), duration.toMinutesPart(), duration.toSecondsPart()
    };
    String[] units = {"d", "h", "m", "s"};
    int first = 0;
    while (first < units.length - 1 && amounts[first] == 0) {
      first++;
    }
    String largest = amounts[first] + units[first];
    boolean hasSecond = first + 1 < units.length && amounts[first + 1] > 0;
    return hasSecond ? largest + " " + amounts[first + 1] + units[first + 1] : largest;
  }
}
