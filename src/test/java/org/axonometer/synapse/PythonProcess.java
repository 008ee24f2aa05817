package org.axonometer.synapse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** One run of the machine's own {@code python3}, with which the printing here is compared. */
final class PythonProcess {

  private PythonProcess() {}

  /** Skips the test, saying why, unless {@code python3} runs this statement. */
  static void assumeRuns(String statement) {
    Assumptions.assumeTrue(
        runs("python3", statement),
        "skipped: needs python3 on PATH that runs \"" + statement + "\"");
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
    return output(folder, "python3", program, input.toString());
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
