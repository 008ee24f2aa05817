package org.axonometer.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.function.BooleanSupplier;
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
  private static final int MOST_TRIES = 20;

  private static final List<CrashPoint> IN_A_ROUND =
      List.copyOf(
          EnumSet.complementOf(EnumSet.of(CrashPoint.P11, CrashPoint.P12, CrashPoint.CLAIM)));

  /** What a program may end with when its database failed. */
  private static final Set<Integer> DATABASE_FAILED = Set.of(0, 2, 3, 5);

  private final Ground ground;
  private final Random random;
  private final Tally tally;
  private final Watched watched;
  private Optional<Long> open = Optional.empty();
  private int faultsInRound;

  /** What an undisturbed life is like; the first ones correct it. */
  private long typicalMillis = 2_000;

  private int typicalCalls = 330;

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

  private boolean hurt(
      String kind, Function<Path, FaultPlan> plan, Deed deed, Set<Integer> allowed) {
    return hurt(kind, plan, Map.of(), deed, allowed);
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
      tally.fault(kind);
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
    untilDone(this::endsInPeace);
    open = watched.check();
    if (open.isPresent()) {
      tally.violated("round %d stays open after an undisturbed rerun".formatted(open.get()));
    }
    faultsInRound = 0;
    tally.add("rounds finished in peace");
  }

  private boolean endsInPeace() {
    try (Victim victim = ground.start(FaultPlan::none, command())) {
      Ground.await(victim.program(), PATIENCE, victim.plan()::begun);
      long began = System.nanoTime();
      watched.ended(victim.program(), Set.of(0, 2));
      typicalMillis = (typicalMillis + (System.nanoTime() - began) / 1_000_000) / 2;
      typicalCalls = Math.max(1, (typicalCalls + victim.plan().calls()) / 2);
      return !Watched.wasTooBusy(victim.program());
    }
  }

  /** Ends what is open and notes what there is. */
  void end() {
    if (open.isPresent()) {
      finish();
    }
    try (var verify = ground.start(FaultPlan::none, "verify", "--all").program()) {
      watched.ended(verify, Set.of(0));
    }
    watched.sum();
  }

  private static boolean kill(Victim victim) {
    victim.program().signal("KILL");
    return victim.program().await() == 137;
  }

  /**
   * Kills it in migrations, early ones and late ones, while the database is made. PostgreSQL keeps
   * those that were noted; none of the first two is.
   */
  void killInMigrations() {
    killInAMigration(CrashPoint.P12, 2 + random.nextInt(5));
    killInAMigration(CrashPoint.P12, 8 + random.nextInt(10));
    for (int number : List.of(1, 2, 3)) {
      killInAMigration(CrashPoint.P11, number);
    }
    finish();
  }

  private void killInAMigration(CrashPoint point, int number) {
    Victim victim =
        ground.start(folder -> FaultPlan.at(folder, point, number, Action.HOLD), command());
    try (var program = victim.program()) {
      boolean done = victim.reachesIts(PATIENCE) && kill(victim);
      watched.ended(program, done ? Set.of(137) : Set.of(0, 2));
      if (done) {
        tally.fault("kill at " + point);
      }
    }
  }

  /** Kills it once at each named point; which were not reached in three tries is told. */
  void killAtEachPoint() {
    for (CrashPoint point : IN_A_ROUND) {
      boolean done = false;
      for (int tries = 0; tries < 3 && !done; tries++) {
        makeRoomFor(point);
        done = killAt(point, 1);
      }
      if (point == CrashPoint.P4) {
        for (int tries = 0; tries < 5 && tally.of("kill at P5") == 0; tries++) {
          killWhenSent();
        }
      }
    }
  }

  /** Some points are passed by a round that is opened only. */
  private void makeRoomFor(CrashPoint point) {
    if (open.isPresent() && point.compareTo(CrashPoint.BATCH) <= 0) {
      finish();
    }
  }

  private boolean killAt(CrashPoint point, int number) {
    return hurt(
        "kill at " + point,
        folder -> FaultPlan.at(folder, point, number, Action.HOLD),
        victim -> victim.reachesIts(PATIENCE) && kill(victim),
        Set.of(0, 2, 137));
  }

  /** P5: an axon has the query, and we do not have its answer. */
  private boolean killWhenSent() {
    long before = ground.receivedBytes();
    return hurt(
        "kill at P5",
        FaultPlan::none,
        victim ->
            Ground.await(victim.program(), PATIENCE, () -> ground.receivedBytes() > before)
                && kill(victim)
                && watched.queriesUnderWay() > 0,
        Set.of(0, 2, 137));
  }

  /** Kills it at any moment: of the clock, of its calls to the database, or at a point. */
  void killAnywhere() {
    untilDone(
        () -> {
          int dice = random.nextInt(8);
          if (dice < 4) {
            return killAtAnyTime();
          }
          if (dice < 6) {
            return killAtACall(1 + random.nextInt(typicalCalls));
          }
          if (dice < 7) {
            return killWhenSent();
          }
          CrashPoint point = IN_A_ROUND.get(random.nextInt(IN_A_ROUND.size()));
          makeRoomFor(point);
          return killAt(point, 1 + random.nextInt(3));
        });
  }

  private boolean killAtAnyTime() {
    return hurt(
        "kill at any time",
        FaultPlan::none,
        victim -> later(victim) && kill(victim),
        Set.of(0, 2, 137));
  }

  private boolean killAtACall(int number) {
    return hurt(
        "kill at a call",
        folder -> FaultPlan.atCall(folder, number, Action.HOLD),
        victim -> victim.reachesIts(PATIENCE) && kill(victim),
        Set.of(0, 2, 137));
  }

  /** A deed may come too late for a program's life; then there is another. */
  private static void untilDone(BooleanSupplier deed) {
    for (int tries = 0; !deed.getAsBoolean(); tries++) {
      if (tries == MOST_TRIES) {
        throw new IllegalStateException("it did not come about in %d programs".formatted(tries));
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
    untilDone(
        () ->
            hurt(
                "SIGTERM",
                FaultPlan::none,
                victim -> {
                  boolean lives = later(victim);
                  victim.program().signal("TERM");
                  Ground.await(victim.program(), Duration.ofSeconds(30), () -> false);
                  if (victim.program().process().isAlive()) {
                    tally.violated("lives 30 s after SIGTERM");
                  }
                  return lives;
                },
                Set.of(0, 2, 4, 143)));
  }

  /** SIGSTOP, and SIGCONT after a while. */
  void pause(Duration length) {
    untilDone(
        () ->
            hurt(
                "pause",
                FaultPlan::none,
                victim -> {
                  boolean lives = later(victim);
                  victim.program().signal("STOP");
                  LockSupport.parkNanos(length.toNanos());
                  victim.program().signal("CONT");
                  return lives;
                },
                Set.of(0, 2)));
  }

  /** A call to the database fails, before or after it was made. */
  void failACall(Action action) {
    untilDone(
        () -> {
          int number = 1 + random.nextInt(typicalCalls);
          return hurt(
              "call " + action,
              folder -> FaultPlan.atCall(folder, number, action),
              victim -> {
                victim.program().await();
                return victim.plan().reached();
              },
              DATABASE_FAILED);
        });
  }

  /** A call to the database hangs, and is made then or fails. */
  void hangACall(Action action, Duration length) {
    untilDone(
        () -> {
          int number = 1 + random.nextInt(typicalCalls);
          return hurt(
              "call " + action,
              folder -> FaultPlan.atCall(folder, number, action),
              victim -> {
                boolean hangs = victim.reachesIts(PATIENCE);
                if (hangs) {
                  LockSupport.parkNanos(length.toNanos());
                }
                victim.plan().go();
                return hangs;
              },
              DATABASE_FAILED);
        });
  }

  /** Its clock is set while queries are under way. */
  void setTheClock(Duration by) {
    untilDone(
        () -> {
          ShiftedClock clock = ShiftedClock.in(ground.folder());
          long before = ground.receivedBytes();
          return hurt(
              "clock set by " + by,
              FaultPlan::none,
              clock.variables(),
              victim -> {
                boolean asks =
                    Ground.await(victim.program(), PATIENCE, () -> ground.receivedBytes() > before);
                LockSupport.parkNanos(random.nextLong(500_000_000));
                boolean lives = victim.program().process().isAlive();
                clock.ahead(by);
                return asks && lives;
              },
              Set.of(0, 2));
        });
  }

  /** The disk is full from any moment on until it has ended, and has room before the next. */
  void fillTheDisk(Path disk) {
    untilDone(
        () ->
            hurt(
                "disk full at any time",
                FaultPlan::none,
                victim -> {
                  boolean lives = later(victim);
                  endOnAFullDisk(victim, disk);
                  return lives;
                },
                DATABASE_FAILED));
  }

  /** The disk is full in the middle of the migrations that make the database. */
  void fillTheDiskInAMigration(Path disk) {
    Victim victim =
        ground.start(
            folder -> FaultPlan.at(folder, CrashPoint.P11, 2 + random.nextInt(3), Action.HOLD),
            command());
    try (victim) {
      boolean there = victim.reachesIts(PATIENCE);
      endOnAFullDisk(victim, disk);
      watched.ended(victim.program(), DATABASE_FAILED);
      if (there) {
        tally.fault("disk full at P11");
      }
    }
    finish();
  }

  /** As {@link #fillTheDisk}, from a point on. */
  void fillTheDiskAt(CrashPoint point, Path disk) {
    untilDone(
        () -> {
          makeRoomFor(point);
          return hurt(
              "disk full at " + point,
              folder -> FaultPlan.at(folder, point, 1, Action.HOLD),
              victim -> {
                boolean there = victim.reachesIts(PATIENCE);
                endOnAFullDisk(victim, disk);
                return there;
              },
              DATABASE_FAILED);
        });
  }

  private static void endOnAFullDisk(Victim victim, Path disk) {
    Path filler = disk.resolve("filler");
    try {
      fill(filler);
      victim.plan().go();
      victim.program().await();
      Files.delete(filler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4_096];
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      if (Files.getFileStore(file).getUsableSpace() > 0) {
        throw full;
      }
    }
  }
}
