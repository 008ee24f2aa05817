package org.axonometer.torture;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was done to one database's program and what was found, counted. Thread-safe. */
final class Tally {
  private final String name;
  private final Map<String, Integer> counts = Collections.synchronizedMap(new TreeMap<>());
  private final List<String> violations = Collections.synchronizedList(new ArrayList<>());

  Tally(String name) {
    this.name = name;
  }

  void add(String what) {
    add(what, 1);
  }

  void add(String what, int n) {
    counts.merge(what, n, Integer::sum);
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

  /** What is done now, for those who watch. */
  void told(String what) {
    System.out.printf(
        "torture: %s %s: %s%n", Instant.now().truncatedTo(ChronoUnit.SECONDS), name, what);
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

  /** One line for each count. */
  String table() {
    var text = new StringBuilder();
    synchronized (counts) {
      counts.forEach((what, n) -> text.append("torture: %s: %5d  %s%n".formatted(name, n, what)));
    }
    return text.append("torture: %s: %5d  violations%n".formatted(name, violations.size()))
        .toString();
  }
}
