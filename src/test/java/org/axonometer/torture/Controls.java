package org.axonometer.torture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
   * Kills a program when axons have queries; what the checker says, empty when it found nothing
   * after five kills.
   */
  List<String> found(Optional<BrokenProgram> mistake) {
    ground.job("broken", "timeout: 3s", "concurrency: 4", "unknown: ask-again", "max-attempts: 3");
    List<String> broken = List.of();
    for (int kills = 0; kills < MOST_KILLS && broken.isEmpty(); kills++) {
      long before = ground.receivedBytes();
      Victim victim =
          start(
              FaultPlan::none, mistake, kills == 0 ? "run" : "rerun", kills == 0 ? "broken" : "1");
      try (var program = victim.program()) {
        require(
            Ground.await(program, PATIENCE, () -> ground.receivedBytes() > before),
            "no axon was asked",
            victim);
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
   * What became of a fight.
   *
   * @param broken what was seen in the round, and after it
   * @param said what the one that was stopped had to say; empty when it was not waited for
   */
  record Fight(List<String> broken, String said) {}

  /**
   * Stops a program as it is about to claim, lets another take the round, and lets the first go on,
   * until something broken is seen or both have ended.
   */
  Fight fight(Optional<BrokenProgram> mistake) {
    ground.job(
        "broken",
        "timeout: 5s",
        "concurrency: 2",
        // Or the other partition may be stopped with the round's row locked, and nobody can take
        // it.
        "partitions: 1",
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
      require(first.reachesIts(PATIENCE), "the claim was not reached", first);
      one.signal("STOP");
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      long round =
          jdbc.sql("SELECT round_id FROM round WHERE state = 'OPEN'").query(Long.class).single();
      TwoProcesses.awaitLeaseOver(database, round);
      Victim second = start(FaultPlan::none, Optional.empty(), "rerun", Long.toString(round));
      try (var other = second.program()) {
        require(
            Ground.await(other, PATIENCE, () -> fence(jdbc, round) > 1),
            "the round was not taken",
            second);
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
        if (!seen.isEmpty()) {
          return new Fight(seen, "");
        }
        one.await();
        other.await();
        return new Fight(new Checker().all(database, ground.received()), one.stderr());
      }
    }
  }

  private static long fence(JdbcClient jdbc, long round) {
    return jdbc.sql("SELECT fence FROM round WHERE round_id = :round")
        .param("round", round)
        .query(Long.class)
        .single();
  }

  private static void require(boolean happened, String otherwise, Victim victim) {
    if (!happened) {
      throw new IllegalStateException(
          "%s, so nothing is tested: %s".formatted(otherwise, victim.program().stderr()));
    }
  }

  private Victim start(
      Function<Path, FaultPlan> plan, Optional<BrokenProgram> mistake, String... arguments) {
    return ground.start(plan, mistake, Map.of(), arguments);
  }
}
