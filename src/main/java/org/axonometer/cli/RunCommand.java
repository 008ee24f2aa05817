package org.axonometer.cli;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One round of a job, now. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs one round of a job now: reads its snapshot, selects targets, asks each axon, stores everything, seals the"
          + " round and writes the scoring inputs.",
      "With an open round of the job it runs nothing, exits 3 and names the rerun, or the process that asks it.",
      "Works beside a running serve."
    })
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Home home = new Home();
  @Mixin private WalletFlags wallet = new WalletFlags();
  @Mixin private JsonFlag json = new JsonFlag();
  @Mixin private LogFlags logging = new LogFlags();

  @Parameters(
      paramLabel = "<job>",
      description = "A job's name in the jobs folder, or the path of a job file.")
  private String job = "";

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      description = "Seed of the sample and the order of asking. Default: random.")
  private @Nullable Long seed;

  @Option(
      names = "--dry-run",
      description =
          "Print the plan, with a challenge also the fields that would be sent, and send nothing.")
  private boolean dryRun;

  @Option(
      names = "--allow-stale",
      description =
          "Warn instead of refusing when the snapshot is older than max-age or than the last one used.")
  private boolean allowStale;

  @Override
  public Integer call() {
    Path file = home.jobs().find(job);
    JobDefinition read = wallet.over(JobFile.read(file));
    JobDefinition definition = allowStale ? read.allowingStale() : read;
    long chosenSeed = seed(seed);
    if (dryRun) {
      return new PlanPrinter(home, spec.commandLine().getOut(), json)
          .print(definition, chosenSeed, wallet.keyring(), false);
    }
    logging.apply();
    wallet.unlock(definition.wallet());
    return new RoundRunner(home, json, spec.commandLine(), wallet.keyring())
        .run((launcher, progress) -> launcher.run(definition, file, chosenSeed, progress));
  }

  static long seed(@Nullable Long chosen) {
    if (chosen == null) {
      return new SecureRandom().nextLong(Long.MAX_VALUE);
    }
    if (chosen < 0) {
      throw new CommandException("--seed is " + chosen + "; it must be 0 or more");
    }
    return chosen;
  }
}
