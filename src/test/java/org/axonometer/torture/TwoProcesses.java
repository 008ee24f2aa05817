package org.axonometer.torture;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.axonometer.history.Database;
import org.axonometer.torture.FaultPlan.Action;
import org.axonometer.torture.Ground.Victim;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Two programs and one round of a PostgreSQL database: one asks it, is stopped or killed, the other
 * takes it, and may be stopped as well; then the first goes on where it was.
 */
final class TwoProcesses {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final List<CrashPoint> POINTS =
      List.of(
          CrashPoint.P3,
          CrashPoint.P4,
          CrashPoint.P6,
          CrashPoint.P7,
          CrashPoint.P8,
          CrashPoint.P9,
          CrashPoint.CLAIM);

  /** Finished, below the threshold, lost or owned by another, database in the way. */
  private static final Set<Integer> FAIR = Set.of(0, 1, 2, 3, 5, 137);

  private final Ground ground;
  private final Random random;
  private final Tally tally;
  private final Watched watched;
  private final Duration lease;

  TwoProcesses(Ground ground, Random random, Tally tally, Duration lease) {
    this.ground = ground;
    this.random = random;
    this.tally = tally;
    this.watched = new Watched(ground, tally);
    this.lease = lease;
    ground.job(
        "fought",
        "timeout: 5s",
        "concurrency: 2",
        "max-attempts: 3",
        "unknown: ask-again",
        "round-deadline: 5m");
  }

  /** One round that two fight for. */
  void fight() {
    CrashPoint point = POINTS.get(random.nextInt(POINTS.size()));
    boolean atPoint = random.nextBoolean();
    int number = 1 + random.nextInt(3);
    Victim first =
        ground.start(
            folder ->
                atPoint ? FaultPlan.at(folder, point, number, Action.HOLD) : FaultPlan.none(folder),
            "run",
            "fought",
            "--json");
    try (Database database = ground.look()) {
      long round = awaitOpen(database, first);
      if (round == 0) {
        return;
      }
      boolean there = atPoint ? first.reachesIts(PATIENCE) : someTimeInto(first);
      boolean kills = random.nextInt(3) == 0;
      if (there) {
        hurt(first, kills, atPoint ? "at " + point : "at any time");
      }
      Victim second = rerun(round);
      boolean hurtsSecond = random.nextInt(3) == 0;
      awaitTaken(database, round, second);
      if (hurtsSecond && second.program().process().isAlive()) {
        hurt(second, false, "of the second");
      }
      LockSupport.parkNanos(random.nextLong(1_000_000_000L));
      goOn(first);
      watch(database, first, Duration.ofMillis(random.nextInt(2_000)));
      goOn(second);
      watch(database, first, PATIENCE);
      watch(database, second, PATIENCE);
      watched.ended(first.program(), FAIR);
      watched.ended(second.program(), FAIR);
      settle(database, round);
    } finally {
      first.program().close();
    }
    watched.check();
  }

  private void hurt(Victim victim, boolean kill, String where) {
    victim.program().signal(kill ? "KILL" : "STOP");
    tally.add((kill ? "kill " : "pause ") + where);
  }

  private static void goOn(Victim victim) {
    victim.program().signal("CONT");
    victim.plan().go();
  }

  private Victim rerun(long round) {
    return ground.start(FaultPlan::none, "rerun", Long.toString(round), "--json");
  }

  private long awaitOpen(Database database, Victim first) {
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    Ground.await(first.program(), PATIENCE, () -> open(jdbc).isPresent());
    return open(jdbc).orElse(0L);
  }

  private static Optional<Long> open(JdbcClient jdbc) {
    return jdbc.sql("SELECT round_id FROM round WHERE state = 'OPEN' AND fence > 0")
        .query(Long.class)
        .optional();
  }

  private boolean someTimeInto(Victim first) {
    LockSupport.parkNanos(random.nextLong(2_500_000_000L));
    return first.program().process().isAlive();
  }

  /** Waits, mostly until the second one has the round; it may not come to it. */
  private void awaitTaken(Database database, long round, Victim second) {
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    Duration longest =
        random.nextInt(4) == 0 ? lease.dividedBy(2) : lease.multipliedBy(2).plusSeconds(8);
    Ground.await(
        second.program(),
        longest,
        () ->
            jdbc.sql("SELECT fence FROM round WHERE round_id = :round")
                    .param("round", round)
                    .query(Long.class)
                    .single()
                > 1);
  }

  /** Looks again and again at what must hold at any moment. */
  private void watch(Database database, Victim living, Duration longest) {
    Ground.await(
        living.program(),
        longest,
        () -> {
          Checker.always(database).forEach(tally::violated);
          tally.add("looks while they fight");
          LockSupport.parkNanos(100_000_000);
          return false;
        });
  }

  /** Finishes the round if neither did. */
  private void settle(Database database, long round) {
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    for (int tries = 0; tries < 4 && open(jdbc).isPresent(); tries++) {
      try (var heir = rerun(round).program()) {
        watched.ended(heir, FAIR);
        LockSupport.parkNanos(lease.toNanos());
      }
    }
    if (open(jdbc).isPresent()) {
      tally.violated("round %d cannot be finished".formatted(round));
    }
  }

  /** Notes what there is. */
  void end() {
    watched.ended(ground.start(FaultPlan::none, "verify", "--all").program(), Set.of(0));
    watched.sum();
  }
}
