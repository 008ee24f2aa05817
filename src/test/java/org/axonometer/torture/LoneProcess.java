package org.axonometer.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.axonometer.torture.FaultPlan.Action;
import org.axonometer.torture.Ground.Victim;

/**
 * One program at a time: run, hurt, run again with what an operator would type, which is hurt too.
 * Every few times one may end its round in peace.
 */
final class LoneProcess {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MOST_FAULTS_IN_A_ROUND = 4;

  private static final List<CrashPoint> IN_A_ROUND =
      List.copyOf(EnumSet.complementOf(EnumSet.of(CrashPoint.P11, CrashPoint.CLAIM)));

  /** Calls of a program to its database from its start to its receipt, roughly. */
  private static final int CALLS = 330;

  private final Ground ground;
  private final Random random;
  private final Tally tally;
  private final Watched watched;
  private Optional<Long> open = Optional.empty();
  private int faultsInRound;
  private long typicalMillis = 2_000;

  LoneProcess(Ground ground, Random random, Tally tally) {
    this.ground = ground;
    this.random = random;
    this.tally = tally;
    this.watched = new Watched(ground, tally);
    // With one partition P6 to P8 come when others have not been asked yet.
    ground.job("again", "timeout: 3s", "concurrency: 2", "max-attempts: 3", "unknown: ask-again");
    ground.job("leave", "timeout: 3s", "concurrency: 4", "partitions: 2");
  }

  /** What is done to a program that runs; whether it was done. */
  private interface Deed {
    boolean on(Victim victim);
  }

  private String[] command() {
    return open.map(round -> new String[] {"rerun", round.toString(), "--json"})
        .orElseGet(
            () -> new String[] {"run", random.nextInt(3) == 0 ? "leave" : "again", "--json"});
  }

  /** Starts a program and does it; whether it came to it. */
  private boolean hurt(
      String kind,
      Function<Path, FaultPlan> plan,
      Map<String, String> variables,
      Deed deed,
      Set<Integer> allowed) {
    Victim victim = ground.start(plan, Optional.empty(), variables, command());
    boolean done;
    try {
      done = deed.on(victim);
      watched.ended(victim.program(), allowed);
    } finally {
      victim.program().close();
    }
    if (done) {
      tally.add(kind);
      faultsInRound++;
    }
    tally.told(victim + ": " + kind + (done ? "" : " was missed"));
    open = watched.check();
    if (open.isPresent() && faultsInRound >= MOST_FAULTS_IN_A_ROUND) {
      finish();
    }
    return done;
  }

  /** Lets a program finish the open round, or a round of its own. */
  void finish() {
    Victim victim = ground.start(FaultPlan::none, command());
    Ground.await(victim.program(), PATIENCE, victim.plan()::begun);
    long began = System.nanoTime();
    watched.ended(victim.program(), Set.of(0, 2));
    typicalMillis = (typicalMillis + (System.nanoTime() - began) / 1_000_000) / 2;
    open = watched.check();
    if (open.isPresent()) {
      tally.violated("round %d stays open after an undisturbed rerun".formatted(open.get()));
    }
    faultsInRound = 0;
    tally.add("rounds finished in peace");
  }

  /** Ends what is open and notes what there is. */
  void end() {
    if (open.isPresent()) {
      finish();
    }
    var verify = ground.start(FaultPlan::none, "verify", "--all");
    watched.ended(verify.program(), Set.of(0));
    watched.sum();
  }

  private static boolean kill(Victim victim) {
    victim.program().signal("KILL");
    return victim.program().await() == 137;
  }

  /** Kills it in migrations, early ones and late ones, while the database is made. */
  void killInMigrations() {
    for (int number : List.of(1, 2 + random.nextInt(4), 6 + random.nextInt(10))) {
      Victim victim =
          ground.start(
              folder -> FaultPlan.at(folder, CrashPoint.P11, number, Action.HOLD), command());
      boolean done = victim.reachesIts(PATIENCE) && kill(victim);
      watched.ended(victim.program(), done ? Set.of(137) : Set.of(0, 2));
      if (done) {
        tally.add("kill at P11");
      }
    }
    finish();
  }

  /** Kills it once at each named point; which were not reached in three tries is told. */
  void killAtEachPoint() {
    for (CrashPoint point : IN_A_ROUND) {
      boolean done = false;
      for (int tries = 0; tries < 3 && !done; tries++) {
        if (open.isPresent() && point.compareTo(CrashPoint.BATCH) <= 0) {
          finish();
        }
        done = killAt(point, 1);
      }
      if (point == CrashPoint.P4) {
        killWhenSent();
      }
    }
  }

  private boolean killAt(CrashPoint point, int number) {
    return hurt(
        "kill at " + point,
        folder -> FaultPlan.at(folder, point, number, Action.HOLD),
        Map.of(),
        victim -> victim.reachesIts(PATIENCE) && kill(victim),
        Set.of(0, 2, 137));
  }

  /** P5: an axon has the query. */
  private boolean killWhenSent() {
    long before = ground.receivedBytes();
    return hurt(
        "kill at P5",
        FaultPlan::none,
        Map.of(),
        victim ->
            Ground.await(victim.program(), PATIENCE, () -> ground.receivedBytes() > before)
                && kill(victim),
        Set.of(0, 2, 137));
  }

  /** Kills it at any moment: of the clock, of its calls to the database, or at a point. */
  void killAnywhere() {
    boolean done = false;
    while (!done) {
      int dice = random.nextInt(8);
      if (dice < 4) {
        done =
            hurt(
                "kill at any time",
                FaultPlan::none,
                Map.of(),
                v -> later(v) && kill(v),
                Set.of(0, 2, 137));
      } else if (dice < 6) {
        int number = 1 + random.nextInt(CALLS);
        done =
            hurt(
                "kill at a call",
                folder -> FaultPlan.atCall(folder, number, Action.HOLD),
                Map.of(),
                victim -> victim.reachesIts(PATIENCE) && kill(victim),
                Set.of(0, 2, 137));
      } else if (dice < 7) {
        done = killWhenSent();
      } else {
        CrashPoint point = IN_A_ROUND.get(random.nextInt(IN_A_ROUND.size()));
        done = killAt(point, 1 + random.nextInt(3));
      }
    }
  }

  /** Waits until a moment of its life; whether it still lives then. */
  private boolean later(Victim victim) {
    Ground.await(victim.program(), PATIENCE, victim.plan()::begun);
    LockSupport.parkNanos(random.nextLong(typicalMillis * 1_000_000));
    return victim.program().process().isAlive();
  }

  /** SIGTERM: it ends in its own time, with what it has stored. */
  void terminate() {
    boolean done = false;
    while (!done) {
      done =
          hurt(
              "SIGTERM",
              FaultPlan::none,
              Map.of(),
              victim -> {
                boolean lives = later(victim);
                victim.program().signal("TERM");
                Ground.await(victim.program(), Duration.ofSeconds(30), () -> false);
                if (victim.program().process().isAlive()) {
                  tally.violated("lives 30 s after SIGTERM");
                }
                return lives;
              },
              Set.of(0, 2, 4, 143));
    }
  }

  /** SIGSTOP, and SIGCONT after a while. */
  void pause(Duration length) {
    boolean done = false;
    while (!done) {
      done =
          hurt(
              "pause",
              FaultPlan::none,
              Map.of(),
              victim -> {
                boolean lives = later(victim);
                victim.program().signal("STOP");
                LockSupport.parkNanos(length.toNanos());
                victim.program().signal("CONT");
                return lives;
              },
              Set.of(0, 2));
    }
  }

  /** A call to the database fails, before or after it was made. */
  void failACall(Action action) {
    boolean done = false;
    while (!done) {
      int number = 1 + random.nextInt(CALLS);
      done =
          hurt(
              action.name(),
              folder -> FaultPlan.atCall(folder, number, action),
              Map.of(),
              victim -> {
                victim.program().await();
                return victim.plan().reached();
              },
              Set.of(0, 2, 3, 5));
    }
  }

  /** A call to the database hangs for longer than the lease. */
  void hangACall(Duration length) {
    boolean done = false;
    while (!done) {
      int number = 1 + random.nextInt(CALLS);
      done =
          hurt(
              "hang",
              folder -> FaultPlan.atCall(folder, number, Action.HOLD),
              Map.of(),
              victim -> {
                boolean hangs = victim.reachesIts(PATIENCE);
                LockSupport.parkNanos(length.toNanos());
                victim.plan().go();
                return hangs;
              },
              Set.of(0, 2, 3, 5));
    }
  }

  /** The disk is full until it has ended, and has room again before the next. */
  void fillTheDisk(Path disk) {
    boolean done = false;
    while (!done) {
      done =
          hurt(
              "disk full",
              FaultPlan::none,
              Map.of(),
              victim -> {
                boolean lives = later(victim);
                Path filler = fill(disk);
                victim.program().await();
                filler.toFile().delete();
                return lives;
              },
              Set.of(0, 2, 3, 5));
    }
  }

  private static Path fill(Path disk) {
    Path file = disk.resolve("filler");
    byte[] block = new byte[4_096];
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      return file;
    }
  }
}
