package org.axonometer.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.axonometer.testing.Shell;

/**
 * The clock of one program, wrong by as much as wanted and set while it runs: {@code
 * shifted-clock.c}, built by the machine's C compiler and preloaded. Databases and axons in other
 * processes keep the machine's clock.
 *
 * @param file holds by how much it is ahead
 */
record ShiftedClock(Path file) {

  private static final class Library {
    static final Path BUILT = build();

    private Library() {}

    private static Path build() {
      Path source = Path.of("target", "shifted-clock.c").toAbsolutePath();
      Path built = source.resolveSibling("shifted-clock.so");
      try (InputStream text = ShiftedClock.class.getResourceAsStream("/torture/shifted-clock.c")) {
        Files.copy(Objects.requireNonNull(text), source, StandardCopyOption.REPLACE_EXISTING);
        Process cc =
            new ProcessBuilder(
                    "cc", "-O2", "-shared", "-fPIC", "-o", built.toString(), source.toString())
                .inheritIO()
                .start();
        if (cc.waitFor() != 0) {
          throw new IllegalStateException("cc cannot build " + source);
        }
        return built;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** Why there is none on this machine; empty when there is. */
  static Optional<String> missing() {
    return Shell.has("cc") ? Optional.empty() : Optional.of("no clock is set: there is no cc");
  }

  /** One that is right at first. */
  static ShiftedClock in(Path folder) {
    try {
      var clock = new ShiftedClock(Files.createTempFile(folder, "clock", ".shift"));
      clock.ahead(Duration.ZERO);
      return clock;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets it, in all programs that have it, at once. */
  void ahead(Duration by) {
    ByteBuffer nanos =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(by.toNanos());
    try {
      // In place: programs have the file mapped.
      Files.write(file, nanos.array(), StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a program needs to have it. */
  Map<String, String> variables() {
    return Map.of("LD_PRELOAD", Library.BUILT.toString(), "SHIFTED_CLOCK", file.toString());
  }
}
