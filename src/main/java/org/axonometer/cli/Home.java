package org.axonometer.cli;

import java.nio.file.Path;
import org.axonometer.history.Database;
import org.axonometer.jobs.JobFolder;
import org.axonometer.metagraph.KeptSnapshots;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where an installation keeps its data and its job files. */
final class Home {
  @Option(
      names = "--home",
      paramLabel = "<dir>",
      defaultValue = "${env:AXONOMETER_HOME:-${sys:user.home}/.axonometer}",
      description =
          "Data folder: database and exports. Variable AXONOMETER_HOME. Default: ~/.axonometer")
  private Path home = Path.of("");

  @Option(
      names = "--jobs",
      paramLabel = "<dir>",
      defaultValue = "${env:AXONOMETER_JOBS:-jobs}",
      description = "Folder of the job files. Variable AXONOMETER_JOBS. Default: jobs")
  private Path jobs = Path.of("");

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
    return choice().postgres().map(Database::connect).orElseGet(() -> Database.own(home));
  }

  /** Opens the history for a command that reads. */
  Database connect() {
    return choice().postgres().map(Database::connect).orElseGet(() -> Database.connect(home));
  }

  /** Opens the history for a command that writes rounds. */
  Database join() {
    return choice().postgres().map(Database::connect).orElseGet(() -> Database.join(home));
  }

  /** Whether there is a history to ask; that of a server is always there. */
  boolean hasHistory() {
    return choice().postgres().isPresent() || Database.exists(home);
  }

  private DatabaseChoice choice() {
    return new DatabaseChoice(home, address, passwordFile, System.getenv());
  }

  Path path() {
    return home;
  }

  Path exports() {
    return home.toAbsolutePath().normalize().resolve("exports");
  }

  /** Where snapshots taken from the chain are kept; beside the exports. */
  KeptSnapshots snapshots() {
    return new KeptSnapshots(exports().resolveSibling("snapshots"));
  }

  JobFolder jobs() {
    return new JobFolder(jobs);
  }
}
