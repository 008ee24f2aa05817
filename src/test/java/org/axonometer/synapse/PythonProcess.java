package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * One run of the Python with which the printing here is compared: the one that {@code
 * -Daxonometer.python} names, else {@code python3}.
 */
final class PythonProcess {
  private static final String NAMED = System.getProperty("axonometer.python", "");
  private static final String PYTHON = NAMED.isEmpty() ? "python3" : NAMED;

  private PythonProcess() {}

  /**
   * Skips the test, saying why, unless {@code python3} runs this statement; a Python that was named
   * must run it.
   */
  static void requireRuns(String statement) {
    boolean runs = runs(PYTHON, statement);
    if (!NAMED.isEmpty()) {
      assertThat(runs).as("%s runs \"%s\"", NAMED, statement).isTrue();
    }
    Assumptions.assumeTrue(
        runs,
        "skipped: needs a Python that runs \""
            + statement
            + "\": python3 on PATH, or -Daxonometer.python=<program>");
  }

  /** Whether a program of that name is there and runs this statement. */
  static boolean runs(String python, String statement) {
    return run(List.of(python, "-c", statement)) == 0;
  }

  private static int run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : stopped(process);
    } catch (IOException absent) {
      return -1;
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static int stopped(Process process) {
    process.destroyForcibly();
    return -1;
  }

  /** The lines the script prints when it reads these lines from a file named in its arguments. */
  static List<String> answers(Path folder, String script, List<String> lines) {
    Path input = folder.resolve("input");
    Path program = folder.resolve("program.py");
    try {
      Files.write(input, lines, StandardCharsets.US_ASCII);
      Files.writeString(program, script);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return output(folder, PYTHON, program, input.toString());
  }

  /** The lines a script prints, run by the program of that name. */
  static List<String> output(Path folder, String python, Path script, String... arguments) {
    Path output = folder.resolve("output");
    List<String> command = new ArrayList<>(List.of(python, script.toString()));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(python + " did not finish the comparison");
      }
      return Files.readAllLines(output, StandardCharsets.US_ASCII);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
