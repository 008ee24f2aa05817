package org.axonometer.torture;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What was done to one database's programs and what was found, counted. Thread-safe. */
final class Tally {
  private final String name;
  private final int planned;
  private final long beganNanos = System.nanoTime();
  private final Map<String, Integer> counts = Collections.synchronizedMap(new TreeMap<>());
  private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
  private volatile int faults;

  /**
   * @param planned faults there shall be, for the time that is left to be told
   */
  Tally(String name, int planned) {
    this.name = name;
    this.planned = planned;
    TortureReport.add(this);
  }

  String name() {
    return name;
  }

  void add(String what) {
    add(what, 1);
  }

  void add(String what, int n) {
    counts.merge(what, n, Integer::sum);
  }

  /** A fault that came about. */
  synchronized void fault(String kind) {
    add(kind);
    faults++;
  }

  int of(String what) {
    return counts.getOrDefault(what, 0);
  }

  /** The sum of all whose name begins so. */
  int sum(String prefix) {
    synchronized (counts) {
      return counts.entrySet().stream()
          .filter(count -> count.getKey().startsWith(prefix))
          .mapToInt(Map.Entry::getValue)
          .sum();
    }
  }

  SortedMap<String, Integer> counts() {
    synchronized (counts) {
      return new TreeMap<>(counts);
    }
  }

  /** What is done now, for those who watch. */
  void told(String what) {
    System.out.printf(
        "torture: %s %s, %s: %s%n",
        Instant.now().truncatedTo(ChronoUnit.SECONDS), name, progress(), what);
  }

  private String progress() {
    Duration so = Duration.ofNanos(System.nanoTime() - beganNanos);
    long left = faults == 0 ? 0 : so.toSeconds() * Math.max(0, planned - faults) / faults;
    return "%d of %d faults in %d:%02d, some %d min left"
        .formatted(faults, planned, so.toMinutes(), so.toSecondsPart(), (left + 59) / 60);
  }

  void violated(String what) {
    if (violations.contains(what)) {
      return;
    }
    violations.add(what);
    System.out.printf("torture: %s: VIOLATION: %s%n", name, what);
  }

  List<String> violations() {
    return List.copyOf(violations);
  }
}
