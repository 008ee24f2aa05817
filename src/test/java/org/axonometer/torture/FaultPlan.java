package org.axonometer.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * What is to happen in a program, and where: once, at a crash point or at the n-th call to its
 * driver. It tells so by files: {@code begun} when the program first connects, {@code reached} when
 * the place is reached.
 */
final class FaultPlan implements Interposer {
  /** What happens there. */
  enum Action {
    /** The thread waits until the file {@code go} is there. */
    HOLD,
    /** The call is not made, and fails. */
    FAIL_BEFORE,
    /** The call is made, and fails. */
    FAIL_AFTER,
    NOTHING
  }

  private final Path folder;
  private final Action action;
  private final CrashPoint point;
  private final int number;
  private final AtomicInteger seen = new AtomicInteger();

  private FaultPlan(Path folder, Action action, CrashPoint point, int number) {
    this.folder = folder;
    this.action = action;
    this.point = point;
    this.number = number;
  }

  /** Nothing but the telling. */
  static FaultPlan none(Path folder) {
    return new FaultPlan(folder, Action.NOTHING, null, 0);
  }

  /** At the n-th time the point is reached. */
  static FaultPlan at(Path folder, CrashPoint point, int number, Action action) {
    return new FaultPlan(folder, action, point, number);
  }

  /** At the n-th call that goes to the database. */
  static FaultPlan atCall(Path folder, int number, Action action) {
    return new FaultPlan(folder, action, null, number);
  }

  /** As the agent's argument. */
  String text() {
    return "%s|%s|%s|%d".formatted(folder, action, point == null ? "CALL" : point, number);
  }

  static FaultPlan parse(String text) {
    String[] parts = text.split("\\|", -1);
    return new FaultPlan(
        Path.of(parts[0]),
        Action.valueOf(parts[1]),
        parts[2].equals("CALL") ? null : CrashPoint.valueOf(parts[2]),
        Integer.parseInt(parts[3]));
  }

  boolean begun() {
    return Files.exists(folder.resolve("begun"));
  }

  boolean reached() {
    return Files.exists(folder.resolve("reached"));
  }

  /** Lets the thread that waits go on. */
  void go() {
    touch("go");
  }

  /** Calls that went to the database so far. */
  int calls() {
    return seen.get();
  }

  private void touch(String name) {
    try {
      Files.write(folder.resolve(name), new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String url(String url) {
    touch("begun");
    return url;
  }

  @Override
  public Object call(DriverCall call) throws SQLException {
    if (action == Action.NOTHING) {
      return call.proceed();
    }
    if (point == null ? isDue(call.counts()) : isDue(point.before(call))) {
      return act(call);
    }
    Object done = call.proceed();
    if (point != null && isDue(point.after(call))) {
      touch("reached");
      hold();
    }
    return done;
  }

  private boolean isDue(boolean here) {
    return here && seen.incrementAndGet() == number;
  }

  private Object act(DriverCall call) throws SQLException {
    touch("reached");
    return switch (action) {
      case FAIL_BEFORE -> throw failure(call);
      case FAIL_AFTER -> {
        call.proceed();
        throw failure(call);
      }
      case HOLD -> {
        hold();
        yield call.proceed();
      }
      case NOTHING -> call.proceed();
    };
  }

  /** A server's connection is lost; a file in this very process cannot be, its disk fails. */
  private static SQLException failure(DriverCall call) {
    return call.connection() instanceof org.h2.jdbc.JdbcConnection
        ? new SQLException("the disk fails (injected)", "HY000", 90031)
        : new SQLException("the connection is lost (injected)", "08006");
  }

  private void hold() {
    while (!Files.exists(folder.resolve("go"))) {
      LockSupport.parkNanos(5_000_000);
    }
  }
}
