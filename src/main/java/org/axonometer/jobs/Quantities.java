package org.axonometer.jobs;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations and sizes as a job file writes them: a whole number and its unit, {@code 12s}, {@code
 * 1MiB}.
 */
public final class Quantities {
  private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,9})([A-Za-z]+)");
  private static final Map<String, Long> MILLIS = new LinkedHashMap<>();
  private static final Map<String, Long> BYTES = new LinkedHashMap<>();

  static {
    MILLIS.put("d", 86_400_000L);
    MILLIS.put("h", 3_600_000L);
    MILLIS.put("m", 60_000L);
    MILLIS.put("s", 1_000L);
    MILLIS.put("ms", 1L);
    BYTES.put("MiB", 1_048_576L);
    BYTES.put("KiB", 1_024L);
    BYTES.put("B", 1L);
  }

  private Quantities() {}

  /** {@code ms}, {@code s}, {@code m}, {@code h} or {@code d}; empty when it is anything else. */
  public static Optional<Duration> duration(String text) {
    return read(text, MILLIS).map(Duration::ofMillis);
  }

  /** {@code B}, {@code KiB} or {@code MiB}; empty when it is anything else. */
  static Optional<Long> bytes(String text) {
    return read(text, BYTES);
  }

  /** In the largest unit that needs no fraction. */
  public static String show(Duration duration) {
    return show(duration.toMillis(), MILLIS);
  }

  /** In the largest unit that needs no fraction. */
  static String show(long bytes) {
    return show(bytes, BYTES);
  }

  private static Optional<Long> read(String text, Map<String, Long> units) {
    Matcher matcher = QUANTITY.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.ofNullable(units.get(matcher.group(2)))
        .map(unit -> Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
  }

  private static String show(long amount, Map<String, Long> units) {
    return units.entrySet().stream()
        .filter(unit -> amount % unit.getValue() == 0)
        .findFirst()
        .map(unit -> amount / unit.getValue() + unit.getKey())
        .orElseThrow();
  }
}
