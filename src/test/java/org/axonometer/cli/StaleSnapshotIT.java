package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.testing.Program;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What run, plan and show say of a snapshot that is too old, or older than the last one. */
@Execution(ExecutionMode.CONCURRENT)
class StaleSnapshotIT {

  @TempDir private Path folder;
  private MockAxonPark park;
  private TestRounds rounds;

  @BeforeEach
  void open() {
    park = MockAxonPark.open(ParkSettings.of(2, Profile.HONEST));
    rounds = TestRounds.in(folder, park);
  }

  @AfterEach
  void close() {
    park.close();
  }

  private Path job(String snapshot) throws IOException {
    Path job = rounds.job("probe", "timeout: 10s");
    return Files.writeString(
        job, Files.readString(job).replace("{file: ../snapshot.json}", snapshot));
  }

  private void snapshot(long block, Duration age) {
    Instant takenAt = Instant.now().minus(age).truncatedTo(ChronoUnit.SECONDS);
    MetagraphSnapshot made = park.snapshot();
    SnapshotFile.write(
        MetagraphSnapshot.of(made.network(), made.netuid(), block, takenAt, made.neurons()),
        folder.resolve("snapshot.json"));
  }

  private record Ran(int exitCode, String out, String err) {}

  private Ran run(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command, "--home", "home"));
    all.addAll(List.of(arguments));
    try (Program program = Program.start(folder, all.toArray(String[]::new))) {
      return new Ran(program.await(), program.stdout(), program.stderr());
    }
  }

  @Test
  void aSnapshotOverItsAgeIsRefusedOrNotedFromPlanToShow() throws IOException {
    snapshot(1_000, Duration.ofHours(3));
    String old = "snapshot is 3h old (block 1000, taken ";
    Path strict = job("{file: ../snapshot.json, max-age: 1h}");
    for (String command : List.of("plan", "run")) {
      Ran refused = run(command, strict.toString());
      assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(refused.err())
          .contains(old, "max-age is 1h; allow it with when-stale: warn or --allow-stale");
    }

    Path warning = job("{file: ../snapshot.json, max-age: 1h, when-stale: warn}");
    assertThat(run("plan", warning.toString()).out()).contains("note: " + old);
    Ran ran = run("run", warning.toString());
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.GOOD);
    assertThat(ran.out())
        .containsPattern("snapshot: 9\\d\\d blocks, 18\\d min old")
        .contains("note: " + old);
    assertThat(run("show", "1").out())
        .containsPattern("9\\d\\d blocks, 18\\d min old")
        .contains(old);
  }

  @Test
  void planRefusesASnapshotOlderThanTheLastAsRunDoes() throws IOException {
    Path job = job("{file: ../snapshot.json}");
    snapshot(1_000, Duration.ofMinutes(1));
    assertThat(run("run", job.toString()).exitCode()).isEqualTo(ExitCode.GOOD);

    snapshot(999, Duration.ofMinutes(1));
    String older = "snapshot is of block 999, older than block 1000 that was used before";
    for (String command : List.of("plan", "run")) {
      Ran refused = run(command, job.toString());
      assertThat(refused.exitCode()).as(refused.out()).isEqualTo(ExitCode.USAGE);
      assertThat(refused.err()).contains(older + "; allow it with when-stale: warn");
    }
    assertThat(run("run", job.toString(), "--dry-run").err()).contains(older);
    Ran allowed = run("plan", job.toString(), "--allow-stale");
    assertThat(allowed.exitCode()).as(allowed.err()).isEqualTo(ExitCode.GOOD);
    assertThat(allowed.out()).contains("note: " + older);
    assertThat(run("run", job.toString(), "--allow-stale").exitCode()).isEqualTo(ExitCode.GOOD);
  }
}
