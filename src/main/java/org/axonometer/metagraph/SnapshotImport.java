package org.axonometer.metagraph;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonometer.subnet.NetUid;

/**
 * Makes a snapshot of any form, told apart by its first byte. What the form does not say itself
 * must be given here; what it says and is given too must agree.
 *
 * @param takenAt empty = the file's last modification, where the form does not say it
 */
public record SnapshotImport(
    Optional<String> network,
    Optional<NetUid> netuid,
    OptionalLong block,
    Optional<Instant> takenAt) {

  /** Reads the file or folder; SnapshotException with the reason when it is refused. */
  public MetagraphSnapshot read(Path file) {
    if (Files.isDirectory(file)) {
      SavedFolder.Saved newest = SavedFolder.newest(file);
      return newest.checked(read(newest.file()));
    }
    MetagraphSnapshot snapshot =
        SnapshotFile.readRegular(file, (in, first, size) -> read(file, in, first, size));
    requireAgreement(file, snapshot);
    return snapshot;
  }

  private MetagraphSnapshot read(Path file, InputStream in, int first, int size)
      throws IOException {
    String source = file.toString();
    if (first == PickleReader.FIRST_BYTE) {
      return SnapshotFile.readSaved(file, in, size, takenAt, network.orElse(null));
    }
    if (first == 'P') {
      throw SnapshotFile.torch(file);
    }
    if (first == '[' || Character.digit(first, 16) >= 0) {
      return listed(file).read(in, first, source);
    }
    return SnapshotReader.read(new GuardedBytes(in, source), source);
  }

  private NeuronsLiteImport listed(Path file) throws IOException {
    if (network.isEmpty() || netuid.isEmpty() || block.isEmpty()) {
      throw new SnapshotException(
          file
              + ": a list of neurons says neither network, netuid nor block; give --network,"
              + " --netuid and --block");
    }
    Instant time =
        takenAt.isPresent()
            ? takenAt.get()
            : Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS);
    return new NeuronsLiteImport(network.get(), netuid.get(), block.getAsLong(), time);
  }

  private void requireAgreement(Path file, MetagraphSnapshot snapshot) {
    network
        .filter(given -> !given.equals(snapshot.network()))
        .ifPresent(given -> disagree(file, "network", given, snapshot.network()));
    netuid
        .filter(given -> !given.equals(snapshot.netuid()))
        .ifPresent(given -> disagree(file, "netuid", given, snapshot.netuid()));
    block.ifPresent(
        given -> {
          if (given != snapshot.block()) {
            disagree(file, "block", given, snapshot.block());
          }
        });
    takenAt
        .filter(given -> !given.equals(snapshot.takenAt()))
        .ifPresent(given -> disagree(file, "time", given, snapshot.takenAt()));
  }

  private static void disagree(Path file, String what, Object given, Object found) {
    throw new SnapshotException(
        "%s: is of %s %s, but %s was given".formatted(file, what, found, given));
  }
}
