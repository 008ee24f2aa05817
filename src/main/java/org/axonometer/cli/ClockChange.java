package org.axonometer.cli;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A clock change that makes a day longer or shorter.
 *
 * @param by how far the clock goes forward; negative = back
 * @param at the local time it is set at, by the clock before
 */
record ClockChange(LocalDate day, Duration by, LocalDateTime at) {

  /** Longer than any day. */
  private static final Duration NEARBY = Duration.ofDays(2);

  /** The one that leaves out or repeats a part of that day, if there is one. */
  static Optional<ClockChange> on(LocalDate day, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    @Nullable ZoneOffsetTransition change =
        rules.nextTransition(day.atStartOfDay(zone).toInstant().minus(NEARBY));
    LocalDateTime end = day.plusDays(1).atStartOfDay();
    while (change != null && change.getDateTimeBefore().isBefore(end.plus(NEARBY))) {
      if (first(change).isBefore(end) && last(change).isAfter(day.atStartOfDay())) {
        return Optional.of(new ClockChange(day, change.getDuration(), change.getDateTimeBefore()));
      }
      change = rules.nextTransition(change.getInstant());
    }
    return Optional.empty();
  }

  /** Where the left out or repeated stretch of local time begins. */
  private static LocalDateTime first(ZoneOffsetTransition change) {
    return change.isGap() ? change.getDateTimeBefore() : change.getDateTimeAfter();
  }

  /** Where it has ended. */
  private static LocalDateTime last(ZoneOffsetTransition change) {
    return change.isGap() ? change.getDateTimeAfter() : change.getDateTimeBefore();
  }

  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("day", day.toString());
    map.put("minutes", by.toMinutes());
    map.put("at", at.toString());
    return map;
  }

  @Override
  public String toString() {
    return "clock change: %d minutes %s at %s"
        .formatted(by.abs().toMinutes(), by.isNegative() ? "back" : "forward", at);
  }
}
