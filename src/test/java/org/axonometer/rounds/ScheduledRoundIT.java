package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.history.Fire;
import org.axonometer.history.FireStore;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.RoundKind;
import org.axonometer.jobs.JobFile;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.testing.TestRounds;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rounds of scheduled times, on a real database. */
@ParameterizedClass
@EnumSource
class ScheduledRoundIT {
  @Parameter private TestStorage storage = TestStorage.H2;

  private static final Instant TIME = Instant.parse("2027-01-01T00:10:00Z");

  @TempDir private Path folder;
  private Database database;
  private RoundsApplication application;

  @BeforeEach
  void open() {
    HttpProperties.set();
    database = storage.own(folder.resolve("home"));
    application = TestRounds.start(database, folder.resolve("exports"), 2);
  }

  @AfterEach
  void close() {
    application.close();
    database.close();
  }

  private long open(Path job) {
    return application.launcher().open(JobFile.read(job), job, Optional.of(TIME), 5);
  }

  @Test
  void aScheduledTimeIsOpenedOnceWithItsRowAndKeepsToTheProcessesCap() {
    try (var park =
        MockAxonPark.open(ParkSettings.of(8, Profile.HONEST).withDelay(Duration.ofMillis(300)))) {
      Path job = TestRounds.in(folder, park).job("probe", "timeout: 3s", "concurrency: 64");
      var fires = new FireStore(database);
      fires.begin("probe", "every PT10M", TIME.minusSeconds(600));
      long round = open(job);
      assertThat(park.receivedQueries()).isEmpty();
      assertThatThrownBy(() -> open(job)).isInstanceOf(RoundException.class);

      RoundReport report = application.launcher().resume(round, new RoundProgress());
      assertThat(report.sealed()).isTrue();
      assertThat(report.round().kind()).isEqualTo(RoundKind.SCHEDULED);
      assertThat(report.outcomes()).containsEntry(Outcome.OK, 8);
      assertThat(report.took())
          .as("eight answers of 300 ms, two at once")
          .isGreaterThanOrEqualTo(Duration.ofMillis(1_200));

      assertThatThrownBy(() -> open(job)).isInstanceOf(RuntimeException.class);
      assertThat(new HistoryQueries(database).rounds(10)).hasSize(1);
      assertThat(fires.fires("probe", Instant.EPOCH))
          .singleElement()
          .satisfies(
              fire -> {
                assertThat(fire.time()).isEqualTo(TIME);
                assertThat(fire.roundId()).contains(round);
              });
      assertThat(fires.positions().get("probe"))
          .isEqualTo(new FireStore.Position("every PT10M", TIME));
      Fire twice = Fire.without("probe", TIME, TIME, Fire.Reason.MISSED);
      assertThatThrownBy(() -> fires.record(java.util.List.of(twice)))
          .isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void aRoundWhoseDeadlineHasPassedIsSealedWithoutAsking() {
    try (var park = MockAxonPark.open(ParkSettings.of(3, Profile.HONEST))) {
      Path job = TestRounds.in(folder, park).job("probe", "timeout: 500ms", "round-deadline: 1s");
      long round = open(job);
      LockSupport.parkNanos(Duration.ofMillis(1_100).toNanos());
      RoundReport report = application.launcher().resume(round, new RoundProgress());
      assertThat(report.sealed()).isTrue();
      assertThat(report.outcomes()).containsEntry(Outcome.UNSENT, 3);
      assertThat(park.receivedQueries()).isEmpty();
      assertThat(report.files().jsonl()).exists();
    }
  }
}
