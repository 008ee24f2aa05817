package org.axonometer.torture;

import java.nio.file.Path;
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
 * takes it, and may be stopped or killed as well; then the first goes on where it was.
 */
final class TwoProcesses {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int MOST_TRIES = 20;
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

  /** What is done to one of the two. */
  private enum Deed {
    NOTHING,
    PAUSE,
    KILL
  }

  /**
   * How a fight goes.
   *
   * @param point where the first is hurt; empty = at any time
   * @param patient whether it goes on only when the second has the round
   */
  private record Course(
      Optional<CrashPoint> point, int number, Deed first, Deed second, boolean patient) {

    FaultPlan plan(Path folder) {
      return point
          .map(place -> FaultPlan.at(folder, place, number, Action.HOLD))
          .orElseGet(() -> FaultPlan.none(folder));
    }
  }

  /** Whether each kind came about, and a write was refused. */
  boolean hadAllKinds() {
    return missing().isEmpty();
  }

  /** What has not come about yet, before chance has its way. */
  private Optional<Course> missing() {
    if (tally.of("refused by the fence") == 0) {
      // Not the second, which both partitions make at once: whoever is stopped may lock the round.
      return Optional.of(
          new Course(Optional.of(CrashPoint.CLAIM), 3, Deed.PAUSE, Deed.NOTHING, true));
    }
    if (tally.sum("kill of the first ") == 0) {
      return Optional.of(new Course(Optional.empty(), 0, Deed.KILL, Deed.PAUSE, true));
    }
    // Early in the round, so that the second has something to do.
    if (tally.of("kill of the second") == 0) {
      return Optional.of(new Course(Optional.of(CrashPoint.P4), 1, Deed.PAUSE, Deed.KILL, true));
    }
    return tally.of("pause of the second") == 0
        ? Optional.of(new Course(Optional.of(CrashPoint.P4), 1, Deed.PAUSE, Deed.PAUSE, true))
        : Optional.empty();
  }

  private Course anyCourse() {
    return new Course(
        random.nextBoolean() ? somePoint() : Optional.empty(),
        1 + random.nextInt(3),
        random.nextInt(3) == 0 ? Deed.KILL : Deed.PAUSE,
        switch (random.nextInt(6)) {
          case 0 -> Deed.KILL;
          case 1, 2 -> Deed.PAUSE;
          default -> Deed.NOTHING;
        },
        random.nextInt(4) > 0);
  }

  private Optional<CrashPoint> somePoint() {
    return Optional.of(POINTS.get(random.nextInt(POINTS.size())));
  }

  /** One round that two fight for. */
  void fight() {
    Course course = missing().orElseGet(this::anyCourse);
    try (Victim first = ground.start(course::plan, "run", "fought", "--json");
        Database database = ground.look()) {
      long round = awaitOpen(database, first);
      if (round != 0) {
        boolean there =
            course.point().isPresent() ? first.reachesIts(PATIENCE) : someTimeInto(first);
        if (there) {
          String where = course.point().map(point -> "at " + point).orElse("at any time");
          hurt(first, course.first(), "of the first " + where);
          if (course.patient()) {
            awaitLeaseOver(database, round);
          }
        }
        try (Victim second = rerun(round)) {
          fight(database, round, course, first, second);
        }
        settle(database, round);
      }
    }
    tally.told(course.toString());
    watched.check();
  }

  private void fight(Database database, long round, Course course, Victim first, Victim second) {
    awaitTaken(database, round, second, course.patient());
    if (second.program().process().isAlive()) {
      hurt(second, course.second(), "of the second");
    }
    LockSupport.parkNanos(random.nextLong(1_000_000_000L));
    goOn(first);
    watch(database, first, Duration.ofMillis(random.nextInt(2_000)));
    goOn(second);
    watch(database, first, PATIENCE);
    watch(database, second, PATIENCE);
    watched.ended(first.program(), FAIR);
    watched.ended(second.program(), FAIR);
  }

  private void hurt(Victim victim, Deed deed, String whose) {
    switch (deed) {
      case NOTHING -> {}
      case PAUSE -> {
        victim.program().signal("STOP");
        tally.fault("pause " + whose);
      }
      case KILL -> {
        victim.program().signal("KILL");
        tally.fault("kill " + whose);
      }
    }
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

  /** Waits until nobody would be refused a round whose owner renews no more. */
  static void awaitLeaseOver(Database database, long round) {
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    while (jdbc.sql(
            "SELECT COALESCE(lease_until > CURRENT_TIMESTAMP, FALSE) FROM round WHERE round_id = :round")
        .param("round", round)
        .query(Boolean.class)
        .single()) {
      LockSupport.parkNanos(50_000_000);
    }
  }

  /** Waits until the second one has the round, or not so long. */
  private void awaitTaken(Database database, long round, Victim second, boolean patient) {
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    Ground.await(
        second.program(),
        patient ? PATIENCE : lease.dividedBy(2),
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

  /** Finishes the round if neither did: both are dead, so it is free. */
  private void settle(Database database, long round) {
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    boolean tooBusy = true;
    for (int tries = 0; tooBusy && tries < MOST_TRIES && open(jdbc).isPresent(); tries++) {
      try (Victim heir = rerun(round)) {
        watched.ended(heir.program(), Set.of(0, 2));
        tooBusy = Watched.wasTooBusy(heir.program());
      }
    }
    if (open(jdbc).isPresent()) {
      tally.violated("round %d cannot be finished".formatted(round));
    }
  }

  /** Notes what there is. */
  void end() {
    try (var verify = ground.start(FaultPlan::none, "verify", "--all").program()) {
      watched.ended(verify, Set.of(0));
    }
    watched.sum();
  }
}
