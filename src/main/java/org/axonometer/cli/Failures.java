package org.axonometer.cli;

import java.io.PrintWriter;
import java.util.Objects;
import org.axonometer.challenges.ChallengeException;
import org.axonometer.history.DatabaseInUseException;
import org.axonometer.history.FailureText;
import org.axonometer.history.HistoryException;
import org.axonometer.history.RoundOwnedException;
import org.axonometer.jobs.JobException;
import org.axonometer.metagraph.SnapshotException;
import org.axonometer.mockaxons.ParkException;
import org.axonometer.rounds.RoundException;
import org.axonometer.wallet.WalletException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What an operator sees when a command fails: one line that says what and why, and an exit code.
 * Never a stack trace.
 */
final class Failures {

  private Failures() {}

  static int usage(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    command.getErr().println("axonometer: " + FailureText.firstLine(failure));
    command.getErr().println("see: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  static int execution(Exception thrown, CommandLine command, ParseResult parsed) {
    Exception failure = HistoryException.inOurWords(thrown);
    if (!isExpected(failure)) {
      fault(failure, command.getErr());
    } else {
      command
          .getErr()
          .println("axonometer: " + Objects.requireNonNullElse(failure.getMessage(), ""));
      if (debug()) {
        failure.printStackTrace(command.getErr());
      }
    }
    return exitCode(failure);
  }

  /** A fault of our own, such as a class that is missing or a stack that is full. */
  static void fault(Throwable failure, PrintWriter err) {
    err.println("axonometer: internal fault: " + FailureText.firstLine(failure));
    if (debug()) {
      failure.printStackTrace(err);
    } else {
      err.println(
          "this is a fault of axonometer's own; run it again with AXONOMETER_DEBUG=1 for the details");
    }
    err.flush();
  }

  private static boolean isExpected(Exception failure) {
    return failure instanceof JobException
        || failure instanceof SnapshotException
        || failure instanceof WalletException
        || failure instanceof HistoryException
        || failure instanceof RoundException
        || failure instanceof RoundOwnedException
        || failure instanceof ChallengeException
        || failure instanceof ParkException
        || failure instanceof CommandException
        || failure instanceof Stdout.BrokenException;
  }

  private static int exitCode(Exception failure) {
    return switch (failure) {
      case RoundException round ->
          switch (round.reason()) {
            case ALREADY_OPEN, TAKEN -> ExitCode.LOCKED;
            case NOT_RUNNABLE -> ExitCode.USAGE;
            case STOPPED -> ExitCode.INTERRUPTED;
            case FAILED -> ExitCode.FAULT;
          };
      case DatabaseInUseException inUse -> ExitCode.LOCKED;
      case RoundOwnedException owned -> ExitCode.LOCKED;
      case JobException job -> ExitCode.USAGE;
      case SnapshotException snapshot -> ExitCode.USAGE;
      case ParkException park -> ExitCode.USAGE;
      case ChallengeException challenge -> ExitCode.USAGE;
      case CommandException command -> ExitCode.USAGE;
      default -> ExitCode.FAULT;
    };
  }

  private static boolean debug() {
    return "1".equals(System.getenv("AXONOMETER_DEBUG"));
  }
}
