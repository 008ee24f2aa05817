package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A command that ends by an error, no exception, in a process of its own. */
class FaultsIT {

  /** Waits for its end on an interruption, as run and serve do, and then has no stack left. */
  @Command(name = "deep")
  static final class Deep implements Runnable {
    @Override
    public void run() {
      Interruption.handledBy(() -> {});
      throw new StackOverflowError();
    }
  }

  /** The program with that command. */
  static final class WithDeep {
    private WithDeep() {}

    public static void main(String[] args) {
      CommandLine commands = Axonometer.commandLine();
      commands.addSubcommand(new Deep());
      Axonometer.run(commands, args);
    }
  }

  @TempDir private Path folder;

  @Test
  void anErrorIsOneLineAndAnEndWithExitCode5() throws Exception {
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                WithDeep.class.getName(),
                "deep")
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(err);
    assertThat(process.exitValue()).as(said).isEqualTo(5);
    assertThat(said)
        .startsWith("axonometer: internal fault: StackOverflowError\n")
        .contains("AXONOMETER_DEBUG=1")
        .doesNotContain("\tat ");
  }
}
