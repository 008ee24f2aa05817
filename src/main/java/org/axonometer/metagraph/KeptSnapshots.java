package org.axonometer.metagraph;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
      Pattern.compile("block-(0|[1-9][0-9]{0,17})-[0-9a-f]{64}\\.json");

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
    Path subnet = subnet(network, netuid);
    if (!Files.isDirectory(subnet)) {
      return Optional.empty();
    }
    long highest = -1;
    Optional<Path> best = Optional.empty();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(subnet)) {
      for (Path entry : entries) {
        Matcher matcher = NAME.matcher(String.valueOf(entry.getFileName()));
        if (matcher.matches() && Long.parseLong(matcher.group(1)) > highest) {
          highest = Long.parseLong(matcher.group(1));
          best = Optional.of(entry);
        }
      }
    } catch (IOException e) {
      throw new SnapshotException(subnet + ": cannot be read: " + e.getMessage(), e);
    }
    return best;
  }

  private Path subnet(String network, NetUid netuid) {
    return folder.resolve("network-" + network).resolve("netuid-" + netuid);
  }
}
