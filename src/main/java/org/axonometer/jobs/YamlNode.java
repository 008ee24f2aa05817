package org.axonometer.jobs;

import java.util.List;
import java.util.Map;

/** A piece of a job file with the line it starts on, 1-based. */
sealed interface YamlNode {

  int line();

  /** A text, number, true, false or null; {@code plain} = written without quotes. */
  record Scalar(String text, boolean plain, int line) implements YamlNode {}

  record Sequence(List<YamlNode> items, int line) implements YamlNode {}

  /** Keys in file order, none twice. */
  record Mapping(Map<String, Entry> entries, int line) implements YamlNode {}

  /**
   * @param line of the key
   */
  record Entry(int line, YamlNode value) {}
}
