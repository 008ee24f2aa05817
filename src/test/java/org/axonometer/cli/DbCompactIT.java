package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.ScoringInput;
import org.axonometer.testing.BreaksInvariants;
import org.axonometer.testing.HistoriesHold;
import org.axonometer.testing.StoredRounds;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code db compact} from its command line to the file on the disk. */
class DbCompactIT {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  private static final int ROUNDS = 30;

  @TempDir private Path home;

  @BeforeEach
  void fill() {
    try (Database file = TestStorage.H2.own(home)) {
      var rounds = new StoredRounds(file);
      for (int i = 0; i < ROUNDS; i++) {
        rounds.sealed("probe", 40, NOW.plusSeconds(i), uid -> Outcome.OK);
      }
      rounds.open("other", 5, NOW);
    }
  }

  private Path file() {
    return home.resolve("db").resolve("axonometer.mv.db");
  }

  private static Ended compact(Path home) {
    return Ended.of("db", "compact", "--home", home.toString());
  }

  private List<List<ScoringInput>> inputs() {
    try (Database database = Database.own(home)) {
      HistoriesHold.requireWhole(database);
      assertThat(new HistoryQueries(database).openRounds()).hasSize(1);
      return LongStream.rangeClosed(1, ROUNDS)
          .mapToObj(new HistoryQueries(database)::scoringInputs)
          .toList();
    }
  }

  @Test
  void theFileIsSmallerAndTheHistoryTheSame() throws IOException {
    List<List<ScoringInput>> before = inputs();
    long size = Files.size(file());
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));

    Ended ended = compact(home);

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("bytes before, ", ROUNDS + " seals recomputed, 0 broken; every one as before");
    assertThat(Files.size(file())).isLessThan(size * 3 / 4);
    assertThat(Files.getPosixFilePermissions(file()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(home.resolve("db").resolve("dense")).doesNotExist();
    assertThat(inputs()).isEqualTo(before);
    try (Database database = Database.own(home)) {
      new StoredRounds(database).sealed("probe", 4, NOW.plusSeconds(ROUNDS), uid -> Outcome.OK);
      HistoriesHold.requireWhole(database);
    }
  }

  @Test
  void aDatabaseThatIsOpenIsLeftAlone() throws IOException {
    try (Database owner = Database.own(home)) {
      Ended ended = compact(home);
      assertThat(ended.exitCode()).isEqualTo(ExitCode.LOCKED);
      assertThat(ended.err()).contains("is in use by process ");
      assertThat(new HistoryQueries(owner).rounds(1)).hasSize(1);
    }
    Ended nowhere = compact(home.resolve("nowhere"));
    assertThat(nowhere.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(nowhere.err()).contains("there is no database below ").hasLineCount(1);
  }

  /** What a kill in the middle leaves is a second name of the file, and a part of its copy. */
  @Test
  @BreaksInvariants("changes a sealed row")
  void whatAKillLeftIsClearedAndABrokenSealStaysOne() throws IOException {
    Path left = Files.createDirectories(home.resolve("db").resolve("dense").resolve("db"));
    Files.createLink(left.resolve("axonometer.mv.db"), file());
    Files.writeString(left.resolve("axonometer.mv.db.tempFile"), "a part");
    try (Database database = Database.own(home)) {
      TestStorage.H2.tamper(
          home, "UPDATE scoring_input SET total_nanos = 1 WHERE round_id = 2 AND uid = 1");
      assertThat(new HistoryQueries(database).rounds(1)).hasSize(1);
    }

    Ended ended = compact(home);

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains(ROUNDS + " seals recomputed, 1 broken; every one as before");
    assertThat(home.resolve("db").resolve("dense")).doesNotExist();
  }
}
