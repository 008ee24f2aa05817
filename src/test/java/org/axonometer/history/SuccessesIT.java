package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.axonometer.dendrite.Outcome;
import org.axonometer.testing.StoredRounds;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class SuccessesIT {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  @Parameter private TestStorage storage = TestStorage.H2;

  @TempDir private Path home;
  private Database database;
  private StoredRounds rounds;

  @BeforeEach
  void open() {
    database = storage.own(home);
    rounds = new StoredRounds(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Optional<Long> newest() {
    return successes().newest().map(RoundRate::roundId);
  }

  private Optional<Long> newestFailure() {
    return successes().newestFailure().map(RoundRate::roundId);
  }

  private Successes successes() {
    return new Successes(new HistoryQueries(database), "probe");
  }

  @Test
  void aRoundInWhichNobodyCountsIsAFailure() {
    long good = rounds.sealed("probe", 4, NOW.minusSeconds(60), uid -> Outcome.OK);
    long ours = rounds.sealed("probe", 4, NOW, uid -> Outcome.LOCAL_FAULT);

    assertThat(newest()).contains(good);
    assertThat(newestFailure()).contains(ours);
    RoundRate rate = successes().newestFailure().orElseThrow();
    assertThat(rate.counted()).isZero();
    assertThat(rate.success()).isZero();
    assertThat(rate.reached(0.0)).isFalse();
  }

  @Test
  void aFollowUpIsNeitherSuccessNorFailure() {
    long bad =
        rounds.sealed(
            "probe", 4, NOW.minusSeconds(60), uid -> uid == 0 ? Outcome.OK : Outcome.TIMED_OUT);
    long good = rounds.followUp(bad, NOW.minusSeconds(30), uid -> Outcome.OK, 1, 2);
    rounds.followUp(good, NOW, uid -> Outcome.TIMED_OUT, 1);

    assertThat(newest()).isEmpty();
    assertThat(newestFailure()).contains(bad);
    assertThat(new HistoryQueries(database).ratesOf("probe", Long.MAX_VALUE, 20))
        .extracting(RoundRate::roundId, RoundRate::ok, RoundRate::counted)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(bad, 1, 4));
    assertThat(new JobStanding(database).newestSealed("probe").orElseThrow().roundId())
        .isEqualTo(bad);
  }
}
