package org.axonometer.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The n-th call of a round to its database fails, for each n: once before it is made, once after,
 * once after it hung, and once it hangs only. {@code -Daxonometer.torture.every=1} takes every n;
 * by default it is every 29th, from one that the seed chooses. Hanging lasts {@code
 * axonometer.torture.hang} milliseconds. Never two at once in a process: Spring Batch knows a step
 * by its number, whichever database that is of.
 */
class EveryCallFailsIT {
  private static final int EVERY = Integer.getInteger("axonometer.torture.every", 29);
  private static final int FIRST = 1 + (int) Math.floorMod(TortureRun.SEED, (long) EVERY);

  /** Of one round, roughly. */
  private static final int CALLS = 320;

  private static final Duration HANG =
      Duration.ofMillis(Integer.getInteger("axonometer.torture.hang", 500));

  @TempDir private Path folder;
  private static final Faults FAULTS = new Faults();
  private static InterposedDriver driver;

  /** A plan for each database that has one just now; all others of this process are left alone. */
  private static final class Faults implements Interposer {
    private final Map<String, FaultPlan> plans = new ConcurrentHashMap<>();

    @Override
    public Object call(DriverCall call) throws SQLException {
      for (Map.Entry<String, FaultPlan> plan : plans.entrySet()) {
        if (call.isTo(plan.getKey())) {
          return plan.getValue().call(call);
        }
      }
      return call.proceed();
    }
  }

  /** A job, a park it asks and the database it asks for. */
  private record Stage(
      String address, MockAxonPark park, Database database, RoundsApplication application, Path job)
      implements AutoCloseable {

    static Stage of(Path folder, TestStorage storage, int axons) {
      var park = MockAxonPark.open(ParkSettings.of(axons, Profile.HONEST));
      Path home = folder.resolve("home");
      Database database = storage.own(home);
      String address =
          storage
              .variables(home)
              .getOrDefault("AXONOMETER_DB", home.resolve("db").resolve("axonometer").toString());
      return new Stage(
          address.substring(address.indexOf('@') + 1),
          park,
          database,
          TestRounds.start(database, folder.resolve("exports")),
          TestRounds.in(folder, park)
              .job("probe", "timeout: 2s", "max-attempts: 9", "unknown: ask-again"));
    }

    void run(long seed) {
      application.launcher().run(JobFile.read(job), job, seed, new RoundProgress());
    }

    /** Runs a round under this plan; what it failed with, said in our words. */
    Optional<Exception> run(long seed, FaultPlan plan) {
      FAULTS.plans.put(address, plan);
      try {
        run(seed);
        return Optional.empty();
      } catch (RuntimeException told) {
        return Optional.of(HistoryException.inOurWords(told));
      } finally {
        FAULTS.plans.remove(address);
      }
    }

    void finish() {
      Optional<Round> open = open();
      open.ifPresent(
          round ->
              application.launcher().rerun(round.id(), OptionalLong.empty(), new RoundProgress()));
    }

    Optional<Round> open() {
      return new HistoryQueries(database).openRoundOf("probe");
    }

    @Override
    public void close() {
      application.close();
      database.close();
      park.close();
    }
  }

  @BeforeAll
  static void stepBetween() throws SQLException {
    HttpProperties.set();
    driver = InterposedDriver.install(FAULTS);
  }

  @AfterAll
  static void stepAside() throws SQLException {
    driver.uninstall();
    TortureReport.write();
  }

  @ParameterizedTest
  @EnumSource
  void theRoundIsFinishedByARerunAndNothingIsLost(TestStorage storage) throws IOException {
    var checker = new Checker();
    var tally = new Tally("calls of a round, " + storage, 4 * (1 + CALLS / EVERY));
    try (Stage stage = Stage.of(folder, storage, 6)) {
      stage.run(1);
      for (Action action :
          List.of(Action.FAIL_BEFORE, Action.FAIL_AFTER, Action.HOLD_AND_FAIL, Action.HOLD)) {
        boolean cut = false;
        boolean reached = true;
        for (int n = FIRST; reached && !cut; n += EVERY) {
          FaultPlan plan = FaultPlan.atCall(Files.createTempDirectory(folder, "fault"), n, action);
          Thread released = Thread.ofVirtual().start(() -> release(plan));
          Optional<Exception> said = stage.run(n, plan);
          released.interrupt();
          List<String> broken = new ArrayList<>();
          said.filter(it -> !(it instanceof HistoryException || it instanceof RoundException))
              .ifPresent(it -> broken.add("not said in our words: " + it));
          stage.finish();
          broken.addAll(checker.all(stage.database(), stage.park().receivedQueries()));
          reached = plan.reached();
          // The first call that no round comes to ends the loop; one that a round failed before,
          // not.
          said.filter(it -> !plan.reached()).ifPresent(it -> broken.add("not by the fault: " + it));
          assertThat(stage.open()).isEmpty();
          assertThat(broken).as("%s at call %d on %s", action, n, storage).isEmpty();
          if (reached) {
            tally.fault("call " + action);
            tally.add(said.isPresent() ? "rounds failed" : "rounds went on", 1);
            cut = TortureReport.cutShort(tally);
          }
        }
        assertThat(tally.of("call " + action)).isPositive();
        assertThat(cut || tally.of("call " + action) > CALLS / EVERY / 2).isTrue();
        assertThat(cut).as("cut short").isIn(false, TortureReport.MAY_BE_CUT_SHORT);
        tally.told(action.toString());
      }
      assertThat(tally.of("rounds failed")).isPositive();
    }
  }

  /** Lets a call that hangs go on in time. */
  private static void release(FaultPlan plan) {
    while (!plan.reached()) {
      LockSupport.parkNanos(5_000_000);
      if (Thread.interrupted()) {
        return;
      }
    }
    LockSupport.parkNanos(HANG.toNanos());
    plan.go();
  }

  @ParameterizedTest
  @EnumSource
  void aRoundWhoseBatchJobHasAnInstanceAndNoExecutionIsFinished(TestStorage storage) {
    try (Stage stage = Stage.of(folder, storage, 2)) {
      FaultPlan plan = FaultPlan.at(folder, CrashPoint.BATCH, 1, Action.FAIL_BEFORE);
      assertThat(stage.run(1, plan)).get().isInstanceOf(RoundException.class);
      assertThat(
              stage
                  .application()
                  .launcher()
                  .rerun(1, OptionalLong.empty(), new RoundProgress())
                  .sealed())
          .isTrue();
    }
  }

  /** A deadlock, a serialization failure, a lock that was not to be had. */
  @ParameterizedTest
  @ValueSource(strings = {"40P01", "40001", "55P03"})
  void aStatementThatPostgresqlRefusesEndsTheRunAndNotTheRound(String sqlState) throws IOException {
    var checker = new Checker();
    try (Stage stage = Stage.of(folder, TestStorage.POSTGRESQL, 6)) {
      for (CrashPoint point :
          List.of(CrashPoint.CLAIM, CrashPoint.P3, CrashPoint.P6, CrashPoint.P9)) {
        FaultPlan plan =
            FaultPlan.refusal(Files.createTempDirectory(folder, "fault"), point, sqlState);
        assertThat(stage.run(1, plan))
            .as("exit code 5 at " + point)
            .get()
            .isInstanceOfAny(HistoryException.class, RoundException.class)
            .extracting(Exception::getMessage)
            .asString()
            .contains("refused by the database");
        assertThat(plan.reached()).isTrue();
        stage.finish();
        assertThat(stage.open()).isEmpty();
        assertThat(checker.all(stage.database(), stage.park().receivedQueries())).isEmpty();
      }
    }
  }
}
