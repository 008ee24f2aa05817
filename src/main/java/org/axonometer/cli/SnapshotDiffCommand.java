package org.axonometer.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.metagraph.SnapshotDiff;
import org.axonometer.metagraph.SnapshotFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What changed between two snapshots. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description =
        "Says what changed on a subnet between two snapshots: uids that joined or left, axons that moved to another ip"
            + " or port, uids registered to a new hotkey.")
final class SnapshotDiffCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JsonFlag json = new JsonFlag();

  @Parameters(
      index = "0",
      paramLabel = "<earlier>",
      description = "A snapshot, a saved block-N.pt, or a folder of them.")
  private Path earlier = Path.of("");

  @Parameters(index = "1", paramLabel = "<later>", description = "Likewise.")
  private Path later = Path.of("");

  @Override
  public Integer call() {
    MetagraphSnapshot before = SnapshotFile.read(earlier);
    MetagraphSnapshot after = SnapshotFile.read(later);
    SnapshotDiff diff = SnapshotDiff.of(before, after);
    PrintWriter out = spec.commandLine().getOut();
    if (json.chosen()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("from_block", before.block());
      map.put("to_block", after.block());
      map.put("joined", diff.joined().stream().map(SnapshotDiffCommand::one).toList());
      map.put("left", diff.left().stream().map(SnapshotDiffCommand::one).toList());
      map.put("moved", diff.moved().stream().map(SnapshotDiffCommand::both).toList());
      map.put(
          "re_registered", diff.reregistered().stream().map(SnapshotDiffCommand::both).toList());
      JsonFlag.print(out, map);
      return ExitCode.GOOD;
    }
    diff.joined().forEach(n -> line(out, "joined", n, ""));
    diff.left().forEach(n -> line(out, "left", n, ""));
    diff.moved()
        .forEach(
            c -> line(out, "moved", c.after(), ", was " + SnapshotCommand.endpoint(c.before())));
    diff.reregistered()
        .forEach(c -> line(out, "re-registered", c.after(), ", was " + c.before().hotkey()));
    out.printf(
        "%s %s, block %d to %d: %d joined, %d left, %d moved, %d re-registered%n",
        after.network(),
        after.netuid(),
        before.block(),
        after.block(),
        diff.joined().size(),
        diff.left().size(),
        diff.moved().size(),
        diff.reregistered().size());
    out.flush();
    return ExitCode.GOOD;
  }

  private static void line(PrintWriter out, String what, Neuron neuron, String more) {
    out.printf(
        "%-13s  %5s  %s  %s%s%n",
        what, neuron.uid(), neuron.hotkey(), SnapshotCommand.endpoint(neuron), more);
  }

  private static Map<String, Object> one(Neuron neuron) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("uid", neuron.uid().value());
    map.put("hotkey", neuron.hotkey().text());
    map.put("endpoint", SnapshotCommand.endpoint(neuron));
    return map;
  }

  private static Map<String, Object> both(SnapshotDiff.Change change) {
    Map<String, Object> map = one(change.after());
    map.put("hotkey_before", change.before().hotkey().text());
    map.put("endpoint_before", SnapshotCommand.endpoint(change.before()));
    return map;
  }
}
