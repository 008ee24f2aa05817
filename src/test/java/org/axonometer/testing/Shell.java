package org.axonometer.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Commands as an operator types them, in the project's folder, with a home and job files of their
 * own. Nothing else that would change the program's defaults is passed on.
 */
public final class Shell {
  private final Path folder;
  private final Map<String, String> variables = new HashMap<>();

  private Shell(Path folder) {
    this.folder = folder;
  }

  /** With {@code home} and {@code jobs} below a folder; the test is skipped without a bash. */
  public static Shell in(Path folder) {
    require("bash");
    return new Shell(folder)
        .with("AXONOMETER_HOME", folder.resolve("home").toString())
        .with("AXONOMETER_JOBS", folder.resolve("jobs").toString())
        // Many short processes: the quick compiler alone, and a short warm-up.
        .with(
            "AXONOMETER_JAVA_OPTS",
            "-XX:TieredStopAtLevel=1 -Xmx512m -Daxonometer.warm-up=" + Program.SHORT_WARM_UP)
        .with("JAVA_HOME", System.getProperty("java.home"));
  }

  /** Skips the test, saying why, where a program is missing. */
  public static void require(String program) {
    Assumptions.assumeTrue(
        has(program), "skipped: there is no " + program + " on PATH, the scripts need it");
  }

  /** Whether a program is on PATH. */
  public static boolean has(String program) {
    for (String place : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(place, program))) {
        return true;
      }
    }
    return false;
  }

  /** From now on with this variable. */
  public Shell with(String name, String value) {
    variables.put(name, value);
    return this;
  }

  /** What a command ended with. */
  public record Ended(int exitCode, String out, String err) {}

  /** Runs a line to its end; it has ten minutes. */
  public Ended run(String line) {
    Started started = start(line);
    try {
      if (!started.process().waitFor(10, TimeUnit.MINUTES)) {
        started.process().destroyForcibly();
        throw new IllegalStateException(
            "still running after ten minutes: " + line + ": " + started.ended(-1));
      }
      return started.ended(started.process().exitValue());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A line that runs; its output in files. */
  public record Started(Process process, Path out, Path err) {

    /** What it has said so far. */
    public Ended ended(int exitCode) {
      try {
        return new Ended(exitCode, Files.readString(out), Files.readString(err));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Starts a line; what it starts with {@code exec} has this process's number. */
  public Started start(String line) {
    try {
      Path out = Files.createTempFile(folder, "shell", ".out");
      Path err = Files.createTempFile(folder, "shell", ".err");
      ProcessBuilder builder =
          new ProcessBuilder("bash", "-c", line)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      Map<String, String> environment = builder.environment();
      environment
          .keySet()
          .removeIf(name -> name.startsWith("AXONOMETER_") || name.startsWith("BT_"));
      environment.putAll(variables);
      return new Started(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
