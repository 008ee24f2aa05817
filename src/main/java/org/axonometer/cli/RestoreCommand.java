package org.axonometer.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.axonometer.history.Database;
import org.axonometer.history.DatabaseCopy;
import org.axonometer.history.HistoryQueries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A copy of the database, laid below a home that has none. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description =
        "Lays a copy made by backup below a --home that has no database yet, and opens it. Never overwrites one.")
final class RestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private HomeFlag home = new HomeFlag();

  @Parameters(paramLabel = "<file>", description = "The zip file that backup wrote.")
  private Path file = Path.of("");

  @Override
  public Integer call() {
    DatabaseCopy.restore(file, home.path());
    try (Database database = Database.connect(home.path())) {
      String newest =
          new HistoryQueries(database)
              .rounds(1).stream()
                  .findFirst()
                  .map(round -> "newest round %d of %s".formatted(round.id(), round.job()))
                  .orElse("no rounds");
      spec.commandLine().getOut().printf("restored to %s; %s%n", home.path(), newest);
      return ExitCode.GOOD;
    }
  }
}
