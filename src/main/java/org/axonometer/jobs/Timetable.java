package org.axonometer.jobs;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The scheduled times of a job, whole seconds. The same on every machine and after every restart.
 */
public sealed interface Timetable permits Timetable.Every, Cron {

  /** The first scheduled time after {@code time}; empty when there is none any more. */
  Optional<Instant> next(Instant time);

  /** The zone its times are meant in. */
  ZoneId zone();

  /** One line that {@link #parse} reads back. */
  String text();

  /** Reads what {@link #text} wrote. */
  static Timetable parse(String text) {
    if (text.startsWith("every ")) {
      return new Every(Duration.parse(text.substring("every ".length())));
    }
    String[] parts = text.split(" ", 3);
    if (!parts[0].equals("cron") || parts.length != 3) {
      throw new IllegalArgumentException("not a timetable: " + text);
    }
    return Cron.parse(parts[2], ZoneId.of(parts[1]));
  }

  /**
   * Times a fixed period apart, counted from 1970-01-01T00:00:00Z.
   *
   * @param period whole seconds, at least one
   */
  record Every(Duration period) implements Timetable {

    public Every {
      if (period.compareTo(Duration.ofSeconds(1)) < 0 || period.toNanosPart() != 0) {
        throw new IllegalArgumentException("period must be whole seconds, was " + period);
      }
    }

    @Override
    public Optional<Instant> next(Instant time) {
      long seconds = period.toSeconds();
      return Optional.of(
          Instant.ofEpochSecond((Math.floorDiv(time.getEpochSecond(), seconds) + 1) * seconds));
    }

    @Override
    public ZoneId zone() {
      return ZoneId.of("UTC");
    }

    @Override
    public String text() {
      return "every " + period;
    }
  }
}
