package org.axonometer.cli;

import java.time.Duration;
import java.util.Locale;
import org.axonometer.jobs.Quantities;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A duration as a job file writes it, such as {@code 2h}. */
final class DurationFlag implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String text) {
    return Quantities.duration(text)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "\"%s\" is not a duration; write a number and ms, s, m, h or d (for example 2h)"
                        .formatted(text)));
  }

  /** The two largest units, such as {@code 3d 4h}. */
  static String show(Duration duration) {
    if (duration.isNegative()) {
      return "-" + show(duration.negated());
    }
    if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
      return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1000.0);
    }
    if (duration.compareTo(Duration.ofHours(1)) < 0) {
      return "%dm %ds".formatted(duration.toMinutes(), duration.toSecondsPart());
    }
    if (duration.compareTo(Duration.ofDays(1)) < 0) {
      return "%dh %dm".formatted(duration.toHours(), duration.toMinutesPart());
    }
    return "%dd %dh".formatted(duration.toDays(), duration.toHoursPart());
  }
}
