package org.axonometer.cli;

import java.nio.file.Path;
import org.axonometer.metagraph.KeptSnapshots;
import picocli.CommandLine.Option;

/** Where an installation keeps its data. */
class HomeFlag {
  @Option(
      names = "--home",
      paramLabel = "<dir>",
      defaultValue = "${env:AXONOMETER_HOME:-${sys:user.home}/.axonometer}",
      description =
          "Data folder: database and exports. Variable AXONOMETER_HOME. Default: ~/.axonometer")
  private Path home = Path.of("");

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
}
