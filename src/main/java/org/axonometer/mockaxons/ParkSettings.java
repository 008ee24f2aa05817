package org.axonometer.mockaxons;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.axonometer.subnet.NetUid;

/**
 * How many simulated axons there are, where, and what they do.
 *
 * @param count axons, 1 to 4096; their uids are 1..count
 * @param delay from the last byte of a query until the first byte of the answer; 0 to 59 min
 * @param seed of the keys and of MIXED's delays; parks with one seed have the same keys
 * @param network named by the snapshot, as is {@code block}
 * @param port the same for every axon, or 0: each takes a free one
 * @param nonceLog where every received query gets its line before anything is done with it
 * @param hanging how many of the first axons hang, whatever the profile; with 0 in profile HANG all
 * @param addressOffset the first axon's place among the park addresses, 0 to 15,000,000; parks with
 *     a fixed port side by side need ranges that do not overlap
 */
public record ParkSettings(
    int count,
    Profile profile,
    Duration delay,
    long seed,
    NetUid netuid,
    String network,
    long block,
    int port,
    Optional<Path> nonceLog,
    int hanging,
    int addressOffset) {

  private static final Duration LONGEST_DELAY = Duration.ofMinutes(59);

  public ParkSettings {
    require(count >= 1 && count <= 4096, "count must be 1..4096, was " + count);
    require(
        !delay.isNegative() && delay.compareTo(LONGEST_DELAY) <= 0,
        "delay must be 0 to 59m, was " + delay);
    require(!network.isBlank(), "network must not be blank");
    require(block >= 0, "block must not be negative, was " + block);
    require(port >= 0 && port <= 65_535, "port must be 0..65535, was " + port);
    require(hanging >= 0 && hanging <= count, "hanging must be 0.." + count + ", was " + hanging);
    require(
        addressOffset >= 0 && addressOffset <= 15_000_000,
        "addressOffset must be 0..15000000, was " + addressOffset);
  }

  /** No delay, seed 1, netuid 1 of network {@code local} at block 1,000,000, free ports, no log. */
  public static ParkSettings of(int count, Profile profile) {
    return new ParkSettings(
        count,
        profile,
        Duration.ZERO,
        1,
        new NetUid(1),
        "local",
        1_000_000,
        0,
        Optional.empty(),
        0,
        0);
  }

  public ParkSettings withDelay(Duration changed) {
    return new ParkSettings(
        count,
        profile,
        changed,
        seed,
        netuid,
        network,
        block,
        port,
        nonceLog,
        hanging,
        addressOffset);
  }

  public ParkSettings withSeed(long changed) {
    return new ParkSettings(
        count,
        profile,
        delay,
        changed,
        netuid,
        network,
        block,
        port,
        nonceLog,
        hanging,
        addressOffset);
  }

  public ParkSettings withSubnet(String changedNetwork, NetUid changedNetuid, long changedBlock) {
    return new ParkSettings(
        count,
        profile,
        delay,
        seed,
        changedNetuid,
        changedNetwork,
        changedBlock,
        port,
        nonceLog,
        hanging,
        addressOffset);
  }

  public ParkSettings withPort(int changed) {
    return new ParkSettings(
        count,
        profile,
        delay,
        seed,
        netuid,
        network,
        block,
        changed,
        nonceLog,
        hanging,
        addressOffset);
  }

  public ParkSettings withNonceLog(Path changed) {
    return new ParkSettings(
        count,
        profile,
        delay,
        seed,
        netuid,
        network,
        block,
        port,
        Optional.of(changed),
        hanging,
        addressOffset);
  }

  public ParkSettings withHanging(int changed) {
    return new ParkSettings(
        count,
        profile,
        delay,
        seed,
        netuid,
        network,
        block,
        port,
        nonceLog,
        changed,
        addressOffset);
  }

  public ParkSettings withAddressOffset(int changed) {
    return new ParkSettings(
        count, profile, delay, seed, netuid, network, block, port, nonceLog, hanging, changed);
  }

  private static void require(boolean good, String message) {
    if (!good) {
      throw new IllegalArgumentException(message);
    }
  }
}
