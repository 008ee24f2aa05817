package org.axonometer.torture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.axonometer.history.Database;
import org.axonometer.torture.FaultPlan.Action;
import org.axonometer.torture.Ground.Victim;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The harness itself under test: programs with a mistake in them, which has to be found. */
record Controls(Ground ground) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MOST_KILLS = 5;

  /**
   * Kills a program with this mistake when axons have queries; what the checker says, empty when it
   * found nothing after five kills.
   */
  List<String> found(BrokenProgram mistake) {
    ground.job("broken", "timeout: 3s", "concurrency: 4", "unknown: ask-again", "max-attempts: 3");
    List<String> broken = List.of();
    for (int kills = 0; kills < MOST_KILLS && broken.isEmpty(); kills++) {
      long before = ground.receivedBytes();
      Victim victim =
          start(
              FaultPlan::none, mistake, kills == 0 ? "run" : "rerun", kills == 0 ? "broken" : "1");
      try (var program = victim.program()) {
        Ground.await(program, PATIENCE, () -> ground.receivedBytes() > before);
        program.signal("KILL");
        program.await();
      }
      try (Database database = ground.look()) {
        broken = new Checker().all(database, ground.received());
      }
    }
    return broken;
  }

  /**
   * Stops a program as it is about to claim, lets another take the round, and lets the first go on;
   * what was seen in the round meanwhile.
   */
  List<String> foundInAFight(Optional<BrokenProgram> mistake, Duration lease) {
    ground.job(
        "broken",
        "timeout: 5s",
        "concurrency: 2",
        "max-attempts: 3",
        "unknown: ask-again",
        "round-deadline: 5m");
    Victim first =
        start(
            folder -> FaultPlan.at(folder, CrashPoint.CLAIM, 2, Action.HOLD),
            mistake,
            "run",
            "broken");
    try (var one = first.program();
        Database database = ground.look()) {
      if (!first.reachesIts(PATIENCE)) {
        return List.of("the claim was not reached: " + one.stderr());
      }
      one.signal("STOP");
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      long round =
          jdbc.sql("SELECT round_id FROM round WHERE state = 'OPEN'").query(Long.class).single();
      LockSupport.parkNanos(lease.toNanos());
      Victim second = start(FaultPlan::none, Optional.empty(), "rerun", Long.toString(round));
      try (var other = second.program()) {
        Ground.await(
            other,
            PATIENCE,
            () ->
                jdbc.sql("SELECT fence FROM round WHERE round_id = :round")
                        .param("round", round)
                        .query(Long.class)
                        .single()
                    > 1);
        first.plan().go();
        one.signal("CONT");
        List<String> seen = new ArrayList<>();
        Ground.await(
            other,
            PATIENCE,
            () -> {
              seen.addAll(Checker.always(database));
              return !seen.isEmpty();
            });
        return seen;
      }
    }
  }

  private Victim start(Function<Path, FaultPlan> plan, BrokenProgram mistake, String... arguments) {
    return start(plan, Optional.of(mistake), arguments);
  }

  private Victim start(
      Function<Path, FaultPlan> plan, Optional<BrokenProgram> mistake, String... arguments) {
    return ground.start(plan, mistake, Map.of(), arguments);
  }
}
