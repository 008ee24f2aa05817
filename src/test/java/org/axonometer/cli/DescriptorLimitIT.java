package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.testing.Program;
import org.axonometer.testing.Shell;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A round in a process that may open few descriptors. */
@Execution(ExecutionMode.CONCURRENT)
class DescriptorLimitIT {
  @TempDir private Path folder;

  @BeforeEach
  void needsBash() {
    Shell.require("bash");
  }

  @Test
  void tooFewForAnyQueryIsRefusedBeforeARoundIsOpened() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(4, Profile.HONEST))) {
      TestRounds.in(folder, park).job("probe", "timeout: 3s", "concurrency: 512");
      assertThat(runUnder(256))
          .contains("may open 256 descriptors")
          .contains("ulimit -n")
          .doesNotContain("round 1");
      assertThat(park.receivedQueries()).isEmpty();
    }
  }

  @Test
  void fewerThanTheRoundWantsLowersItAndSaysSo() throws Exception {
    try (var park = MockAxonPark.open(ParkSettings.of(4, Profile.HONEST))) {
      TestRounds.in(folder, park).job("probe", "timeout: 3s", "concurrency: 512");
      assertThat(runUnder(1_024)).contains("at most 192 queries in flight instead of 512");
      assertThat(park.receivedQueries()).isNotEmpty();
    }
  }

  @Test
  void descriptorsThatRunOutInTheMiddleOfARoundAreOurFault() throws Exception {
    Shell.require("prlimit");
    String home = folder.resolve("home").toString();
    try (var park =
        MockAxonPark.open(ParkSettings.of(24, Profile.HONEST).withDelay(Duration.ofMillis(500)))) {
      TestRounds.in(folder, park).job("probe", "timeout: 5s", "concurrency: 4");
      try (Program round = Program.start(folder, "run", "probe", "--home", home)) {
        while (park.receivedQueries().size() < 6) {
          assertThat(round.process().isAlive()).as(round.stderr()).isTrue();
          LockSupport.parkNanos(5_000_000);
        }
        // What is open stays open; nothing more can be opened, the files of the sealed round
        // included.
        Process lower =
            new ProcessBuilder(
                    "prlimit", "--pid", Long.toString(round.process().pid()), "--nofile=16:")
                .inheritIO()
                .start();
        assertThat(lower.waitFor()).isZero();
        assertThat(round.await()).as(round.stderr()).isEqualTo(5);
        assertThat(round.stderr().lines().filter(line -> line.startsWith("axonometer: ")).toList())
            .singleElement()
            .asString()
            .contains("round 1 is sealed", "Too many open files", "axonometer rerun 1");
      }
      int received = park.receivedQueries().size();
      assertThat(Program.start(folder, "rerun", "1", "--home", home).await()).isZero();
      assertThat(park.receivedQueries()).hasSize(received);
    }
    Program export = Program.start(folder, "export", "1", "--format", "jsonl", "--home", home);
    assertThat(export.await()).as(export.stderr()).isZero();
    List<JsonNode> rows = export.stdout().lines().map(JsonMapper.shared()::readTree).toList();
    assertThat(rows)
        .hasSize(24)
        .extracting(row -> row.get("outcome").stringValue())
        .containsOnly("OK", "LOCAL_FAULT");
    assertThat(rows)
        .filteredOn(row -> row.get("outcome").stringValue().equals("LOCAL_FAULT"))
        .isNotEmpty()
        .allSatisfy(
            row -> {
              assertThat(row.get("blame").stringValue()).isEqualTo("VALIDATOR");
              assertThat(row.get("in_denominator").booleanValue()).isFalse();
              assertThat(row.get("detail").stringValue())
                  .containsIgnoringCase("too many open files");
            });
  }

  /** Everything a run prints under that limit. */
  private String runUnder(int descriptors) throws IOException, InterruptedException {
    Process run =
        new ProcessBuilder(
                List.of(
                    "bash",
                    "-c",
                    "ulimit -n " + descriptors + " && exec \"$@\"",
                    "bash",
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-ea:jdk.internal.net.http.ResponseContent",
                    "-jar",
                    System.getProperty("axonometer.jar", ""),
                    "run",
                    "probe",
                    "--home",
                    folder.resolve("home").toString()))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return printed;
  }
}
