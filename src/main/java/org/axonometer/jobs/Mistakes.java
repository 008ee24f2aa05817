package org.axonometer.jobs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonometer.subnet.ForeignText;

/** What is wrong with one job file, gathered so that one run shows all of it, in line order. */
final class Mistakes {
  private static final int MOST_SHOWN = 20;
  private static final int LONGEST_QUOTE = 80;

  private record Mistake(int line, String text) {}

  private final String file;
  private final List<Mistake> found = new ArrayList<>();

  Mistakes(String file) {
    this.file = visible(file);
  }

  /** {@code text} says which key, its value, and what is allowed. */
  void add(int line, String text) {
    found.add(new Mistake(line, text));
  }

  int count() {
    return found.size();
  }

  /** Does nothing when there is no mistake. */
  void refuse() {
    if (!found.isEmpty()) {
      throw refusal();
    }
  }

  /** A line per mistake, at most 20, then how many more there are. */
  JobException refusal() {
    Stream<String> lines =
        found.stream()
            .sorted(Comparator.comparingInt(Mistake::line))
            .limit(MOST_SHOWN)
            .map(mistake -> file + ":" + mistake.line() + ": " + mistake.text());
    if (found.size() > MOST_SHOWN) {
      lines =
          Stream.concat(lines, Stream.of(file + ": more mistakes: " + (found.size() - MOST_SHOWN)));
    }
    return new JobException(lines.collect(Collectors.joining("\n")));
  }

  /** The text in double quotes, shortened, on one line, with nothing a terminal would obey. */
  static String quoted(String text) {
    String shown = text.length() <= LONGEST_QUOTE ? text : shortened(text);
    return '"' + visible(shown) + '"';
  }

  private static String shortened(String text) {
    int end = LONGEST_QUOTE;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  /** The text on one line, with nothing a terminal would obey. */
  static String visible(String text) {
    return ForeignText.escape(text);
  }
}
