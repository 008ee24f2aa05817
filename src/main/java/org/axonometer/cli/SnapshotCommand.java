package org.axonometer.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import picocli.CommandLine.Command;

/** Snapshots of the metagraph. */
@Command(
    name = "snapshot",
    mixinStandardHelpOptions = true,
    description =
        "Takes a metagraph from the chain or another form, shows snapshots and what changed between two. The forms:"
            + " docs/snapshot-format.md",
    subcommands = {
      SnapshotFetchCommand.class,
      SnapshotImportCommand.class,
      SnapshotShowCommand.class,
      SnapshotDiffCommand.class
    },
    synopsisSubcommandLabel = "(fetch | import | show | diff)")
final class SnapshotCommand {

  private SnapshotCommand() {}

  static String endpoint(Neuron neuron) {
    return neuron.endpoint().map(Object::toString).orElse("-");
  }

  static void describe(PrintWriter out, MetagraphSnapshot snapshot, Path file) {
    out.printf("%s%n", file);
    asMap(snapshot).forEach((name, value) -> out.printf("%-10s %s%n", name, value));
    out.flush();
  }

  static Map<String, Object> asMap(MetagraphSnapshot snapshot) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("network", snapshot.network());
    map.put("netuid", snapshot.netuid().value());
    map.put("block", snapshot.block());
    map.put("taken_at", snapshot.takenAt().toString());
    map.put("age", MetagraphSnapshot.ageText(snapshot.age(Instant.now())));
    map.put("neurons", snapshot.neurons().size());
    map.put(
        "serving",
        snapshot.neurons().stream().filter(neuron -> neuron.endpoint().isPresent()).count());
    map.put("sha256", snapshot.sha256());
    return map;
  }
}
