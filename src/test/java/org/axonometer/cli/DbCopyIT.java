package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.scoring.SealVerification;
import org.axonometer.scoring.SealVerification.Finding;
import org.axonometer.testing.BreaksInvariants;
import org.axonometer.testing.HistoriesHold;
import org.axonometer.testing.StoredRounds;
import org.axonometer.testing.TestPostgres;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code db copy} from its command line to the rows in the new database. */
class DbCopyIT {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  @TempDir private Path home;

  @BeforeEach
  void fill() {
    try (Database file = TestStorage.H2.own(home)) {
      var rounds = new StoredRounds(file);
      for (int i = 0; i < 3; i++) {
        rounds.sealed(
            "probe",
            40,
            NOW.minusSeconds(1_000 - i),
            uid -> uid % 7 == 0 ? Outcome.TIMED_OUT : Outcome.OK);
      }
      rounds.followUp(3, NOW, uid -> Outcome.OK, 0, 7);
      rounds.open("other", 5, NOW);
    }
  }

  private Ended copy(TestPostgres target, Path from) throws IOException {
    Path password = home.resolve("password");
    Files.deleteIfExists(password);
    Files.createFile(
        password,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        password, Objects.requireNonNull(target.variables().get("AXONOMETER_DB_PASSWORD")));
    return Ended.of(
        "db",
        "copy",
        "--from",
        from.toString(),
        "--to",
        target.address(),
        "--db-password-file",
        password.toString());
  }

  private static List<Finding> seals(Database database) {
    return new SealVerification(new HistoryQueries(database)).job("probe");
  }

  @Test
  void copiesEveryRowAndEverySeal() throws IOException {
    TestPostgres target = TestPostgres.create();
    Ended copied = copy(target, home);
    assertThat(copied.exitCode()).as(copied.err()).isZero();
    assertThat(copied.out())
        .containsPattern("(?m)^ +5  round$")
        .containsPattern("(?m)^ +127  target$")
        .containsPattern("(?m)^ +122  scoring_input$")
        .containsPattern("(?m)^ +122  synapse_body$")
        .containsPattern("(?m)^ +4  seal$")
        .contains("4 seals recomputed, 0 broken; every one as in the file");
    try (Database file = Database.connect(home);
        Database database = target.open()) {
      HistoriesHold.requireWhole(database);
      assertThat(seals(database)).hasSize(4).isEqualTo(seals(file));
      var there = new HistoryQueries(file);
      var here = new HistoryQueries(database);
      assertThat(here.rounds(10)).isEqualTo(there.rounds(10));
      for (long round = 1; round <= 4; round++) {
        assertThat(here.scoringInputs(round)).isEqualTo(there.scoringInputs(round));
        assertThat(here.seal(round)).isEqualTo(there.seal(round));
      }
      assertThat(here.ratesOf("probe", Long.MAX_VALUE, 10))
          .isEqualTo(there.ratesOf("probe", Long.MAX_VALUE, 10))
          .hasSize(3);
    }

    Ended again = copy(target, home);
    assertThat(again.exitCode()).isEqualTo(ExitCode.FAULT);
    assertThat(again.err())
        .contains("has a history already; copy into an empty database")
        .hasLineCount(1);
    Ended nowhere = copy(target, home.resolve("nowhere"));
    assertThat(nowhere.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(nowhere.err()).contains("there is no database below ").hasLineCount(1);
    assertThat(home.resolve("nowhere")).doesNotExist();
  }

  @Test
  @BreaksInvariants("changes a sealed row")
  void aSealThatIsBrokenInTheFileIsToldAndCopiedAsItIs() throws IOException {
    try (Database file = TestStorage.H2.own(home)) {
      TestStorage.H2.tamper(
          home, "UPDATE scoring_input SET total_nanos = 1 WHERE round_id = 2 AND uid = 1");
      assertThat(seals(file)).hasSize(4);
    }
    Ended copied = copy(TestPostgres.create(), home);
    assertThat(copied.exitCode()).as(copied.err()).isZero();
    assertThat(copied.out()).contains("4 seals recomputed, 1 broken; every one as in the file");
  }
}
