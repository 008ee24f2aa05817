package org.axonometer.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.axonometer.history.Database;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * What the launcher runs once under {@code -XX:AOTCacheOutput}, so that the cache holds the classes
 * of the commands an operator types most. Opens no wallet, sends nothing.
 */
@Command(
    name = "train-start-up",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Runs short commands on an empty database, for the launcher's start-up cache.")
final class TrainStartUpCommand implements Callable<Integer> {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("--help"),
          List.of("status"),
          List.of("status", "--json"),
          List.of("rounds"),
          List.of("show", "last"),
          List.of("plan", "demo"),
          List.of("jobs", "list"),
          List.of("sql", "select * from round"),
          List.of("sql", "--format", "json", "select count(*) from synapse_history"));

  @Mixin private HomeFlag home = new HomeFlag();

  @Override
  public Integer call() {
    Database.own(home.path()).close();
    try (PrintWriter nowhere = new PrintWriter(Writer.nullWriter())) {
      for (List<String> command : COMMANDS) {
        CommandLine axonometer = Axonometer.commandLine();
        axonometer.setOut(nowhere);
        axonometer.setErr(nowhere);
        axonometer.execute(arguments(command));
      }
    }
    return ExitCode.GOOD;
  }

  private String[] arguments(List<String> command) {
    List<String> arguments = new ArrayList<>(command);
    if (!command.contains("--help")) {
      arguments.addAll(List.of("--home", home.path().toString()));
    }
    return arguments.toArray(String[]::new);
  }
}
