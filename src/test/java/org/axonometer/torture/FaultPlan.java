package org.axonometer.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * What is to happen in a program, and where: once, at a crash point or at the n-th call to its
 * driver. It tells so by files: {@code begun} when the program first connects, {@code reached} when
 * the place is reached, {@code calls} how many there were when it ends by itself.
 */
final class FaultPlan implements Interposer {
  /** What happens there. */
  enum Action {
    /** The thread waits until the file {@code go} is there. */
    HOLD,
    /** As {@link #HOLD}, and then the call is not made and fails, as by the driver's time-out. */
    HOLD_AND_FAIL,
    /** The call is not made, and fails. */
    FAIL_BEFORE,
    /** The call is made, and fails. */
    FAIL_AFTER,
    /** The heap is filled until there is no more of it. */
    EXHAUST,
    NOTHING
  }

  /** The state of a failure that the database's kind decides. */
  static final String LOST = "-";

  private final Path folder;
  private final Action action;
  private final CrashPoint point;
  private final int number;
  private final String sqlState;
  private final AtomicInteger seen = new AtomicInteger();

  private FaultPlan(Path folder, Action action, CrashPoint point, int number, String sqlState) {
    this.folder = folder;
    this.action = action;
    this.point = point;
    this.number = number;
    this.sqlState = sqlState;
  }

  /** Nothing but the telling. */
  static FaultPlan none(Path folder) {
    return new FaultPlan(folder, Action.NOTHING, null, 0, LOST);
  }

  /** At the n-th time the point is reached. */
  static FaultPlan at(Path folder, CrashPoint point, int number, Action action) {
    return new FaultPlan(folder, action, point, number, LOST);
  }

  /** At the n-th call that goes to the database. */
  static FaultPlan atCall(Path folder, int number, Action action) {
    return new FaultPlan(folder, action, null, number, LOST);
  }

  /** The first time this is reached the database refuses the statement with this state. */
  static FaultPlan refusal(Path folder, CrashPoint point, String sqlState) {
    return new FaultPlan(folder, Action.FAIL_BEFORE, point, 1, sqlState);
  }

  /** As the agent's argument. */
  String text() {
    return "%s|%s|%s|%d|%s"
        .formatted(folder, action, point == null ? "CALL" : point, number, sqlState);
  }

  static FaultPlan parse(String text) {
    String[] parts = text.split("\\|", -1);
    return new FaultPlan(
        Path.of(parts[0]),
        Action.valueOf(parts[1]),
        parts[2].equals("CALL") ? null : CrashPoint.valueOf(parts[2]),
        Integer.parseInt(parts[3]),
        parts[4]);
  }

  boolean begun() {
    return Files.exists(folder.resolve("begun"));
  }

  boolean reached() {
    return Files.exists(folder.resolve("reached"));
  }

  /** Calls that went to the database, once the program has ended by itself; 0 when it has not. */
  int calls() {
    Path file = folder.resolve("calls");
    try {
      return Files.exists(file) ? Integer.parseInt(Files.readString(file)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets the thread that waits go on. */
  void go() {
    write("go", "");
  }

  /** Writes down how many calls there were, when this process ends. */
  void tellCallsAtTheEnd() {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> write("calls", Integer.toString(seen.get()))));
  }

  private void write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String url(String url) {
    write("begun", "");
    return url;
  }

  @Override
  public Object call(DriverCall call) throws SQLException {
    if (action == Action.NOTHING) {
      if (call.counts()) {
        seen.incrementAndGet();
      }
      return call.proceed();
    }
    if (point == null ? isDue(call.counts()) : isDue(point.before(call))) {
      return act(call);
    }
    Object done = call.proceed();
    if (point != null && isDue(point.after(call))) {
      actAfter(call);
    }
    return done;
  }

  private boolean isDue(boolean here) {
    return here && seen.incrementAndGet() == number;
  }

  private Object act(DriverCall call) throws SQLException {
    write("reached", "");
    return switch (action) {
      case FAIL_BEFORE -> throw failure(notMade(call));
      case FAIL_AFTER -> {
        if (call.proceed() instanceof Connection opened) {
          opened.close();
        }
        throw failure(call);
      }
      case HOLD -> {
        hold();
        yield call.proceed();
      }
      case HOLD_AND_FAIL -> {
        hold();
        throw failure(notMade(call));
      }
      case EXHAUST -> {
        exhaust();
        yield call.proceed();
      }
      case NOTHING -> call.proceed();
    };
  }

  private void actAfter(DriverCall call) throws SQLException {
    write("reached", "");
    switch (action) {
      case HOLD -> hold();
      case EXHAUST -> exhaust();
      case FAIL_BEFORE, FAIL_AFTER, HOLD_AND_FAIL -> throw failure(call);
      case NOTHING -> {}
    }
  }

  /** A connection whose end is told as a failure has ended all the same. */
  private static DriverCall notMade(DriverCall call) throws SQLException {
    if (call.disconnects()) {
      call.proceed();
    }
    return call;
  }

  /** A server's connection is lost; a file in this very process cannot be, its disk fails. */
  private SQLException failure(DriverCall call) {
    if (!sqlState.equals(LOST)) {
      return new SQLException("refused by the database (injected)", sqlState);
    }
    return call.url().startsWith("jdbc:h2:")
        ? new SQLException("the disk fails (injected)", "HY000", 90031)
        : new SQLException("the connection is lost (injected)", "08006");
  }

  private void hold() {
    while (!Files.exists(folder.resolve("go"))) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static void exhaust() {
    List<byte[]> kept = new ArrayList<>();
    while (kept.size() < Integer.MAX_VALUE) {
      kept.add(new byte[1 << 20]);
    }
  }
}
