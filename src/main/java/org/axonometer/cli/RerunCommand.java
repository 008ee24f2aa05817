package org.axonometer.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What an interrupted round left over. */
@Command(
    name = "rerun",
    mixinStandardHelpOptions = true,
    description = {
      "Finishes an open round that was interrupted: asks only the targets that have no answer yet, on the round's own"
          + " frozen job and targets, then seals it. The round's deadline begins anew.",
      "A target whose query may have left before a crash counts as asked: it is asked again only while the job's"
          + " max-attempts allows."
    })
final class RerunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Home home = new Home();
  @Mixin private JsonFlag json = new JsonFlag();

  @Parameters(paramLabel = "<round>", description = "The round's number; see: axonometer rounds")
  private long round;

  @Override
  public Integer call() {
    return new RoundRunner(home, json, spec.commandLine())
        .run((launcher, progress) -> launcher.rerun(round, progress));
  }
}
