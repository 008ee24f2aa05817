package org.axonometer.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.axonometer.metagraph.ChainFetch;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.subnet.NetUid;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes a snapshot from the chain. */
@Command(
    name = "fetch",
    mixinStandardHelpOptions = true,
    description = {
      "Takes a snapshot from the chain: get_neurons_lite and get_subnet_state at one block, over Substrate JSON-RPC.",
      "Kept in the home folder's snapshots unless --out says otherwise."
    })
final class SnapshotFetchCommand implements Callable<Integer> {
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
      Map<String, Object> map = new LinkedHashMap<>(SnapshotCommand.asMap(fetched.snapshot()));
      map.put("file", file.toString());
      map.put("endpoint", fetched.endpoint());
      map.put("notes", fetched.notes());
      JsonFlag.print(to, map);
    } else {
      SnapshotCommand.describe(to, fetched.snapshot(), file);
    }
    return ExitCode.GOOD;
  }

  private ChainFetch.Fetched fetched() {
    try {
      return ChainFetch.of(network, endpoints.stream().map(ChainFetch::endpoint).toList(), timeout)
          .fetch(
              new NetUid(netuid),
              block == null ? OptionalLong.empty() : OptionalLong.of(block),
              Clock.systemUTC());
    } catch (IllegalArgumentException e) {
      throw new CommandException("snapshot fetch: " + e.getMessage(), e);
    }
  }
}
