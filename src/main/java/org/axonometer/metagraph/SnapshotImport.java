package org.axonometer.metagraph;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonometer.subnet.NetUid;

/**
 * Makes a snapshot of any form, told apart by its first byte. What the form does not say itself
 * must be given here; what it says and is given too must agree.
 *
 * @param takenAt empty = the file's last modification, where the form does not say it
 * @param subnetState a file with the hex answer of {@code get_subnet_state}, which completes a list
 *     of neurons
 */
public record SnapshotImport(
    Optional<String> network,
    Optional<NetUid> netuid,
    OptionalLong block,
    Optional<Instant> takenAt,
    Optional<Path> subnetState) {

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
    if (first == '[') {
      return completed(listed(source, time(file)).read(in, first, source));
    }
    if (SnapshotFile.isHex(first)) {
      return answer(HexText.decode(new GuardedBytes(in, source), source), source, time(file));
    }
    requireNoState(source);
    if (first == PickleReader.FIRST_BYTE) {
      return SnapshotFile.readSaved(file, in, size, takenAt, network.orElse(null));
    }
    if (first == 'P') {
      throw SnapshotFile.torch(file);
    }
    return SnapshotReader.read(new GuardedBytes(in, source), source);
  }

  /** Reads the SCALE bytes of any of the chain's answers. */
  MetagraphSnapshot answer(byte[] bytes, String source, Instant time) {
    if (ScaleReader.isNone(bytes)) {
      throw none(source);
    }
    return switch (ChainAnswer.of(bytes, source)) {
      case ChainAnswer.Neurons(NeuronLite.Kind kind) ->
          completed(listed(source, time).read(bytes, source, kind));
      case ChainAnswer.State() ->
          throw new SnapshotException(
              source
                  + ": the answer of get_subnet_state, which has no addresses; import the answer of"
                  + " get_neurons_lite of the same block and name this file with --subnet-state");
      case ChainAnswer.Metagraph(MetagraphAnswer.Layout layout) ->
          metagraph(bytes, source, layout, time);
    };
  }

  private MetagraphSnapshot metagraph(
      byte[] bytes, String source, MetagraphAnswer.Layout layout, Instant time) {
    requireNoState(source);
    if (network.isEmpty()) {
      throw new SnapshotException(
          source + ": the chain's answer does not say its network; give --network");
    }
    ScaleReader in = ScaleReader.ofResult(bytes, source, layout::readAll);
    try {
      return MetagraphAnswer.read(in, layout)
          .orElseThrow(() -> none(source))
          .snapshot(network.get(), block, time);
    } catch (IllegalArgumentException e) {
      throw new SnapshotException(source + ": " + e.getMessage(), e);
    }
  }

  /** With total stake and registration, when a file with them was named. */
  private MetagraphSnapshot completed(MetagraphSnapshot list) {
    if (subnetState.isEmpty()) {
      return list;
    }
    Path file = subnetState.get();
    String source = file.toString();
    byte[] bytes =
        SnapshotFile.readRegular(
            file, (in, first, size) -> HexText.decode(new GuardedBytes(in, source), source));
    SubnetState state =
        SubnetState.read(bytes, source, (subnet, uid, rao) -> {}).orElseThrow(() -> none(source));
    try {
      return MetagraphSnapshot.of(
          list.network(),
          list.netuid(),
          list.block(),
          list.takenAt(),
          state.completing(list.neurons(), list.netuid()));
    } catch (IllegalArgumentException e) {
      throw new SnapshotException(source + ": " + e.getMessage(), e);
    }
  }

  private static SnapshotException none(String source) {
    return new SnapshotException(
        source + ": the chain's answer is none: there was no such subnet at this block");
  }

  private void requireNoState(String source) {
    if (subnetState.isPresent()) {
      throw new SnapshotException(
          source
              + ": is no list of neurons; --subnet-state goes with the answer of get_neurons_lite");
    }
  }

  private NeuronsLiteImport listed(String source, Instant time) {
    if (network.isEmpty() || netuid.isEmpty() || block.isEmpty()) {
      throw new SnapshotException(
          source
              + ": a list of neurons says neither network, netuid nor block; give --network,"
              + " --netuid and --block");
    }
    return new NeuronsLiteImport(network.get(), netuid.get(), block.getAsLong(), time);
  }

  private Instant time(Path file) throws IOException {
    return takenAt.isPresent() ? takenAt.get() : SnapshotFile.lastChanged(file);
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
