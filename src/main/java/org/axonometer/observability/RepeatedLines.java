package org.axonometer.observability;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Leaves out a line that was logged the same within the last {@link #WINDOW}, and says at the
 * window's end, with the next line of whatever kind, how often that was.
 */
final class RepeatedLines {
  static final Duration WINDOW = Duration.ofMinutes(1);

  /** More different lines at once are not remembered. */
  private static final int MOST = 500;

  /** The oldest first. */
  private final Map<Said, Since> open = new LinkedHashMap<>();

  /** What makes two lines the same. */
  record Said(Level level, String logger, String message) {}

  /**
   * A line to write.
   *
   * @param repeated how often it was left out; 0 for a line as it came
   */
  record Line(Instant at, Said said, int repeated) {}

  private static final class Since {
    final Instant first;
    Instant last;
    int leftOut;

    Since(Instant first) {
      this.first = first;
      this.last = first;
    }
  }

  /** What is to be written when this was said; empty when it is left out. */
  synchronized List<Line> say(Said said, Instant at) {
    List<Line> lines = new ArrayList<>();
    while (!open.isEmpty() && isOver(open.values().iterator().next(), at)) {
      end(lines);
    }
    Since since = open.get(said);
    if (since != null) {
      since.leftOut++;
      since.last = at;
      return lines;
    }
    if (open.size() == MOST) {
      end(lines);
    }
    open.put(said, new Since(at));
    lines.add(new Line(at, said, 0));
    return lines;
  }

  /** What was left out and not told yet. */
  synchronized List<Line> rest() {
    List<Line> lines = new ArrayList<>();
    while (!open.isEmpty()) {
      end(lines);
    }
    return lines;
  }

  private static boolean isOver(Since since, Instant at) {
    return !at.isBefore(since.first.plus(WINDOW));
  }

  private void end(List<Line> lines) {
    Map.Entry<Said, Since> oldest = open.entrySet().iterator().next();
    open.remove(oldest.getKey());
    Since since = oldest.getValue();
    if (since.leftOut > 0) {
      lines.add(new Line(since.last, oldest.getKey(), since.leftOut));
    }
  }
}
