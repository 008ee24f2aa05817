package org.axonometer.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.HotkeyHistory;
import org.axonometer.history.MinerQueries;
import org.axonometer.history.MinerStory;
import org.axonometer.history.Round;
import org.axonometer.history.StoredSeal;
import org.axonometer.subnet.ForeignText;
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

/** One miner's story, in one round or across all of them. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Tells what happened to one miner in a round, in time order: its snapshot row, the decision, each attempt with"
          + " its times, what was observed and what the axon claimed, the scoring row and why it has its blame.",
      "Without a round: the uids and addresses a hotkey had, block by block, and its last results."
    })
final class ExplainCommand implements Callable<Integer> {
  private static final int MOST_RESULTS = 20;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private HistoryFlags home = new HistoryFlags();
  @Mixin private JsonFlag json = new JsonFlag();

  @Parameters(
      arity = "0..1",
      paramLabel = "<round>",
      description =
          "The round's number, or last. Without it: what is known of the hotkey over all rounds, uids and addresses.")
  private @Nullable String number;

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

    Optional<Ss58Address> hotkey() {
      try {
        return Optional.ofNullable(hotkey).map(Ss58Address::new);
      } catch (IllegalArgumentException e) {
        throw new CommandException("explain: " + e.getMessage(), e);
      }
    }

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
      if (number == null) {
        explainEverywhere(new MinerQueries(database));
      } else {
        explain(database, number);
      }
    }
    spec.commandLine().getOut().flush();
    return ExitCode.GOOD;
  }

  private void explainEverywhere(MinerQueries miners) {
    Ss58Address hotkey =
        miner
            .hotkey()
            .orElseThrow(
                () ->
                    new CommandException(
                        "explain: a uid is one miner only in one round; name the round, or give --hotkey"));
    HotkeyHistory history = miners.hotkey(hotkey, MOST_RESULTS);
    if (history.isEmpty()) {
      throw new CommandException("explain: hotkey " + hotkey + " is in no stored snapshot");
    }
    var telling = new HotkeyTelling(hotkey, history);
    PrintWriter out = spec.commandLine().getOut();
    if (json.chosen()) {
      JsonFlag.print(out, telling.asMap());
    } else {
      telling.tell().forEach(out::println);
    }
  }

  private void explain(Database database, String number) {
    var queries = new HistoryQueries(database);
    Round round = Stored.round(queries, number);
    var miners = new MinerQueries(database);
    MinerStory.SnapshotRow neuron =
        miner.neuron(miners, round).orElseThrow(() -> notThere(miners, round));
    MinerStory story = miners.story(round.id(), neuron);
    Optional<StoredSeal> seal = queries.seal(round.id());
    PrintWriter out = spec.commandLine().getOut();
    String notAskedBecause =
        story.target().isPresent() ? "" : Ineligible.reason(database, round, neuron);
    if (json.chosen()) {
      JsonFlag.print(out, new StoryObject(round, story, seal).asMap(notAskedBecause));
    } else {
      new StoryTelling(round, story, seal)
          .tell(notAskedBecause)
          .forEach(line -> out.println(ForeignText.escape(line)));
    }
  }

  private CommandException notThere(MinerQueries miners, Round round) {
    String elsewhere =
        miner
            .hotkey()
            .map(hotkey -> new HotkeyTelling(hotkey, miners.hotkey(hotkey, 1)).uids())
            .filter(uids -> !uids.isEmpty())
            .map(uids -> "; known are: " + String.join("; ", uids))
            .orElse("");
    return new CommandException(
        "%s was not in the snapshot of round %d (%s %s at block %d), so it was not asked%s"
            .formatted(
                miner, round.id(), round.network(), round.netuid(), round.block(), elsewhere));
  }
}
