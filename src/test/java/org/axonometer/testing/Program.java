package org.axonometer.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The real program as a process of its own, its output in files. */
public record Program(Process process, Path out, Path err) implements AutoCloseable {

  /** The variables of a process whose recorded times matter: it starts as operators' do. */
  public static final Map<String, String> MEASURING = Map.of("AXONOMETER_JAVA_OPTS", "");

  static final int SHORT_WARM_UP = 50;

  /**
   * Starts it in a folder; variables that would change its defaults are not passed on. With the
   * quick compiler and a short warm-up, for nobody looks at its times.
   */
  public static Program start(Path folder, String... arguments) {
    return start(folder, Map.of(), arguments);
  }

  /** As {@link #start(Path, String...)} with these variables. */
  public static Program start(Path folder, Map<String, String> variables, String... arguments) {
    // A build in the background of a script may have been told to ignore Ctrl-C; operators' are
    // not.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,QUIT"));
    command.add(Launcher.PATH.toString());
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile(folder, "out", ".txt");
      Path err = Files.createTempFile(folder, "err", ".txt");
      ProcessBuilder builder =
          builder(command, variables)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      return new Program(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a park of simulated axons in a folder, which gets their snapshot, wallet and log, and
   * waits until they listen.
   */
  public static Program park(Path folder, String... options) {
    List<String> command = new ArrayList<>(List.of("mock-axons", "--dir", folder.toString()));
    command.addAll(List.of(options));
    Program park = start(folder, command.toArray(String[]::new));
    long giveUp = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (!park.stdout().contains("are listening")) {
      if (!park.process.isAlive() || System.nanoTime() > giveUp) {
        park.close();
        throw new IllegalStateException("the axons do not listen: " + park.stderr());
      }
      LockSupport.parkNanos(20_000_000);
    }
    return park;
  }

  /** A park of so many honest axons that answer after so long. */
  public static Program honestPark(Path folder, int axons, Duration delay) {
    return park(
        folder,
        "--count",
        Integer.toString(axons),
        "--profile",
        "honest",
        "--delay",
        Long.toString(delay.toMillis()));
  }

  private static ProcessBuilder builder(List<String> command, Map<String, String> variables) {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("AXONOMETER_") || name.startsWith("BT_"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put(
        "AXONOMETER_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Daxonometer.warm-up=" + SHORT_WARM_UP);
    environment.putAll(variables);
    return builder;
  }

  /** The script that starts the jar, as operators do. */
  private static final class Launcher {
    static final Path PATH = Path.of("scripts", "axonometer").toAbsolutePath();

    static {
      prepare();
    }

    /** Lets it make its start-up cache now, so that no test sees it say so. */
    private static void prepare() {
      if (!Files.isRegularFile(Path.of("target", "axonometer.jar"))) {
        throw new IllegalStateException("needs target/axonometer.jar; mvn verify builds it");
      }
      try {
        Process started =
            builder(List.of(PATH.toString(), "--version"), Map.of()).inheritIO().start();
        if (started.waitFor() != 0) {
          throw new IllegalStateException(PATH + " --version ended with " + started.exitValue());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** The exit code; it has two minutes. */
  public int await() {
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException("still running after two minutes: " + stderr());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sends a signal by its name, such as INT. */
  public void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public String stdout() {
    return read(out);
  }

  public String stderr() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
