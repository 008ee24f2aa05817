package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.history.Database;
import org.axonometer.history.ReadOnlySql;
import org.axonometer.history.SqlException;
import org.axonometer.jobs.JobFile;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.testing.TestRounds;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An operator's question that takes longer than a round, asked while the round runs. */
class LongQuestionIT {
  private static final Duration MOST = Duration.ofSeconds(1);

  @TempDir private Path folder;

  /** Looks all the time who waits for whose lock, and for how long. */
  private static final class LockWatch implements Runnable, AutoCloseable {
    private final Database database;
    private final String waiting;
    private final Thread thread;
    private volatile Duration longest = Duration.ZERO;
    private volatile boolean over;

    LockWatch(Database database, TestStorage storage) {
      this.database = database;
      this.waiting =
          switch (storage) {
            case H2 ->
                "SELECT session_id FROM INFORMATION_SCHEMA.SESSIONS WHERE blocker_id IS NOT NULL";
            case POSTGRESQL ->
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
          };
      this.thread = Thread.ofPlatform().start(this);
    }

    @Override
    public void run() {
      Map<Integer, Long> since = new HashMap<>();
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      while (!over) {
        var waitingNow = jdbc.sql(waiting).query(Integer.class).set();
        since.keySet().retainAll(waitingNow);
        long now = System.nanoTime();
        for (int session : waitingNow) {
          long began = since.computeIfAbsent(session, none -> now);
          if (now - began > longest.toNanos()) {
            longest = Duration.ofNanos(now - began);
          }
        }
        LockSupport.parkNanos(10_000_000);
      }
    }

    Duration longest() {
      return longest;
    }

    @Override
    public void close() {
      over = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void noWriterWaitsForALockOverASecond(TestStorage storage) throws Exception {
    HttpProperties.set();
    try (var park =
            MockAxonPark.open(
                ParkSettings.of(24, Profile.HONEST).withDelay(Duration.ofMillis(400)));
        Database database = storage.own(folder.resolve("home"));
        RoundsApplication application = TestRounds.start(database, folder.resolve("exports"))) {
      Path job = TestRounds.in(folder, park).job("asked", "timeout: 5s", "concurrency: 4");
      application.launcher().run(JobFile.read(job), job, 1, new RoundProgress());
      try (LockWatch watch = new LockWatch(database, storage)) {
        Thread asking = Thread.ofPlatform().start(() -> ask(database, storage));
        assertThat(
                application.launcher().run(JobFile.read(job), job, 2, new RoundProgress()).sealed())
            .isTrue();
        assertThat(asking.isAlive()).as("the question took longer than the round").isTrue();
        System.out.printf(
            "%s: longest wait for a lock beside a long question: %d ms%n",
            storage, watch.longest().toMillis());
        assertThat(watch.longest()).isLessThan(MOST);
        cancelTheQuestion(storage);
        asking.join();
      }
      requireThatAWaitIsSeen(database, storage);
    }
  }

  private void cancelTheQuestion(TestStorage storage) {
    storage.tamper(
        folder.resolve("home"),
        switch (storage) {
          case H2 ->
              "SELECT CANCEL_SESSION(session_id) FROM INFORMATION_SCHEMA.SESSIONS WHERE executing_statement LIKE '%CROSS JOIN SYSTEM%' AND session_id <> SESSION_ID()";
          case POSTGRESQL ->
              "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%CROSS JOIN generate%' AND pid <> pg_backend_pid()";
        });
  }

  /** Reads what the round writes, until it is cancelled. */
  private static void ask(Database database, TestStorage storage) {
    String numbers =
        switch (storage) {
          case H2 -> "SYSTEM_RANGE(1, 10000000000)";
          case POSTGRESQL -> "generate_series(1, 10000000000)";
        };
    try {
      new ReadOnlySql(database)
          .ask(
              "SELECT COUNT(*) FROM synapse_history h JOIN target t ON t.round_id = h.round_id CROSS JOIN "
                  + numbers,
              Map.of(),
              new ReadOnlySql.Limits(1, Duration.ofMinutes(10)));
    } catch (SqlException cancelled) {
      // As it has to be.
    }
  }

  /** Otherwise the watch would see none whatever happened. */
  private static void requireThatAWaitIsSeen(Database database, TestStorage storage)
      throws SQLException, InterruptedException {
    try (LockWatch watch = new LockWatch(database, storage);
        Connection holding = lock(database)) {
      Thread second = Thread.ofPlatform().start(() -> lockAndLetGo(database));
      LockSupport.parkNanos(MOST.plusMillis(300).toNanos());
      holding.rollback();
      second.join();
      assertThat(watch.longest()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(60));
    }
  }

  private static Connection lock(Database database) throws SQLException {
    Connection connection = database.dataSource().getConnection();
    connection.setAutoCommit(false);
    try (var lock =
        connection.prepareStatement("SELECT 1 FROM round WHERE round_id = 1 FOR UPDATE")) {
      lock.executeQuery();
    }
    return connection;
  }

  private static void lockAndLetGo(Database database) {
    try (Connection connection = lock(database)) {
      connection.rollback();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
