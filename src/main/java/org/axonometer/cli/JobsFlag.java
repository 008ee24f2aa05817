package org.axonometer.cli;

import java.nio.file.Path;
import org.axonometer.jobs.JobFolder;
import picocli.CommandLine.Option;

/** Where an installation keeps its job files. */
final class JobsFlag {
  @Option(
      names = "--jobs",
      paramLabel = "<dir>",
      defaultValue = "${env:AXONOMETER_JOBS:-jobs}",
      description = "Folder of the job files. Variable AXONOMETER_JOBS. Default: jobs")
  private Path jobs = Path.of("");

  JobFolder folder() {
    return new JobFolder(jobs);
  }
}
