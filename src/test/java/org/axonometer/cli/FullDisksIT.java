package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.testing.Shell;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rounds on machines where some disk is full, or may not be written. */
@Execution(ExecutionMode.CONCURRENT)
class FullDisksIT {
  @TempDir private Path folder;
  private Shell shell;

  @BeforeEach
  void needsBash() {
    shell = Shell.in(folder);
  }

  @AfterEach
  void umount() {
    shell.run("umount -l " + disk());
  }

  private Path disk() {
    return folder.resolve("disk");
  }

  private void mount(String options) throws Exception {
    Files.createDirectories(disk());
    Assumptions.assumeTrue(
        shell.run("mount -t tmpfs -o %s tmpfs %s".formatted(options, disk())).exitCode() == 0,
        "skipped: a disk of its own needs the right to mount a tmpfs");
  }

  private Shell.Ended run(String command) {
    return shell.run("scripts/axonometer " + command);
  }

  @Test
  void noRoomForLogsOrTemporaryFilesCostsNoRound() throws Exception {
    mount("size=16k,mode=700");
    shell.run("head -c 1M /dev/zero > %s/filler".formatted(disk()));
    shell
        .with("AXONOMETER_LOG", "DEBUG")
        .with("TMPDIR", disk().toString())
        .with("AXONOMETER_JAVA_OPTS", "-Xmx256m -Djava.io.tmpdir=" + disk());
    try (var park = MockAxonPark.open(ParkSettings.of(12, Profile.HONEST))) {
      TestRounds.in(folder, park).job("mine", "timeout: 5s");
      Path log = Files.createFile(disk().resolve("log"));
      Shell.Ended round = run("run mine --json 2> " + log);
      assertThat(round.exitCode()).as(round.toString()).isZero();
      JsonNode report = JsonMapper.shared().readTree(round.out());
      assertThat(report.path("state").stringValue()).isEqualTo("SEALED");
      assertThat(report.path("outcomes").path("OK").intValue()).isEqualTo(12);
      assertThat(Files.size(log)).as("bytes that found room in the log").isZero();
    }
    assertThat(run("verify --all").exitCode()).isZero();
  }

  @Test
  void noRoomForAnotherFileIsAMissingExport() throws Exception {
    // The root, the folders and files of a database in use, and no more.
    mount("size=64m,mode=700,nr_inodes=8");
    shell.with("AXONOMETER_HOME", disk().resolve("home").toString());
    try (var park = MockAxonPark.open(ParkSettings.of(6, Profile.HONEST))) {
      TestRounds.in(folder, park).job("mine", "timeout: 5s");
      Shell.Ended round = run("run mine");
      assertThat(round.exitCode()).as(round.toString()).isEqualTo(5);
      assertThat(round.err()).contains("No space left on device").doesNotContain("\tat ");
      int received = park.receivedQueries().size();
      shell.run("mount -o remount,nr_inodes=1000 " + disk());
      Shell.Ended again = run(received == 0 ? "run mine" : "rerun 1");
      assertThat(again.exitCode()).as(again.toString()).isZero();
      assertThat(park.receivedQueries()).hasSize(6);
    }
    assertThat(disk().resolve("home/exports/mine/round-1.jsonl")).exists();
  }

  @Test
  void aHomeThatMayOnlyBeReadIsToldInOneLine() throws Exception {
    mount("size=64m,mode=700");
    shell.with("AXONOMETER_HOME", disk().resolve("home").toString());
    try (var park = MockAxonPark.open(ParkSettings.of(2, Profile.HONEST))) {
      TestRounds.in(folder, park).job("mine", "timeout: 5s");
      assertThat(run("run mine").exitCode()).isZero();
      shell.run("mount -o remount,ro " + disk());
      for (String command : new String[] {"run mine", "show 1", "verify --all", "status"}) {
        Shell.Ended refused = run(command);
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(5);
        assertThat(refused.err().lines().filter(line -> line.startsWith("axonometer: ")).toList())
            .as(command)
            .singleElement()
            .asString()
            .contains(disk().toString(), "Read-only file system");
        assertThat(refused.err()).doesNotContain("internal fault", "\tat ");
      }
      assertThat(park.receivedQueries()).hasSize(2);
    }
  }
}
