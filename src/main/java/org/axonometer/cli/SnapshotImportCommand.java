package org.axonometer.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.metagraph.SnapshotImport;
import org.axonometer.subnet.NetUid;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a snapshot of a metagraph of any form. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Reads a metagraph of any form and writes a snapshot: a block-N.pt that the SDK saved (7 to 10, without torch) or"
          + " the SDK's folder of them, whose newest block is taken; the chain's hex answer of get_neurons_lite,"
          + " get_neurons, get_selective_mechagraph, get_selective_metagraph or get_metagraph; a list of neurons decoded"
          + " to JSON; a snapshot.",
      "A list of neurons names neither network, netuid nor block, a metagraph answer no network: give them. What a file"
          + " does say must agree."
    })
final class SnapshotImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "<file>", description = "The file or folder.")
  private Path file = Path.of("");

  @Option(
      names = {"--network", "--subtensor.network"},
      paramLabel = "<name>",
      description = "Network, such as finney.")
  private @Nullable String network;

  @Option(names = "--netuid", paramLabel = "<n>", description = "Subnet.")
  private @Nullable Integer netuid;

  @Option(names = "--block", paramLabel = "<n>", description = "Block it was read at.")
  private @Nullable Long block;

  @Option(
      names = "--taken-at",
      paramLabel = "<time>",
      description =
          "When it was read, such as 2026-11-23T01:02:03Z. Default: when the file was last changed")
  private @Nullable String takenAt;

  @Option(
      names = "--subnet-state",
      paramLabel = "<file>",
      description =
          "The hex answer of get_subnet_state of the same block: adds total stake and registration to a list of neurons.")
  private @Nullable Path subnetState;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "<file>",
      description = "The snapshot file to write.")
  private Path out = Path.of("");

  @Override
  public Integer call() {
    MetagraphSnapshot snapshot = imported();
    SnapshotFile.write(snapshot, out);
    SnapshotCommand.describe(spec.commandLine().getOut(), SnapshotFile.read(out), out);
    return ExitCode.GOOD;
  }

  private MetagraphSnapshot imported() {
    try {
      return new SnapshotImport(
              Optional.ofNullable(network),
              Optional.ofNullable(netuid).map(NetUid::new),
              block == null ? OptionalLong.empty() : OptionalLong.of(block),
              Optional.ofNullable(takenAt).map(SnapshotImportCommand::instant),
              Optional.ofNullable(subnetState))
          .read(file);
    } catch (IllegalArgumentException e) {
      throw new CommandException("snapshot import: " + e.getMessage(), e);
    }
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new CommandException(
          "--taken-at is \"%s\"; write an instant such as 2026-11-23T01:02:03Z".formatted(text), e);
    }
  }
}
