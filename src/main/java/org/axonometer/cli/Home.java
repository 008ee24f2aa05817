package org.axonometer.cli;

import org.axonometer.jobs.JobFolder;
import picocli.CommandLine.Mixin;

/** Where an installation keeps its data, its history and its job files. */
final class Home extends HistoryFlags {
  @Mixin private JobsFlag jobs = new JobsFlag();

  JobFolder jobs() {
    return jobs.folder();
  }
}
