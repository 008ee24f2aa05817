package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.testing.Program;
import org.axonometer.testing.Shell;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may read what the program writes, started by somebody whose files are everybody's. */
class PermissionsIT {
  @TempDir private Path folder;

  private Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "bash",
                "-c",
                "umask 000 && exec \"$@\"",
                "bash",
                Path.of("scripts", "axonometer").toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--home", folder.resolve("home").toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  private void succeeds(String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static Map<String, String> modes(Path below) throws IOException {
    Map<String, String> modes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(below)) {
      for (Path one : all.toList()) {
        modes.put(
            one.toString(),
            (Files.isDirectory(one) ? "d" : "-")
                + PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(one, LinkOption.NOFOLLOW_LINKS)));
      }
    }
    return modes;
  }

  /** No core, nobody who attaches, no serialised object, an end when memory is. */
  private static void assertStartedSafely(Path proc) throws IOException {
    assertThat(Files.readAllLines(proc.resolve("limits")))
        .anyMatch(line -> line.matches("Max core file size +0 +0 +bytes *"));
    assertThat(Files.readString(proc.resolve("cmdline")).split("\0"))
        .contains(
            "-Djdk.serialFilter=!*",
            "-XX:+DisableAttachMechanism",
            "-XX:OnOutOfMemoryError=kill -9 %p");
  }

  @Test
  void everythingBelowHomeIsTheOwnersAlone() throws Exception {
    Shell.require("bash");
    // Makes the start-up cache, unless it is there.
    assertThat(Program.start(folder, "--version").await()).isZero();
    try (var park = MockAxonPark.open(ParkSettings.of(4, Profile.HONEST))) {
      Path job = TestRounds.in(folder, park).job("probe", "timeout: 5s");
      succeeds("run", "probe");
      Path inputs = folder.resolve("inputs.csv");
      succeeds("export", "1", "--format", "csv", "--out", inputs.toString());
      Path backup = folder.resolve("backup.zip");
      succeeds("backup", backup.toString());
      Files.writeString(job, Files.readString(job) + "schedule: {every: 2s}\n");
      Process serve = start("serve");
      try {
        Path second = folder.resolve("home/exports/probe/round-2.jsonl");
        long giveUp = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!Files.exists(second)) {
          assertThat(serve.isAlive()).isTrue();
          assertThat(System.nanoTime()).isLessThan(giveUp);
          LockSupport.parkNanos(50_000_000);
        }
        assertThat(modes(folder.resolve("home")).values()).containsOnly("drwx------", "-rw-------");
        assertStartedSafely(Path.of("/proc", Long.toString(serve.pid())));
      } finally {
        serve.destroy();
        serve.waitFor();
      }
      Map<String, String> modes = modes(folder.resolve("home"));
      assertThat(modes).hasSizeGreaterThan(6);
      modes.forEach((path, mode) -> assertThat(mode).as(path).isIn("drwx------", "-rw-------"));
      for (Path file : List.of(inputs, backup)) {
        assertThat(modes(file)).containsValue("-rw-------");
      }
    }
    modes(Path.of("target", "start-up"))
        .forEach((path, mode) -> assertThat(mode).as(path).matches("....[r-]-..[r-]-.|.....-..-."));
  }
}
