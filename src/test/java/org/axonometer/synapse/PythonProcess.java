package org.axonometer.synapse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** One run of the machine's own {@code python3}, with which the printing here is compared. */
final class PythonProcess {

  private PythonProcess() {}

  /** Skips the test, saying why, unless {@code python3} runs this statement. */
  static void assumeRuns(String statement) {
    Assumptions.assumeTrue(
        run(List.of("python3", "-c", statement)) == 0,
        "skipped: needs python3 on PATH that runs \"" + statement + "\"");
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
    Path output = folder.resolve("output");
    Path program = folder.resolve("program.py");
    try {
      Files.write(input, lines, StandardCharsets.US_ASCII);
      Files.writeString(program, script);
      Process process =
          new ProcessBuilder("python3", program.toString(), input.toString())
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException("python3 did not finish the comparison");
      }
      return Files.readAllLines(output, StandardCharsets.US_ASCII);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
