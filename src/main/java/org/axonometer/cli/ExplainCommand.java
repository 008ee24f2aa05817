package org.axonometer.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.MinerQueries;
import org.axonometer.history.MinerStory;
import org.axonometer.history.Round;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One miner's story in one round. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Tells what happened to one miner in a round, in time order: its snapshot row, the decision, each attempt with"
          + " its times, what was observed and what the axon claimed, the scoring row and why it has its blame."
    })
final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Home home = new Home();
  @Mixin private JsonFlag json = new JsonFlag();

  @Parameters(paramLabel = "<round>", description = "The round's number, or last.")
  private String number = "";

  @ArgGroup(multiplicity = "1")
  private Miner miner = new Miner();

  /** Whom. */
  static final class Miner {
    @Option(
        names = "--hotkey",
        required = true,
        paramLabel = "<address>",
        description = "The miner's hotkey, an SS58 address.")
    private @Nullable String hotkey;

    @Option(
        names = "--uid",
        required = true,
        paramLabel = "<n>",
        description = "The miner's uid in the round's snapshot.")
    private @Nullable Integer uid;

    Optional<MinerStory.SnapshotRow> neuron(MinerQueries miners, Round round) {
      try {
        return hotkey == null
            ? miners.neuron(round.id(), new Uid(uid == null ? 0 : uid))
            : miners.neuron(round.id(), new Ss58Address(hotkey));
      } catch (IllegalArgumentException e) {
        throw new CommandException("explain: " + e.getMessage(), e);
      }
    }

    @Override
    public String toString() {
      return hotkey == null ? "uid " + uid : "hotkey " + hotkey;
    }
  }

  @Override
  public Integer call() {
    try (Database database = Stored.database(home)) {
      var queries = new HistoryQueries(database);
      Round round = Stored.round(queries, number);
      var miners = new MinerQueries(database);
      MinerStory.SnapshotRow neuron =
          miner
              .neuron(miners, round)
              .orElseThrow(
                  () ->
                      new CommandException(
                          "%s was not in the snapshot of round %d (%s %s at block %d), so it was not asked"
                              .formatted(
                                  miner,
                                  round.id(),
                                  round.network(),
                                  round.netuid(),
                                  round.block())));
      var telling =
          new StoryTelling(round, miners.story(round.id(), neuron), queries.seal(round.id()));
      PrintWriter out = spec.commandLine().getOut();
      String notAskedBecause = telling.isTarget() ? "" : Ineligible.reason(round, miners, neuron);
      if (json.chosen()) {
        JsonFlag.print(out, telling.asMap(notAskedBecause));
      } else {
        telling.tell(notAskedBecause).forEach(line -> out.println(ShowCommand.printable(line)));
      }
      out.flush();
      return ExitCode.GOOD;
    }
  }
}
