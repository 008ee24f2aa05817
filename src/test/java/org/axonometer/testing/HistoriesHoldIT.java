package org.axonometer.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.axonometer.history.Database;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.subnet.Uid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The look at what a test leaves sees what it is there for. */
@BreaksInvariants("to see that it is seen")
class HistoriesHoldIT {
  @TempDir private Path folder;

  @BeforeEach
  void aRoundThatHolds() throws IOException {
    try (Database database = TestStorage.H2.own(folder.resolve("home"))) {
      new StoredRounds(database).exported("probe", 2, Instant.parse("2026-11-01T00:00:00Z"));
    }
    assertThatCode(this::check).doesNotThrowAnyException();
  }

  private void check() throws IOException {
    HistoriesHold.check(folder, List.of());
  }

  @Test
  void aChangedScoringInput() {
    try (Database database = Database.connect(folder.resolve("home"))) {
      TestStorage.H2.tamper(
          folder.resolve("home"),
          "UPDATE scoring_input SET detail = 'x' WHERE uid = 1",
          "UPDATE synapse_history SET detail = 'x' WHERE uid = 1");
      assertThatThrownBy(() -> HistoriesHold.requireWhole(database)).hasMessageContaining("BROKEN");
    }
  }

  @Test
  void aQueryWithoutItsRow() throws IOException {
    Files.writeString(
        folder.resolve("received.log"),
        new ReceivedQuery(1, new Uid(1), "5", "uuid", "17", "/Prompt").line() + "\n");
    assertThatThrownBy(this::check).hasMessageContaining("nonces with a row");
  }

  @Test
  void aReportedRoundThatIsNotSealed() throws IOException {
    Files.writeString(folder.resolve("out1.txt"), "round 2 of probe: sealed after 1 s\n");
    assertThatThrownBy(this::check).hasMessageContaining("sealed rounds");
  }

  @Test
  void anExportedFileThatIsNotWhatWasSealed() throws IOException {
    Path exports = Files.createDirectories(folder.resolve("home/exports/probe"));
    Files.writeString(exports.resolve("round-1.jsonl"), "{}\n");
    assertThatThrownBy(this::check).hasMessageContaining("sealed inputs");
  }
}
