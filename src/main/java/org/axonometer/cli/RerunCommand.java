package org.axonometer.cli;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.history.RoundOwnedException;
import org.axonometer.history.RoundOwner;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.rounds.Again;
import org.axonometer.rounds.RerunPlan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What an interrupted round left over, or some of a sealed round's targets in a new one. */
@Command(
    name = "rerun",
    mixinStandardHelpOptions = true,
    description = {
      "Finishes an open round that was interrupted: asks only the targets that have no answer yet, on the round's own"
          + " frozen job and targets, then seals it. The round's deadline begins anew.",
      "A target whose query may have left before a crash counts as asked: it is asked again only when the job says"
          + " unknown: ask-again, and while its max-attempts allows.",
      "A round that a living process asks is left to it, by --dry-run too: exit code 3. Works beside a running serve.",
      "With --only it opens a follow-up of a sealed round that asks the chosen targets again, at the addresses they had"
          + " there. The sealed round stays as it is."
    })
final class RerunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private HistoryFlags home = new HistoryFlags();
  @Mixin private PasswordFlags password = new PasswordFlags();
  @Mixin private JsonFlag json = new JsonFlag();
  @Mixin private LogFlags logging = new LogFlags();

  @Parameters(paramLabel = "<round>", description = "The round's number, or last.")
  private String number = "";

  @Option(
      names = "--only",
      paramLabel = "<which>",
      description =
          "Which targets of a sealed round: failed (all that count against the miner), unsent, unknown, or outcomes,"
              + " with commas between them (for example TIMED_OUT,UNREACHABLE).")
  private @Nullable String only;

  @Option(
      names = "--renew-challenges",
      description =
          "Ask new challenges, made now from the job's source. Default: those that are stored, so that the same is"
              + " asked again.")
  private boolean renew;

  @Option(names = "--dry-run", description = "Print whom it would ask and send nothing.")
  private boolean dryRun;

  @Override
  public Integer call() {
    Optional<Again> again = Optional.ofNullable(only).map(Again::parse);
    if (dryRun) {
      try (Database database = Stored.database(home)) {
        var queries = new HistoryQueries(database);
        RerunPlan plan = RerunPlan.of(queries, Stored.round(queries, number).id(), again);
        requireNobodyAsks(queries, plan.round().id());
        return new RerunPlanPrinter(spec.commandLine().getOut(), json).print(plan);
      }
    }
    logging.apply();
    var chosen = new AtomicLong();
    return new RoundRunner(home, json, spec.commandLine(), password.keyring())
        .run(
            history -> {
              Round round = Stored.round(history, number);
              chosen.set(round.id());
              unlock(round, again.isPresent());
            },
            (launcher, progress) ->
                again.isPresent()
                    ? launcher.rerun(
                        chosen.get(), again.get(), RunCommand.seed(null), renew, progress)
                    : launcher.rerun(
                        chosen.get(),
                        renew ? OptionalLong.of(RunCommand.seed(null)) : OptionalLong.empty(),
                        progress));
  }

  private static void requireNobodyAsks(HistoryQueries queries, long round) {
    Optional<RoundOwner> owner = queries.ownerOf(round);
    if (owner.isPresent()) {
      throw new RoundOwnedException(round, owner.get());
    }
  }

  /** What is sealed and not asked again needs no key. */
  private void unlock(Round round, boolean again) {
    if (again || round.state() != Round.State.SEALED) {
      Round.Wallet wallet = round.wallet();
      password.unlock(new JobDefinition.Wallet(wallet.path(), wallet.name(), wallet.hotkey()));
    }
  }
}
