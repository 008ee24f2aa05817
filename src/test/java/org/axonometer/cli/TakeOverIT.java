package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.testing.Program;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two processes and one round: who may take it, and what becomes of the one that lost it. */
@Execution(ExecutionMode.CONCURRENT)
class TakeOverIT {
  private static final int AXONS = 40;
  private static final Duration LEASE = Duration.ofSeconds(6);

  @TempDir private Path folder;

  @BeforeEach
  void loopback() {
    Database.bindToLoopback();
  }

  private Path home() {
    return folder.resolve("home");
  }

  private Program axonometer(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", home().toString()));
    return Program.start(
        folder,
        Map.of("JDK_JAVA_OPTIONS", "-Daxonometer.lease=" + LEASE.toSeconds()),
        all.toArray(String[]::new));
  }

  private Program park() throws IOException {
    Program park = Program.honestPark(folder, AXONS, Duration.ofSeconds(2));
    new TestRounds(folder)
        .job("probe", "timeout: 10s", "concurrency: 4", "partitions: 2", "round-deadline: 5m");
    return park;
  }

  private List<ReceivedQuery> received() {
    try {
      Path log = folder.resolve("received.log");
      return Files.exists(log)
          ? Files.readString(log).lines().map(ReceivedQuery::parse).toList()
          : List.of();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void await(Program living, BooleanSupplier condition) {
    long giveUp = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(living.process().isAlive()).as(living.stderr()).isTrue();
      assertThat(System.nanoTime()).as(living.stderr()).isLessThan(giveUp);
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** The file is this process's, so that the one that is paused or killed takes nothing with it. */
  private Database keeper() {
    return Database.own(home());
  }

  private static List<String> told(Program program) {
    return program.stderr().lines().filter(line -> line.startsWith("axonometer: ")).toList();
  }

  /** Nobody twice, every query that left has its row, and the round is what a seal promises. */
  private void requireWhole(Database database, long roundId) {
    var queries = new HistoryQueries(database);
    assertThat(queries.round(roundId).orElseThrow().state()).isEqualTo(Round.State.SEALED);
    assertThat(queries.brokenInvariants(roundId)).isEmpty();
    assertThat(queries.scoringInputs(roundId)).hasSize(AXONS);
    Set<String> nonces =
        new HashSet<>(
            JdbcClient.create(database.dataSource())
                .sql("SELECT nonce FROM synapse_history")
                .query((row, n) -> row.getString("nonce"))
                .list());
    assertThat(nonces).containsAll(received().stream().map(ReceivedQuery::nonce).toList());
    assertThat(received().stream().map(ReceivedQuery::uid)).doesNotHaveDuplicates();
  }

  @Test
  void aLivingOwnersRoundIsRefusedAndADeadOnesIsTakenAtOnce() throws Exception {
    try (Program park = park();
        Database keeper = keeper()) {
      Program owner = axonometer("run", "probe");
      await(owner, () -> received().size() >= 4);
      // Side by side, so that both are there before a slow machine has finished the round.
      for (Program refused : List.of(axonometer("rerun", "1"), axonometer("run", "probe"))) {
        assertThat(refused.await()).as(refused.stderr()).isEqualTo(3);
        assertThat(told(refused))
            .singleElement()
            .asString()
            .contains("is being asked by process " + owner.process().pid() + " on ", " since ");
      }
      owner.signal("KILL");
      owner.process().waitFor();

      Program heir = axonometer("rerun", "1");
      assertThat(heir.await()).as(heir.stderr()).isIn(0, 2);
      assertThat(park.process().isAlive()).isTrue();
      requireWhole(keeper, 1);
    }
  }

  @Test
  void aPausedOwnerIsFencedWhenItWakesAndSendsNothingMore() throws Exception {
    try (Program park = park();
        Database keeper = keeper()) {
      Program paused = axonometer("run", "probe");
      await(paused, () -> received().size() >= 8);
      paused.signal("STOP");
      Program early = axonometer("rerun", "1");
      int earlyCode = early.await();
      assertThat(earlyCode).as(early.stderr()).isIn(0, 2, 3);
      // A slow machine may start it after the lease; then it has taken the round.
      if (earlyCode == 3) {
        assertThat(told(early)).singleElement().asString().contains("is being asked by");
        LockSupport.parkNanos(LEASE.plusSeconds(1).toNanos());
      }
      Program heir = earlyCode == 3 ? axonometer("rerun", "1") : early;
      if (earlyCode == 3) {
        int before = received().size();
        await(heir, () -> received().size() >= before + 8);
      }
      Instant woken = Instant.now();
      paused.signal("CONT");
      assertThat(paused.await()).as(paused.stderr()).isEqualTo(3);
      System.out.printf(
          "woken: ended after %d ms: %s%n",
          Duration.between(woken, Instant.now()).toMillis(), paused.stderr());
      assertThat(told(paused))
          .singleElement()
          .asString()
          .contains("round 1 is no longer ours", "nothing was written");
      assertThat(heir.await()).as(heir.stderr()).isIn(0, 2);

      List<String> ofThePaused =
          JdbcClient.create(keeper.dataSource())
              .sql("SELECT nonce FROM synapse_history WHERE fence = 1")
              .query((row, n) -> row.getString("nonce"))
              .list();
      assertThat(received())
          .filteredOn(query -> ofThePaused.contains(query.nonce()))
          .extracting(query -> query.receivedNanos())
          .allSatisfy(
              nanos -> assertThat(Instant.EPOCH.plusNanos(nanos)).isBefore(woken.plusSeconds(1)));
      assertThat(park.process().isAlive()).isTrue();
      requireWhole(keeper, 1);
    }
  }

  @Test
  void aRerunWhoseServeEndsSaysSoAndLosesNothing() throws Exception {
    try (Program park = park()) {
      Program serve = axonometer("serve");
      await(serve, () -> serve.stderr().contains("serving"));
      Program guest = axonometer("run", "probe");
      await(guest, () -> received().size() >= 8);
      serve.signal("TERM");
      assertThat(serve.await()).as(serve.stderr()).isIn(0, 4);
      assertThat(guest.await()).as(guest.stderr()).isEqualTo(5);
      System.out.println("serve ended: " + guest.stderr());
      assertThat(told(guest)).singleElement().asString().contains("axonometer rerun 1");
      assertThat(guest.stderr()).doesNotContain("\tat ");

      Program heir = axonometer("rerun", "1");
      assertThat(heir.await()).as(heir.stderr()).isIn(0, 2);
      assertThat(park.process().isAlive()).isTrue();
      try (Database keeper = keeper()) {
        requireWhole(keeper, 1);
      }
    }
  }

  @Test
  void serveFinishesTheRoundOfARunThatDies() throws Exception {
    try (Program park = park();
        Program serve = axonometer("serve")) {
      await(serve, () -> serve.stderr().contains("serving"));
      Program guest = axonometer("run", "probe");
      await(guest, () -> received().size() >= 8);
      assertThat(serve.stderr()).doesNotContain("round=1");
      guest.signal("KILL");
      guest.process().waitFor();
      await(serve, () -> serve.stderr().contains("round=1 job=probe asked="));
      assertThat(park.process().isAlive()).isTrue();
      try (Database guestOfServe = Database.connect(home())) {
        requireWhole(guestOfServe, 1);
      }
      serve.signal("TERM");
      assertThat(serve.await()).as(serve.stderr()).isZero();
    }
  }

  @Test
  void theSecondSignalEndsAtOnceAndTheRoundStaysWhole() throws Exception {
    try (Program park = park()) {
      new TestRounds(folder)
          .job("hang", "timeout: 1m", "concurrency: 4", "partitions: 1", "round-deadline: 5m");
      Program round = axonometer("run", "probe");
      await(round, () -> received().size() >= 8);
      round.signal("TERM");
      round.signal("TERM");
      Instant asked = Instant.now();
      assertThat(round.await()).as(round.stderr()).isEqualTo(4);
      System.out.printf(
          "second TERM: ended after %d ms%n", Duration.between(asked, Instant.now()).toMillis());
      Program heir = axonometer("rerun", "1");
      assertThat(heir.await()).as(heir.stderr()).isIn(0, 2);
      assertThat(park.process().isAlive()).isTrue();
      try (Database keeper = keeper()) {
        requireWhole(keeper, 1);
      }
    }
  }
}
