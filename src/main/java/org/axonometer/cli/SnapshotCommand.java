package org.axonometer.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.metagraph.NeuronsLiteImport;
import org.axonometer.metagraph.SnapshotException;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.subnet.NetUid;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Snapshots of the metagraph. */
@Command(
    name = "snapshot",
    mixinStandardHelpOptions = true,
    description =
        "Imports a metagraph from another form, or shows a snapshot file. The form: docs/snapshot-format.md",
    subcommands = {SnapshotCommand.Import.class, SnapshotCommand.Show.class},
    synopsisSubcommandLabel = "(import | show)")
final class SnapshotCommand {

  private SnapshotCommand() {}

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = {
        "Reads a list of NeuronInfoLite as JSON (what the runtime call get_neurons_lite returns, decoded) and writes a snapshot.",
        "The list names neither network, block nor time: give them."
      })
  static final class Import implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "<file>", description = "The list.")
    private Path file = Path.of("");

    @Option(
        names = {"--network", "--subtensor.network"},
        required = true,
        paramLabel = "<name>",
        description = "Network, such as finney.")
    private String network = "";

    @Option(
        names = "--netuid",
        required = true,
        paramLabel = "<n>",
        description = "Subnet; every neuron of the list must name it.")
    private int netuid;

    @Option(
        names = "--block",
        required = true,
        paramLabel = "<n>",
        description = "Block the list was read at.")
    private long block;

    @Option(
        names = "--taken-at",
        paramLabel = "<time>",
        description = "When it was read, such as 2026-11-23T01:02:03Z. Default: now")
    private @Nullable String takenAt;

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
      describe(spec.commandLine().getOut(), SnapshotFile.read(out), out);
      return ExitCode.GOOD;
    }

    private MetagraphSnapshot imported() {
      try {
        return new NeuronsLiteImport(network, new NetUid(netuid), block, taken()).read(file);
      } catch (IllegalArgumentException e) {
        throw new CommandException("snapshot import: " + e.getMessage(), e);
      }
    }

    private Instant taken() {
      if (takenAt == null) {
        return Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
      }
      try {
        return Instant.parse(takenAt);
      } catch (DateTimeParseException e) {
        throw new CommandException(
            "--taken-at is \"%s\"; write an instant such as 2026-11-23T01:02:03Z"
                .formatted(takenAt),
            e);
      }
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Checks a snapshot file and says what is in it.")
  static final class Show implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private JsonFlag json = new JsonFlag();

    @Parameters(paramLabel = "<file>", description = "The snapshot file.")
    private Path file = Path.of("");

    @Option(names = "--neurons", description = "List the neurons too.")
    private boolean neurons;

    @Override
    public Integer call() throws SnapshotException {
      MetagraphSnapshot snapshot = SnapshotFile.read(file);
      PrintWriter out = spec.commandLine().getOut();
      if (json.chosen()) {
        JsonFlag.print(out, asMap(snapshot));
        return ExitCode.GOOD;
      }
      describe(out, snapshot, file);
      if (neurons) {
        out.printf(
            "%n%5s  %-48s  %-48s  %-24s  %s%n",
            "uid", "hotkey", "coldkey", "endpoint", "stake (TAO), permit");
        for (Neuron neuron : snapshot.neurons()) {
          out.printf(
              "%5s  %-48s  %-48s  %-24s  %.9f%s%n",
              neuron.uid(),
              neuron.hotkey(),
              neuron.coldkey(),
              neuron.endpoint().map(Object::toString).orElse("-"),
              new java.math.BigDecimal(neuron.stakeRao(), 9),
              neuron.validatorPermit() ? ", permit" : "");
        }
      }
      return ExitCode.GOOD;
    }
  }

  private static void describe(PrintWriter out, MetagraphSnapshot snapshot, Path file) {
    out.printf("%s%n", file);
    asMap(snapshot).forEach((name, value) -> out.printf("%-10s %s%n", name, value));
    out.flush();
  }

  private static Map<String, Object> asMap(MetagraphSnapshot snapshot) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("network", snapshot.network());
    map.put("netuid", snapshot.netuid().value());
    map.put("block", snapshot.block());
    map.put("taken_at", snapshot.takenAt().toString());
    map.put("neurons", snapshot.neurons().size());
    map.put(
        "serving",
        snapshot.neurons().stream().filter(neuron -> neuron.endpoint().isPresent()).count());
    map.put("sha256", snapshot.sha256());
    return map;
  }
}
