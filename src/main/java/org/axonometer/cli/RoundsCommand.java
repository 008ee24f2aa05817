package org.axonometer.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The newest rounds. */
@Command(
    name = "rounds",
    mixinStandardHelpOptions = true,
    description = "Lists the newest rounds: number, job, state, targets, how many were OK.")
final class RoundsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private HistoryFlags home = new HistoryFlags();
  @Mixin private JsonFlag json = new JsonFlag();

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "<n>",
      defaultValue = "20",
      description = "How many, 1 to 10000. Default: 20")
  private int limit;

  @Override
  public Integer call() {
    if (limit < 1 || limit > 10_000) {
      throw new CommandException("--limit is " + limit + "; it must be 1 to 10000");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (Database database = Stored.database(home)) {
      var queries = new HistoryQueries(database);
      List<Round> rounds = queries.rounds(limit);
      Map<Long, Integer> ok = queries.okFrom(rounds.isEmpty() ? 0 : rounds.getLast().id());
      if (json.chosen()) {
        JsonFlag.print(
            out,
            Map.of(
                "rounds",
                rounds.stream()
                    .map(round -> asMap(round, ok.getOrDefault(round.id(), 0)))
                    .toList()));
        return ExitCode.GOOD;
      }
      out.printf(
          "%8s  %-24s %-9s %-7s %-25s %8s %8s%n",
          "round", "job", "kind", "state", "opened", "targets", "ok");
      for (Round round : rounds) {
        out.printf(
            "%8d  %-24s %-9s %-7s %-25s %8d %8d%n",
            round.id(),
            round.job(),
            round.kind(),
            round.state(),
            round.openedAt().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
            round.selected(),
            ok.getOrDefault(round.id(), 0));
      }
    }
    return ExitCode.GOOD;
  }

  /** A round in figures. */
  static Map<String, @Nullable Object> asMap(Round round, int ok) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("round", round.id());
    map.put("job", round.job());
    map.put("kind", round.kind().name());
    map.put("state", round.state().name());
    map.put("network", round.network());
    map.put("netuid", round.netuid().value());
    map.put("block", round.block());
    map.put("opened_at", round.openedAt().toString());
    map.put("sealed_at", round.sealedAt().map(Object::toString).orElse(null));
    map.put("targets", round.selected());
    map.put("ok", ok);
    map.put("seed", round.seed());
    return map;
  }
}
