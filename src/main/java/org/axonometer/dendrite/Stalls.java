package org.axonometer.dendrite;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * When this process stood still: collecting garbage, starved of CPU, stopped by a signal or asleep
 * with its machine. A thread that only sleeps notes by how much it overslept. Kept for as long as a
 * query may take. Thread-safe.
 *
 * <p>By two clocks, because the monotonic one stands still while the machine sleeps: a wall clock
 * that goes ahead of it by a second or more counts as a stall too, and a clock that was set forward
 * cannot be told apart from one.
 */
final class Stalls {
  /** So long the thread means to sleep. */
  static final Duration TICK = Duration.ofMillis(20);

  /** A shorter stall is not noted. */
  static final Duration SHORTEST = Duration.ofMillis(10);

  /** From here on a latency says as much of us as of the axon, and a deadline may be our own. */
  static final Duration TELLING = Duration.ofMillis(200);

  private static final Duration WALL_AHEAD = Duration.ofSeconds(1);
  private static final Duration KEPT = Duration.ofMinutes(15);

  private final Deque<Stall> noted = new ArrayDeque<>();
  private long lastNanos;
  private long lastMillis;

  /**
   * @param nanos monotonic now, as {@link System#nanoTime}
   * @param millis wall clock now, since 1970
   */
  Stalls(long nanos, long millis) {
    this.lastNanos = nanos;
    this.lastMillis = millis;
  }

  /** Those of this process, watched from the first use on. */
  static Stalls ofThisProcess() {
    return Watched.STALLS;
  }

  private static final class Watched {
    static final Stalls STALLS = new Stalls(System.nanoTime(), System.currentTimeMillis());

    static {
      Thread.ofPlatform().name("stall-watch").daemon().start(STALLS::watch);
    }
  }

  private void watch() {
    while (true) {
      LockSupport.parkNanos(TICK.toNanos());
      awake(System.nanoTime(), System.currentTimeMillis());
    }
  }

  /**
   * One stall, between two monotonic moments as {@link System#nanoTime}.
   *
   * @param length of the standstill itself, which began at most a tick after {@code fromNanos}
   */
  record Stall(long fromNanos, long untilNanos, Duration length) {

    boolean isTelling() {
      return length.compareTo(TELLING) >= 0;
    }

    /** Whether that moment lies in it, or behind it no further than it was long. */
    boolean coversOrPrecedes(long nanos) {
      return nanos - fromNanos >= 0 && nanos - untilNanos <= length.toNanos();
    }

    private boolean overlaps(long beganNanos, long endedNanos) {
      return untilNanos - beganNanos >= 0 && endedNanos - fromNanos >= 0;
    }
  }

  /** The thread woke from its sleep, by both clocks. */
  synchronized void awake(long nanos, long millis) {
    Duration stood = stood(nanos, millis);
    if (stood.compareTo(SHORTEST) >= 0) {
      noted.addLast(new Stall(lastNanos, nanos, stood));
    }
    lastNanos = nanos;
    lastMillis = millis;
    while (!noted.isEmpty() && nanos - noted.getFirst().untilNanos() > KEPT.toNanos()) {
      noted.removeFirst();
    }
  }

  private Duration stood(long nanos, long millis) {
    Duration monotonic = Duration.ofNanos(nanos - lastNanos);
    Duration wall = Duration.ofMillis(millis - lastMillis);
    boolean slept = wall.minus(monotonic).compareTo(WALL_AHEAD) >= 0;
    return (slept ? wall : monotonic).minus(TICK);
  }

  /** Those that overlap the time between two moments, the latest first, one under way included. */
  List<Stall> between(long beganNanos, long endedNanos) {
    return between(beganNanos, endedNanos, System.nanoTime(), System.currentTimeMillis());
  }

  synchronized List<Stall> between(long beganNanos, long endedNanos, long nanos, long millis) {
    List<Stall> found = new ArrayList<>();
    // Who was stopped together with the watching thread may be awake before it.
    Duration underWay = stood(nanos, millis);
    Stall current = new Stall(lastNanos, nanos, underWay);
    if (underWay.compareTo(SHORTEST) >= 0 && current.overlaps(beganNanos, endedNanos)) {
      found.add(current);
    }
    Iterator<Stall> latestFirst = noted.descendingIterator();
    while (latestFirst.hasNext()) {
      Stall stall = latestFirst.next();
      if (stall.untilNanos() - beganNanos < 0) {
        break;
      }
      if (stall.overlaps(beganNanos, endedNanos)) {
        found.add(stall);
      }
    }
    return Collections.unmodifiableList(found);
  }
}
