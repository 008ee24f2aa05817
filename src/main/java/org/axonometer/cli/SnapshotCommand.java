package org.axonometer.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.axonometer.metagraph.ChainFetch;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.metagraph.SnapshotDiff;
import org.axonometer.metagraph.SnapshotException;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.metagraph.SnapshotImport;
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
        "Takes a metagraph from the chain or another form, shows snapshots and what changed between two. The forms:"
            + " docs/snapshot-format.md",
    subcommands = {
      SnapshotCommand.Fetch.class,
      SnapshotCommand.Import.class,
      SnapshotCommand.Show.class,
      SnapshotCommand.Diff.class
    },
    synopsisSubcommandLabel = "(fetch | import | show | diff)")
final class SnapshotCommand {

  private SnapshotCommand() {}

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = {
        "Reads a metagraph of any form and writes a snapshot: a block-N.pt that the SDK saved (7 to 10, without torch) or"
            + " the SDK's folder of them, whose newest block is taken; the hex answer of get_neurons_lite, or that"
            + " answer decoded to JSON; a snapshot.",
        "A list of neurons names neither network, netuid nor block: give them. What a file does say must agree."
      })
  static final class Import implements Callable<Integer> {
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
        return new SnapshotImport(
                Optional.ofNullable(network),
                Optional.ofNullable(netuid).map(NetUid::new),
                block == null ? OptionalLong.empty() : OptionalLong.of(block),
                Optional.ofNullable(takenAt).map(Import::instant))
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
            "--taken-at is \"%s\"; write an instant such as 2026-11-23T01:02:03Z".formatted(text),
            e);
      }
    }
  }

  @Command(
      name = "fetch",
      mixinStandardHelpOptions = true,
      description = {
        "Takes a snapshot from the chain: get_neurons_lite and get_subnet_state at one block, over Substrate JSON-RPC.",
        "Kept in the home folder's snapshots unless --out says otherwise."
      })
  static final class Fetch implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private HomeFlag home = new HomeFlag();
    @Mixin private JsonFlag json = new JsonFlag();

    @Option(
        names = {"--network", "--subtensor.network"},
        required = true,
        paramLabel = "<name|url>",
        description =
            "finney, test, local, or an endpoint: ws://, wss://, http:// or https://, whose host then names the network.")
    private String network = "";

    @Option(
        names = {"--endpoint", "--subtensor.chain_endpoint"},
        paramLabel = "<url>",
        description =
            "An endpoint to use instead of the network's own; repeat it for those to try next.")
    private List<String> endpoints = List.of();

    @Option(names = "--netuid", required = true, paramLabel = "<n>", description = "Subnet.")
    private int netuid;

    @Option(
        names = "--block",
        paramLabel = "<n>",
        description = "Block; most endpoints know the last 300 or so. Default: the newest")
    private @Nullable Long block;

    @Option(
        names = "--timeout",
        paramLabel = "<time>",
        converter = DurationFlag.class,
        description = "For all that is asked of one endpoint. Default: 60s")
    private Duration timeout = ChainFetch.TIMEOUT;

    @Option(
        names = {"-o", "--out"},
        paramLabel = "<file>",
        description = "The snapshot file to write.")
    private @Nullable Path out;

    @Override
    public Integer call() {
      ChainFetch.Fetched fetched = fetched();
      Path file;
      if (out == null) {
        file = home.snapshots().keep(fetched.snapshot());
      } else {
        file = out;
        SnapshotFile.write(fetched.snapshot(), out);
      }
      fetched.notes().forEach(note -> spec.commandLine().getErr().println("note: " + note));
      spec.commandLine().getErr().flush();
      PrintWriter to = spec.commandLine().getOut();
      if (json.chosen()) {
        Map<String, Object> map = new LinkedHashMap<>(asMap(fetched.snapshot()));
        map.put("file", file.toString());
        map.put("endpoint", fetched.endpoint());
        map.put("notes", fetched.notes());
        JsonFlag.print(to, map);
      } else {
        describe(to, fetched.snapshot(), file);
      }
      return ExitCode.GOOD;
    }

    private ChainFetch.Fetched fetched() {
      try {
        return ChainFetch.of(
                network, endpoints.stream().map(ChainFetch::endpoint).toList(), timeout)
            .fetch(
                new NetUid(netuid),
                block == null ? OptionalLong.empty() : OptionalLong.of(block),
                Clock.systemUTC());
      } catch (IllegalArgumentException e) {
        throw new CommandException("snapshot fetch: " + e.getMessage(), e);
      }
    }
  }

  @Command(
      name = "diff",
      mixinStandardHelpOptions = true,
      description =
          "Says what changed on a subnet between two snapshots: uids that joined or left, axons that moved to another ip"
              + " or port, uids registered to a new hotkey.")
  static final class Diff implements Callable<Integer> {
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
        map.put("joined", diff.joined().stream().map(Diff::one).toList());
        map.put("left", diff.left().stream().map(Diff::one).toList());
        map.put("moved", diff.moved().stream().map(Diff::both).toList());
        map.put("re_registered", diff.reregistered().stream().map(Diff::both).toList());
        JsonFlag.print(out, map);
        return ExitCode.GOOD;
      }
      diff.joined().forEach(n -> line(out, "joined", n, ""));
      diff.left().forEach(n -> line(out, "left", n, ""));
      diff.moved().forEach(c -> line(out, "moved", c.after(), ", was " + endpoint(c.before())));
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
          "%-13s  %5s  %s  %s%s%n", what, neuron.uid(), neuron.hotkey(), endpoint(neuron), more);
    }

    private static Map<String, Object> one(Neuron neuron) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("uid", neuron.uid().value());
      map.put("hotkey", neuron.hotkey().text());
      map.put("endpoint", endpoint(neuron));
      return map;
    }

    private static Map<String, Object> both(SnapshotDiff.Change change) {
      Map<String, Object> map = one(change.after());
      map.put("hotkey_before", change.before().hotkey().text());
      map.put("endpoint_before", endpoint(change.before()));
      return map;
    }
  }

  private static String endpoint(Neuron neuron) {
    return neuron.endpoint().map(Object::toString).orElse("-");
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description =
          "Checks a snapshot, a saved block-N.pt or a folder of them, and says what is in it.")
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
              endpoint(neuron),
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
    map.put("age", MetagraphSnapshot.ageText(snapshot.age(Instant.now())));
    map.put("neurons", snapshot.neurons().size());
    map.put(
        "serving",
        snapshot.neurons().stream().filter(neuron -> neuron.endpoint().isPresent()).count());
    map.put("sha256", snapshot.sha256());
    return map;
  }
}
