package org.axonometer.cli;

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

/** Who a round would ask, who not and why. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Prints every neuron of the job's snapshot with its decision: ASK, NOT_SERVING, BLOCKED_ADDRESS or INELIGIBLE,"
          + " and the one reason for it, then counts by reason. Sends nothing. The history is read where the selection"
          + " needs it, and written nowhere."
    })
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Home home = new Home();
  @Mixin private WalletFlags wallet = new WalletFlags();
  @Mixin private JsonFlag json = new JsonFlag();

  @Parameters(
      paramLabel = "<job>",
      description = "A job's name in the jobs folder, or the path of a job file.")
  private String job = "";

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      description = "Seed of the sample and the order. Default: random, as in run.")
  private @Nullable Long seed;

  @Option(
      names = "--bodies",
      description =
          "Print the fields that would be sent, and the seed of each. A job with a challenge prints them anyhow.")
  private boolean bodies;

  @Option(
      names = "--allow-stale",
      description =
          "Warn instead of refusing when the snapshot is older than max-age or than the last one used.")
  private boolean allowStale;

  @Override
  public Integer call() {
    JobDefinition read = wallet.over(JobFile.read(home.jobs().find(job)));
    return new PlanPrinter(home, spec.commandLine().getOut(), json)
        .print(
            allowStale ? read.allowingStale() : read,
            RunCommand.seed(seed),
            wallet.keyring(),
            bodies);
  }
}
