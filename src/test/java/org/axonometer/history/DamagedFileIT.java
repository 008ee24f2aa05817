package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.axonometer.dendrite.Outcome;
import org.axonometer.scoring.SealVerification;
import org.axonometer.testing.BreaksInvariants;
import org.axonometer.testing.HistoriesHold;
import org.axonometer.testing.StoredRounds;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H2's file with other bytes in it than were written, as a broken disk may hand it back. */
class DamagedFileIT {
  private static final int FLIPS = Integer.getInteger("axonometer.flips", 12);
  private static final int PAGE = 4_096;
  private static final int MOST_PAGES = 40;

  @TempDir private Path home;

  @BeforeAll
  static void loopback() {
    Database.bindToLoopback();
  }

  private Path file() {
    return home.resolve("db").resolve("axonometer.mv.db");
  }

  /** The inputs of the only round. */
  private List<ScoringInput> sealed(int targets, Outcome outcome) {
    try (Database database = Database.own(home)) {
      new StoredRounds(database)
          .sealed("probe", targets, Instant.parse("2026-11-01T00:00:00Z"), uid -> outcome);
      return new HistoryQueries(database).scoringInputs(1);
    }
  }

  /** Whether the damage is found; if not, it must have changed nothing. */
  private boolean isFound(byte[] damaged, List<ScoringInput> sealed, String what)
      throws IOException {
    Files.write(file(), damaged);
    List<ScoringInput> read;
    try (Database database = Database.own(home)) {
      HistoriesHold.requireWhole(database);
      read = new HistoryQueries(database).scoringInputs(1);
    } catch (RuntimeException | AssertionError detected) {
      return true;
    }
    assertThat(read).as(what).isEqualTo(sealed);
    return false;
  }

  /** What H2 makes of a file whose newest part is damaged, and what a careless copy does. */
  @Test
  @BreaksInvariants("puts an older file there")
  void anOlderFileIsRefusedUntilTheOperatorWantsIt() throws IOException {
    sealed(4, Outcome.OK);
    byte[] older = Files.readAllBytes(file());
    try (Database database = Database.own(home)) {
      new StoredRounds(database)
          .sealed("probe", 4, Instant.parse("2026-11-02T00:00:00Z"), uid -> Outcome.OK);
    }
    byte[] newer = Files.readAllBytes(file());

    Files.write(file(), older);
    assertThatExceptionOfType(HistoryException.class)
        .isThrownBy(() -> Database.own(home))
        .withMessageContainingAll(
            "the newest seal in", "is 1, where", "says 2", "restore a backup");
    Files.write(file(), newer);
    Database.own(home).close();

    Path mark = file().resolveSibling("newest-seal");
    Files.writeString(mark, "\u0000\u0000");
    assertThatExceptionOfType(HistoryException.class)
        .isThrownBy(() -> Database.own(home))
        .withMessageContaining("says no number");
    Files.delete(mark);
    Files.write(file(), older);
    Database.own(home).close();
  }

  @Test
  @BreaksInvariants("changes bytes of the file")
  void aChangedByteInASealedRowIsFoundByItsSeal() throws IOException {
    List<ScoringInput> sealed = sealed(4, Outcome.DISCONNECTED);
    String bytes = Files.readString(file(), StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains("as the test says");
    Files.writeString(
        file(), bytes.replace("as the test says", "as the best says"), StandardCharsets.ISO_8859_1);
    try (Database database = Database.own(home)) {
      var queries = new HistoryQueries(database);
      assertThat(queries.scoringInputs(1)).isNotEqualTo(sealed);
      assertThat(new SealVerification(queries).round(1).orElseThrow().verdict())
          .isEqualTo(SealVerification.Verdict.BROKEN);
    }
  }

  @Test
  @BreaksInvariants("changes bytes of the file")
  void aFlippedBitIsRefusedFoundOrHarmless() throws IOException {
    List<ScoringInput> sealed = sealed(4, Outcome.DISCONNECTED);
    byte[] whole = Files.readAllBytes(file());
    var random = new Random(20261101);
    int found = 0;
    for (int i = 0; i < FLIPS; i++) {
      byte[] flipped = whole.clone();
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      found += isFound(flipped, sealed, "flip " + i) ? 1 : 0;
    }
    System.out.printf("%d of %d flipped bits found, the others changed nothing%n", found, FLIPS);
  }

  @Test
  @BreaksInvariants("empties pages of the file")
  void aZeroedPageIsRefusedFoundOrHarmless() throws IOException {
    List<ScoringInput> sealed = sealed(40, Outcome.TIMED_OUT);
    byte[] whole = Files.readAllBytes(file());
    int pages = (whole.length + PAGE - 1) / PAGE;
    int step = Math.max(1, pages / MOST_PAGES);
    int tried = 0;
    int found = 0;
    for (int page = 0; page < pages; page += step) {
      byte[] zeroed = whole.clone();
      Arrays.fill(zeroed, page * PAGE, Math.min(whole.length, (page + 1) * PAGE), (byte) 0);
      tried++;
      found += isFound(zeroed, sealed, "page " + page) ? 1 : 0;
    }
    System.out.printf("%d of %d zeroed pages found, the others held nothing%n", found, tried);
    assertThat(found).isPositive();
  }
}
