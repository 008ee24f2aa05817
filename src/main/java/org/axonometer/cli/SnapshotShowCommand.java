package org.axonometer.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.metagraph.SnapshotException;
import org.axonometer.metagraph.SnapshotFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is in a snapshot. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description =
        "Checks a snapshot, a saved block-N.pt or a folder of them, and says what is in it.")
final class SnapshotShowCommand implements Callable<Integer> {
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
      JsonFlag.print(out, SnapshotCommand.asMap(snapshot));
      return ExitCode.GOOD;
    }
    SnapshotCommand.describe(out, snapshot, file);
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
            SnapshotCommand.endpoint(neuron),
            new java.math.BigDecimal(neuron.stakeRao(), 9),
            neuron.validatorPermit() ? ", permit" : "");
      }
    }
    return ExitCode.GOOD;
  }
}
