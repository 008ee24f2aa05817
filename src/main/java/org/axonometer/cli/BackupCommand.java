package org.axonometer.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.axonometer.history.Database;
import org.axonometer.history.DatabaseCopy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A copy of the database. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = {
      "Copies the whole database into one zip file, as it is at one moment, while rounds go on. The file appears under"
          + " its name when it is whole; one that is there already is not overwritten.",
      "It holds every stored body and no key. Try it with restore into another home: scripts/restore-check does."
    })
final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private HistoryFlags home = new HistoryFlags();

  @Parameters(paramLabel = "<file>", description = "The zip file to write.")
  private Path file = Path.of("");

  @Override
  public Integer call() {
    try (Database database = Stored.database(home)) {
      long bytes = DatabaseCopy.write(database, file);
      spec.commandLine().getOut().printf("%s, %d bytes%n", file, bytes);
      return ExitCode.GOOD;
    }
  }
}
