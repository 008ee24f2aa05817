package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.testing.Shell;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A round in a process that may open few descriptors. */
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
