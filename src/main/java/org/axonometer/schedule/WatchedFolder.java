package org.axonometer.schedule;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobException;
import org.axonometer.jobs.JobFile;
import org.axonometer.jobs.JobFolder;
import org.axonometer.subnet.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job folder, looked at again and again: tells which jobs are new, changed or gone by the
 * content of their files. A file with a mistake is told once in the log and changes nothing.
 */
final class WatchedFolder {
  private static final Logger log = LoggerFactory.getLogger(WatchedFolder.class);

  /** More of a file than a job file may have is not read. */
  private static final int MOST_BYTES = 512 * 1_024;

  private final JobFolder folder;
  private final Clock clock;
  private final Map<String, String> seen = new HashMap<>();
  private String lastFault = "";

  WatchedFolder(JobFolder folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** What happened to a job's file since the look before. */
  sealed interface Change {
    String job();

    /** The file is new, or says something else than before. */
    record Read(String job, JobDefinition definition, Path file) implements Change {}

    /** The file is gone. */
    record Gone(String job) implements Change {}
  }

  /** Whether the last look found a file of that job, with mistakes or without. */
  boolean has(String job) {
    return seen.containsKey(job);
  }

  /**
   * Changes since the last look; at the first look, every job.
   *
   * @throws JobException when the folder cannot be listed
   */
  List<Change> look() {
    Map<String, Path> files = folder.jobs();
    List<Change> changes = new ArrayList<>();
    for (String job : List.copyOf(seen.keySet())) {
      if (!files.containsKey(job)) {
        seen.remove(job);
        changes.add(new Change.Gone(job));
      }
    }
    files.forEach(
        (job, file) -> {
          String content = sha256(file);
          if (!content.equals(seen.put(job, content))) {
            read(file).ifPresent(definition -> changes.add(new Change.Read(job, definition, file)));
          }
        });
    return changes;
  }

  /**
   * As {@link #look}; a folder that cannot be listed is told in the log, once, and has no change.
   */
  List<Change> lookAgain() {
    try {
      List<Change> changes = look();
      lastFault = "";
      return changes;
    } catch (JobException e) {
      if (!String.valueOf(e.getMessage()).equals(lastFault)) {
        lastFault = String.valueOf(e.getMessage());
        log.warn("{}; the jobs stay as they are", lastFault);
      }
      return List.of();
    }
  }

  private Optional<JobDefinition> read(Path file) {
    try {
      return Optional.of(JobFile.readToSchedule(file, clock.instant()));
    } catch (JobException e) {
      List<String> mistakes = String.valueOf(e.getMessage()).lines().toList();
      String more = mistakes.size() == 1 ? "" : " (and %d more)".formatted(mistakes.size() - 1);
      log.warn("{}{}; the job stays as it was", mistakes.getFirst(), more);
      return Optional.empty();
    }
  }

  private static String sha256(Path file) {
    try {
      MessageDigest digest = Sha256.digest();
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.readNBytes(MOST_BYTES);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      return "cannot be read: " + e;
    }
  }
}
