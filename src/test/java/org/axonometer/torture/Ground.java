package org.axonometer.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.axonometer.history.Database;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.testing.Program;
import org.axonometer.testing.TestPostgres;
import org.axonometer.testing.TestRounds;

/**
 * A folder with a park of simulated axons in a process of its own, jobs, and a home or a database
 * of its own: what a program needs to be tortured.
 */
final class Ground implements AutoCloseable {
  private final Path folder;
  private final Path home;
  private final Optional<TestPostgres> postgres;
  private final int leaseSeconds;
  private final Program park;
  private final Path agent;
  private final AtomicInteger started = new AtomicInteger();

  private Ground(
      Path folder, Path home, Optional<TestPostgres> postgres, int leaseSeconds, Program park)
      throws IOException {
    this.folder = folder;
    this.home = home;
    this.postgres = postgres;
    this.leaseSeconds = leaseSeconds;
    this.park = park;
    this.agent = FaultAgent.jar(folder);
  }

  /** On an H2 file below this home. */
  static Ground h2(Path folder, Path home, int axons, int delayMillis) throws IOException {
    return new Ground(folder, home, Optional.empty(), 15, park(folder, axons, delayMillis));
  }

  /** On a new PostgreSQL database. */
  static Ground postgres(Path folder, int axons, int delayMillis, int leaseSeconds)
      throws IOException {
    return postgres(folder, TestPostgres.create(), axons, delayMillis, leaseSeconds);
  }

  static Ground postgres(
      Path folder, TestPostgres database, int axons, int delayMillis, int leaseSeconds)
      throws IOException {
    return new Ground(
        folder,
        folder.resolve("home"),
        Optional.of(database),
        leaseSeconds,
        park(folder, axons, delayMillis));
  }

  private static Program park(Path folder, int axons, int delayMillis) {
    return Program.honestPark(folder, axons, Duration.ofMillis(delayMillis));
  }

  /** A job; the lines of its ask block. */
  void job(String name, String... ask) {
    new TestRounds(folder).job(name, ask);
  }

  /** Waits as long as the program lives; false when it ended, or the time is over. */
  static boolean await(Program living, Duration longest, BooleanSupplier condition) {
    long giveUp = System.nanoTime() + longest.toNanos();
    while (!condition.getAsBoolean()) {
      if (!living.process().isAlive() || System.nanoTime() > giveUp) {
        return condition.getAsBoolean();
      }
      LockSupport.parkNanos(5_000_000);
    }
    return true;
  }

  /** A program under torture and the plan inside it. */
  record Victim(Program program, FaultPlan plan) implements AutoCloseable {
    boolean reachesIts(Duration longest) {
      return await(program, longest, plan::reached);
    }

    @Override
    public void close() {
      program.close();
    }

    @Override
    public String toString() {
      return plan.text();
    }
  }

  /** Starts the program as an operator does, with a plan inside it. */
  Victim start(Function<Path, FaultPlan> plan, String... arguments) {
    return start(plan, Optional.empty(), Map.of(), arguments);
  }

  Victim start(
      Function<Path, FaultPlan> plan,
      Optional<BrokenProgram> mistake,
      Map<String, String> variables,
      String... arguments) {
    Path own = folder.resolve("program-" + started.incrementAndGet());
    try {
      Files.createDirectories(own);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    FaultPlan inside = plan.apply(own);
    String agentText = inside.text() + mistake.map(it -> "|" + it).orElse("");
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", home.toString()));
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("AXONOMETER_JOBS", folder.resolve("jobs").toString());
    postgres.ifPresent(database -> environment.putAll(database.variables()));
    environment.put(
        "JDK_JAVA_OPTIONS",
        "-Daxonometer.lease=%d -Daxonometer.warm-up=20 -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -javaagent:%s=%s"
            .formatted(leaseSeconds, agent, agentText));
    environment.putAll(QuickStart.variables());
    return new Victim(Program.start(own, environment, all.toArray(String[]::new)), inside);
  }

  /** What the axons wrote down. */
  List<ReceivedQuery> received() {
    Path log = folder.resolve("received.log");
    try {
      return Files.exists(log)
          ? Files.readString(log).lines().map(ReceivedQuery::parse).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long receivedBytes() {
    try {
      Path log = folder.resolve("received.log");
      return Files.exists(log) ? Files.size(log) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Opens the history to look at it: of H2's file a copy, so that the next program finds the file
   * as the last one left it.
   */
  Database look() {
    return postgres.map(database -> Database.connect(database.login())).orElseGet(this::copy);
  }

  private Database copy() {
    Path copy = folder.resolve("looked-at");
    try {
      Files.createDirectories(copy.resolve("db"));
      Files.copy(
          home.resolve("db").resolve("axonometer.mv.db"),
          copy.resolve("db").resolve("axonometer.mv.db"),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Database.own(copy);
  }

  /** Whether there is anything to look at. */
  boolean exists() {
    return postgres.isPresent() || Database.exists(home);
  }

  Path home() {
    return home;
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() {
    park.close();
  }
}
