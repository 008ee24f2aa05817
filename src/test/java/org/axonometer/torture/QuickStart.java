package org.axonometer.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonometer.testing.Program;

/**
 * A start-up cache for programs with an agent in them, which cannot use the launcher's: Java takes
 * no cache of linked classes then. It is worth its making where hundreds of programs are started.
 */
final class QuickStart {
  private static volatile Optional<Path> cache = Optional.empty();

  private QuickStart() {}

  /** Makes it, from the jar that this program runs; without it all goes on, only slower. */
  static synchronized void makeOnce(Program program, Path folder) {
    if (cache.isPresent()) {
      return;
    }
    try {
      List<String> command =
          List.of(
              Files.readString(Path.of("/proc", Long.toString(program.process().pid()), "cmdline"))
                  .split("\0", -1));
      Path made = folder.resolve("start-up.aot");
      ProcessBuilder training =
          new ProcessBuilder(
                  command.getFirst(),
                  "-XX:+UseSerialGC",
                  "-XX:-AOTClassLinking",
                  "-ea:jdk.internal.net.http.ResponseContent",
                  "--enable-native-access=ALL-UNNAMED",
                  "--sun-misc-unsafe-memory-access=allow",
                  "-XX:AOTCacheOutput=" + made,
                  "-jar",
                  command.get(command.indexOf("-jar") + 1),
                  "train-start-up")
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("start-up.txt").toFile());
      training
          .environment()
          .putAll(
              Map.of(
                  "AXONOMETER_DB",
                  "h2",
                  "AXONOMETER_HOME",
                  folder.resolve("trained").toString(),
                  "AXONOMETER_JOBS",
                  Path.of("jobs").toAbsolutePath().toString()));
      if (training.start().waitFor() == 0 && Files.exists(made)) {
        cache = Optional.of(made);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the launcher is told of it. */
  static Map<String, String> variables() {
    return cache
        .map(made -> Map.of("AXONOMETER_JAVA_OPTS", "-XX:AOTCache=" + made))
        .orElseGet(Map::of);
  }
}
