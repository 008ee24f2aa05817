package org.axonometer.cli;

import java.nio.file.Path;
import org.axonometer.history.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where an installation keeps its data, and its history. */
class HistoryFlags extends HomeFlag {
  @Option(
      names = "--db",
      paramLabel = "<address>",
      description =
          "Where the history is: postgresql://<user>@<host>[:<port>]/<database>, or h2 for the file below --home."
              + " Variable AXONOMETER_DB, then the file named database below --home. Default: h2")
  private @Nullable String address;

  @Option(
      names = "--db-password-file",
      paramLabel = "<file>",
      description =
          "File with the password for --db. Variables AXONOMETER_DB_PASSWORD_FILE and AXONOMETER_DB_PASSWORD."
              + " Default: the file named database-password below --home")
  private @Nullable Path passwordFile;

  /** Opens the history to serve: a file as its owner. */
  Database own() {
    return choice().postgres().map(Database::connect).orElseGet(() -> Database.own(path()));
  }

  /** Opens the history for a command that reads. */
  Database connect() {
    return choice().postgres().map(Database::connect).orElseGet(() -> Database.connect(path()));
  }

  /** Opens the history for a command that writes rounds. */
  Database join() {
    return choice().postgres().map(Database::connect).orElseGet(() -> Database.join(path()));
  }

  /** Whether there is a history to ask; that of a server is always there. */
  boolean hasHistory() {
    return choice().postgres().isPresent() || Database.exists(path());
  }

  private DatabaseChoice choice() {
    return new DatabaseChoice(path(), address, passwordFile, System.getenv());
  }
}
