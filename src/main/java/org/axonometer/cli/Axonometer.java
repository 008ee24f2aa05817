package org.axonometer.cli;

import org.axonometer.dendrite.HttpProperties;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: reads the command line, runs one command, ends with its exit code. */
@Command(
    name = "axonometer",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Runs a Bittensor subnet validator's question rounds as batch jobs: asks the axons of a metagraph snapshot,"
          + " stores every attempt, and reports scoring inputs.",
      ""
    },
    footer = {
      "",
      "First steps, without chain or TAO:",
      "  axonometer mock-axons --count 64 --dir .demo      a park of simulated axons",
      "  axonometer plan demo                              who would be asked, who not and why",
      "  axonometer run demo                               one round",
      "",
      "Exit codes: 0 good, 1 usage or configuration, 2 finished below the success threshold,",
      "3 locked or already taken, 4 interrupted and resumable, 5 database, wallet or own fault.",
      "Results go to stdout, progress and log to stderr. AXONOMETER_DEBUG=1 logs stack traces."
    },
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      ServeCommand.class,
      RerunCommand.class,
      JobsCommand.class,
      RoundsCommand.class,
      ShowCommand.class,
      ExportCommand.class,
      SqlCommand.class,
      SnapshotCommand.class,
      WalletCommand.class,
      ExplainCommand.class,
      StatusCommand.class,
      DoctorCommand.class,
      VerifyCommand.class,
      PruneCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      DbCommand.class,
      MockAxonsCommand.class,
      AskCommand.class,
      TrainStartUpCommand.class,
    })
public final class Axonometer {

  private Axonometer() {}

  public static void main(String[] args) {
    HttpProperties.set();
    run(commandLine(), args);
  }

  /** Runs one command and ends the process with its exit code, whatever was thrown. */
  static void run(CommandLine commands, String... args) {
    int exitCode = ExitCode.FAULT;
    try {
      exitCode = commands.execute(args);
    } catch (Throwable thrown) {
      Failures.fault(thrown, commands.getErr());
    } finally {
      // A shutdown hook may wait for this.
      Interruption.commandEnded(exitCode);
      System.exit(exitCode);
    }
  }

  static CommandLine commandLine() {
    CommandLine commands = new CommandLine(new Axonometer());
    commands.setUsageHelpAutoWidth(true);
    commands.setCaseInsensitiveEnumValuesAllowed(true);
    commands.setParameterExceptionHandler(Failures::usage);
    commands.setExecutionExceptionHandler(Failures::execution);
    return commands;
  }
}
