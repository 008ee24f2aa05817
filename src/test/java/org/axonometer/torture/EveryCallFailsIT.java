package org.axonometer.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryException;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.jobs.JobFile;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.rounds.RoundException;
import org.axonometer.rounds.RoundProgress;
import org.axonometer.rounds.RoundsApplication;
import org.axonometer.testing.TestRounds;
import org.axonometer.testing.TestStorage;
import org.axonometer.torture.FaultPlan.Action;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The n-th call of a round to its database fails, for each n: once before it is made, once after.
 * {@code -Daxonometer.torture.every=1} takes every n; by default it is every 29th.
 */
class EveryCallFailsIT {
  private static final int EVERY = Integer.getInteger("axonometer.torture.every", 29);

  @TempDir private Path folder;
  private final Fault fault = new Fault();
  private InterposedDriver driver;

  /** A plan that can be changed. */
  private static final class Fault implements Interposer {
    private volatile FaultPlan plan;

    @Override
    public Object call(DriverCall call) throws SQLException {
      FaultPlan now = plan;
      return now == null ? call.proceed() : now.call(call);
    }
  }

  @BeforeEach
  void stepBetween() throws SQLException {
    HttpProperties.set();
    driver = InterposedDriver.install(fault);
  }

  @AfterEach
  void stepAside() throws SQLException {
    fault.plan = null;
    driver.uninstall();
  }

  @ParameterizedTest
  @EnumSource
  void theRoundIsFinishedByARerunAndNothingIsLost(TestStorage storage) throws IOException {
    var checker = new Checker();
    try (var park = MockAxonPark.open(ParkSettings.of(6, Profile.HONEST));
        Database database = storage.own(folder.resolve("home"));
        RoundsApplication application = TestRounds.start(database, folder.resolve("exports"))) {
      Path job =
          TestRounds.in(folder, park)
              .job("probe", "timeout: 2s", "max-attempts: 9", "unknown: ask-again");
      application.launcher().run(JobFile.read(job), job, 1, new RoundProgress());
      int failed = 0;
      for (Action action : List.of(Action.FAIL_BEFORE, Action.FAIL_AFTER)) {
        boolean reached = true;
        for (int n = 1; reached; n += EVERY) {
          Path own = Files.createTempDirectory(folder, "fault");
          FaultPlan plan = FaultPlan.atCall(own, n, action);
          List<String> broken = new ArrayList<>();
          fault.plan = plan;
          try {
            application.launcher().run(JobFile.read(job), job, n, new RoundProgress());
          } catch (RuntimeException told) {
            failed++;
            Exception said = HistoryException.inOurWords(told);
            if (!(said instanceof HistoryException || said instanceof RoundException)) {
              broken.add("not said in our words: " + said);
            }
          } finally {
            fault.plan = null;
          }
          Optional<Round> open = new HistoryQueries(database).openRoundOf("probe");
          open.ifPresent(
              round ->
                  application
                      .launcher()
                      .rerun(round.id(), OptionalLong.empty(), new RoundProgress()));
          broken.addAll(checker.all(database, park.receivedQueries()));
          assertThat(new HistoryQueries(database).openRoundOf("probe")).isEmpty();
          assertThat(broken).as("%s at call %d on %s", action, n, storage).isEmpty();
          reached = plan.reached();
        }
      }
      System.out.printf("%s: %d rounds failed by a call to the database%n", storage, failed);
      assertThat(failed).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRoundWhoseBatchJobHasAnInstanceAndNoExecutionIsFinished(TestStorage storage)
      throws IOException {
    try (var park = MockAxonPark.open(ParkSettings.of(2, Profile.HONEST));
        Database database = storage.own(folder.resolve("home"));
        RoundsApplication application = TestRounds.start(database, folder.resolve("exports"))) {
      Path job = TestRounds.in(folder, park).job("probe", "timeout: 2s");
      fault.plan = FaultPlan.at(folder, CrashPoint.BATCH, 1, Action.FAIL_BEFORE);
      assertThatThrownBy(
              () -> application.launcher().run(JobFile.read(job), job, 1, new RoundProgress()))
          .isInstanceOf(RoundException.class);
      fault.plan = null;
      assertThat(
              application.launcher().rerun(1, OptionalLong.empty(), new RoundProgress()).sealed())
          .isTrue();
    }
  }
}
