package org.axonometer.metagraph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.axonometer.subnet.NetUid;

/**
 * The snapshots taken from the chain and kept as files: {@code
 * network-…/netuid-…/block-<block>-<sha256>.json}. One block's snapshot is always the same bytes,
 * so taking it again changes nothing.
 *
 * @param folder made when the first one is kept
 */
public record KeptSnapshots(Path folder) {

  private static final Pattern NAME =
      Pattern.compile("block-(0|[1-9][0-9]{0,17})-([0-9a-f]{64})\\.json");

  /** One of the files, as its name tells. */
  private record Kept(Path file, long block, String sha256) {

    static Stream<Kept> of(Path file) {
      Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
      return matcher.matches()
          ? Stream.of(new Kept(file, Long.parseLong(matcher.group(1)), matcher.group(2)))
          : Stream.empty();
    }
  }

  /** Writes it down; where. SnapshotException when it cannot be written. */
  public Path keep(MetagraphSnapshot snapshot) {
    Path subnet = subnet(snapshot.network(), snapshot.netuid());
    Path file = subnet.resolve("block-%d-%s.json".formatted(snapshot.block(), snapshot.sha256()));
    try {
      Files.createDirectories(subnet);
    } catch (IOException e) {
      throw new SnapshotException(subnet + ": cannot be made: " + e.getMessage(), e);
    }
    SnapshotFile.write(snapshot, file);
    return file;
  }

  /** The file of the highest block of a subnet; empty when none was kept. */
  public Optional<Path> newest(String network, NetUid netuid) {
    return newest(kept(subnet(network, netuid))).map(Kept::file);
  }

  private static Optional<Kept> newest(List<Kept> kept) {
    return kept.stream().max(Comparator.comparingLong(Kept::block));
  }

  private static List<Kept> kept(Path subnet) {
    if (!Files.isDirectory(subnet)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(subnet)) {
      return files.flatMap(Kept::of).toList();
    } catch (IOException e) {
      throw new SnapshotException(subnet + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Deletes the files that nobody needs. The newest of each subnet stays, and what is kept since
   * {@code since}, which a round may just be about to open on.
   *
   * @param needed says of a digest whether a round was opened on that snapshot
   * @param named files that stay whatever they hold
   * @return how many went
   * @throws SnapshotException when one cannot be looked at or deleted
   */
  public int prune(Predicate<String> needed, Set<Path> named, Instant since) {
    int deleted = 0;
    for (Path subnet : subnets()) {
      List<Kept> kept = kept(subnet);
      Optional<Kept> newest = newest(kept);
      for (Kept one : kept) {
        if (!newest.equals(Optional.of(one))
            && !needed.test(one.sha256())
            && !named.contains(one.file().toAbsolutePath().normalize())
            && delete(one.file(), since)) {
          deleted++;
        }
      }
    }
    return deleted;
  }

  private List<Path> subnets() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.find(folder, 2, (path, is) -> is.isDirectory())) {
      return folders
          .filter(path -> String.valueOf(path.getFileName()).startsWith("netuid-"))
          .toList();
    } catch (IOException e) {
      throw new SnapshotException(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean delete(Path file, Instant since) {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(since)
          && Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new SnapshotException(file + ": cannot be deleted: " + e.getMessage(), e);
    }
  }

  private Path subnet(String network, NetUid netuid) {
    return folder.resolve("network-" + network).resolve("netuid-" + netuid);
  }
}
