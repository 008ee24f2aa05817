package org.axonometer.jobs;

import static org.axonometer.jobs.Mistakes.quoted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder of an installation's job files, {@code jobs} by default. A job is named by its file.
 */
public record JobFolder(Path folder) {
  private static final int MOST_NAMED = 20;

  /**
   * The job files by name, sorted; their contents and names are not checked. JobException when the
   * folder cannot be listed or two files would be one job.
   */
  public SortedMap<String, Path> jobs() {
    SortedMap<String, Path> jobs = new TreeMap<>();
    for (Path file : files()) {
      String name = file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
      Path other = jobs.put(name, file);
      if (other != null) {
        throw new JobException(
            Mistakes.visible(file + " and " + other) + " are the same job; remove one of them");
      }
    }
    return Collections.unmodifiableSortedMap(jobs);
  }

  /**
   * The file of a job given by its name ({@code demo}) or as a path ({@code jobs/demo.yaml},
   * anything with a slash or one of the endings). JobException naming the jobs that exist when
   * there is none.
   */
  public Path find(String job) {
    if (job.contains("/") || isJobFile(job)) {
      return existing(job);
    }
    Map<String, Path> jobs = jobs();
    Path file = jobs.get(job);
    if (file == null) {
      throw new JobException(unknown(job, jobs));
    }
    return file;
  }

  private Path existing(String path) {
    Path file = pathOf(path);
    if (!Files.exists(file)) {
      throw new JobException(Mistakes.visible(path) + ": no such file");
    }
    return file;
  }

  private List<Path> files() {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(file -> isJobFile(file.getFileName().toString()))
          .filter(Files::isRegularFile)
          .toList();
    } catch (IOException e) {
      throw new JobException(
          Mistakes.visible(folder.toString()) + ": no folder of job files that can be read", e);
    }
  }

  private String unknown(String job, Map<String, Path> jobs) {
    String hint =
        Nearest.to(job, jobs.keySet())
            .map(best -> "did you mean " + quoted(best) + "? ")
            .orElse("");
    return "no job " + quoted(job) + "; " + hint + named(jobs);
  }

  private String named(Map<String, Path> jobs) {
    String where = Mistakes.visible(folder.toString());
    if (jobs.isEmpty()) {
      return where + " holds no job files";
    }
    String names =
        jobs.keySet().stream()
            .limit(MOST_NAMED)
            .map(Mistakes::visible)
            .collect(Collectors.joining(", "));
    int more = jobs.size() - MOST_NAMED;
    return "jobs in " + where + ": " + names + (more > 0 ? " and " + more + " more" : "");
  }

  private static Path pathOf(String path) {
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw new JobException(quoted(path) + " is not a path", e);
    }
  }

  private static boolean isJobFile(String name) {
    return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
  }
}
