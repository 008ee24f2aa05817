package org.axonometer.jobs;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression as Quartz writes it, in a zone: second, minute, hour, day of month, month, day
 * of week and, if given, year.
 *
 * <p>A local time that a clock change leaves out does not fire. One that happens twice fires twice
 * when the hour field is every hour, else at its first time only.
 *
 * @param expression the fields as written, one space between them
 * @param dayRule which days fire
 */
public record Cron(
    String expression,
    ZoneId zone,
    CronField seconds,
    CronField minutes,
    CronField hours,
    CronField months,
    CronField years,
    CronDay dayRule)
    implements Timetable {
  private static final LocalDate LAST_DAY = LocalDate.of(CronField.LAST_YEAR, 12, 31);

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException saying which field is wrong, or that it never fires
   */
  public static Cron parse(String expression, ZoneId zone) {
    List<String> fields = List.of(expression.strip().split("\\s+"));
    if (fields.size() < 6 || fields.size() > 7) {
      throw new IllegalArgumentException(
          "write 6 or 7 fields: second minute hour day-of-month month day-of-week [year]"
              + " (for example 0 */10 * * * ?)");
    }
    Cron cron =
        new Cron(
            String.join(" ", fields),
            zone,
            CronField.seconds(fields.get(0)),
            CronField.minutes(fields.get(1)),
            CronField.hours(fields.get(2)),
            CronField.months(fields.get(4)),
            CronField.years(fields.size() == 7 ? fields.get(6) : "*"),
            CronDay.parse(fields.get(3), fields.get(5)));
    if (cron.nextLocal(LocalDateTime.of(1969, 12, 31, 23, 59, 59)).isEmpty()) {
      throw new IllegalArgumentException("no day of the calendar fits it, so it never fires");
    }
    return cron;
  }

  @Override
  public Optional<Instant> next(Instant time) {
    ZoneRules rules = zone.getRules();
    Instant segment = time;
    ZoneOffset offset = rules.getOffset(time);
    LocalDateTime after = LocalDateTime.ofInstant(time, offset);
    // Between two clock changes local time and time run alike; each turn is one such stretch, or
    // leaves out a time that happened before.
    while (true) {
      Optional<LocalDateTime> local = nextLocal(after);
      if (local.isEmpty()) {
        return Optional.empty();
      }
      Instant instant = local.get().toInstant(offset);
      @Nullable ZoneOffsetTransition change = rules.nextTransition(segment);
      if (change != null && !instant.isBefore(change.getInstant())) {
        segment = change.getInstant();
        offset = change.getOffsetAfter();
        after = change.getDateTimeAfter().minusNanos(1);
      } else if (!hours.isEvery() && isSecondTime(rules, local.get(), offset)) {
        after = local.get();
      } else {
        return Optional.of(instant);
      }
    }
  }

  private static boolean isSecondTime(ZoneRules rules, LocalDateTime local, ZoneOffset offset) {
    List<ZoneOffset> offsets = rules.getValidOffsets(local);
    return offsets.size() == 2 && offset.equals(offsets.get(1));
  }

  private Optional<LocalDateTime> nextLocal(LocalDateTime after) {
    LocalDateTime from = after.withNano(0).plusSeconds(1);
    LocalDate day = from.toLocalDate();
    @Nullable LocalTime time = null;
    if (fires(day)) {
      time = nextTime(from.toLocalTime());
    }
    while (time == null) {
      day = nextDay(day.plusDays(1));
      if (day.isAfter(LAST_DAY)) {
        return Optional.empty();
      }
      time = nextTime(LocalTime.MIDNIGHT);
    }
    return Optional.of(day.atTime(time));
  }

  private LocalDate nextDay(LocalDate from) {
    LocalDate day = from;
    while (!day.isAfter(LAST_DAY) && !fires(day)) {
      boolean monthFires = years.has(day.getYear()) && months.has(day.getMonthValue());
      day = monthFires ? day.plusDays(1) : day.withDayOfMonth(1).plusMonths(1);
    }
    return day;
  }

  private boolean fires(LocalDate day) {
    return years.has(day.getYear()) && months.has(day.getMonthValue()) && dayRule.fires(day);
  }

  private @Nullable LocalTime nextTime(LocalTime from) {
    for (int hour = hours.from(from.getHour()); hour >= 0; hour = hours.from(hour + 1)) {
      boolean sameHour = hour == from.getHour();
      for (int minute = minutes.from(sameHour ? from.getMinute() : 0);
          minute >= 0;
          minute = minutes.from(minute + 1)) {
        boolean sameMinute = sameHour && minute == from.getMinute();
        int second = seconds.from(sameMinute ? from.getSecond() : 0);
        if (second >= 0) {
          return LocalTime.of(hour, minute, second);
        }
      }
    }
    return null;
  }

  @Override
  public String text() {
    return "cron " + zone.getId() + " " + expression;
  }
}
