package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.axonometer.dendrite.Outcome;
import org.axonometer.testing.BreaksInvariants;
import org.axonometer.testing.HistoriesHold;
import org.axonometer.testing.StoredRounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H2's file with a page of zeros in it, as a broken disk may hand it back. */
class ZeroedPageIT {
  private static final int PAGE = 4_096;
  private static final int MOST = 40;

  @TempDir private Path home;

  @Test
  @BreaksInvariants("empties pages of the file")
  void isRefusedFoundOrHarmless() throws IOException {
    Database.bindToLoopback();
    List<ScoringInput> sealed;
    try (Database database = Database.own(home)) {
      new StoredRounds(database).sealed("mine", 40, Instant.EPOCH, uid -> Outcome.TIMED_OUT);
      sealed = new HistoryQueries(database).scoringInputs(1);
    }
    Path file = home.resolve("db").resolve("axonometer.mv.db");
    byte[] whole = Files.readAllBytes(file);
    int pages = (whole.length + PAGE - 1) / PAGE;
    int step = Math.max(1, pages / MOST);
    int tried = 0;
    int found = 0;
    for (int page = 0; page < pages; page += step) {
      byte[] zeroed = whole.clone();
      Arrays.fill(zeroed, page * PAGE, Math.min(whole.length, (page + 1) * PAGE), (byte) 0);
      Files.write(file, zeroed);
      tried++;
      List<ScoringInput> read;
      try (Database database = Database.own(home)) {
        HistoriesHold.requireWhole(database);
        read = new HistoryQueries(database).scoringInputs(1);
      } catch (RuntimeException | AssertionError detected) {
        found++;
        continue;
      }
      assertThat(read).as("page " + page).isEqualTo(sealed);
    }
    System.out.printf("%d of %d zeroed pages found, the others held nothing%n", found, tried);
    assertThat(found).isPositive();
  }
}
