package org.axonometer.jobs;

import java.nio.file.Path;

/** Reads job files. */
public final class JobFile {

  private JobFile() {}

  /** Reads {@code file}; relative paths in it are taken from the file's own folder. */
  public static JobDefinition read(Path file) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** Reads the text of a job file as a round froze it. */
  public static JobDefinition parse(String source, Path file) {
    throw new UnsupportedOperationException("not written yet");
  }
}
