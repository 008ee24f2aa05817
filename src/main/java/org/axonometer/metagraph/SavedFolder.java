package org.axonometer.metagraph;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder {@code network-…/netuid-…} of {@code block-N.pt} files that {@code Metagraph.save()}
 * fills (protocol 7.2).
 */
final class SavedFolder {

  private static final Pattern BLOCK = Pattern.compile("block-(0|[1-9][0-9]{0,17})\\.pt");
  private static final Pattern NETUID = Pattern.compile("netuid-(0|[1-9][0-9]{0,4})");
  private static final String NETWORK = "network-";
  private static final int MAX_ENTRIES = 1_000_000;

  /**
   * One of its files, with what the names say.
   *
   * @param netuid null when the folder is called otherwise
   * @param network null when the folder above is called otherwise
   */
  record Saved(Path file, long block, @Nullable Integer netuid, @Nullable String network) {

    /** The snapshot read from it; SnapshotException when it holds another block or subnet. */
    MetagraphSnapshot checked(MetagraphSnapshot snapshot) {
      if (snapshot.block() != block) {
        throw new SnapshotException(
            "%s: holds block %d, its name says %d".formatted(file, snapshot.block(), block));
      }
      if (netuid != null && snapshot.netuid().value() != netuid) {
        throw new SnapshotException(
            "%s: holds netuid %s, its folder's name says %d"
                .formatted(file, snapshot.netuid(), netuid));
      }
      if (network != null && !snapshot.network().equals(network)) {
        throw new SnapshotException(
            "%s: holds network %s, its folder's name says %s"
                .formatted(file, snapshot.network(), network));
      }
      return snapshot;
    }
  }

  private SavedFolder() {}

  /** The file of the highest block; SnapshotException when there is none. */
  static Saved newest(Path folder) {
    Path best = folder;
    long highest = -1;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      int seen = 0;
      for (Path entry : entries) {
        if (++seen > MAX_ENTRIES) {
          throw new SnapshotException(folder + ": more than " + MAX_ENTRIES + " entries");
        }
        Matcher matcher = BLOCK.matcher(String.valueOf(entry.getFileName()));
        if (matcher.matches() && Long.parseLong(matcher.group(1)) > highest) {
          highest = Long.parseLong(matcher.group(1));
          best = entry;
        }
      }
    } catch (IOException e) {
      throw new SnapshotException(folder + ": cannot be read: " + e.getMessage(), e);
    }
    if (highest < 0) {
      throw new SnapshotException(
          folder
              + ": no file named block-<number>.pt in it; name the folder network-<name>/netuid-<n>"
              + " that Metagraph.save() filled");
    }
    Path whole = folder.toAbsolutePath().normalize();
    Matcher netuid = NETUID.matcher(name(whole));
    return new Saved(
        best,
        highest,
        netuid.matches() ? Integer.valueOf(netuid.group(1)) : null,
        network(name(whole.getParent())));
  }

  private static @Nullable String network(String folder) {
    String named = folder.startsWith(NETWORK) ? folder.substring(NETWORK.length()) : "";
    return MetagraphSnapshot.isNetworkName(named) ? named : null;
  }

  private static String name(@Nullable Path folder) {
    return folder == null ? "" : String.valueOf(folder.getFileName());
  }
}
