package org.axonometer.jobs;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which days of an allowed month a cron expression fires on: by date or by weekday. */
sealed interface CronDay {
  Pattern BEFORE_LAST = Pattern.compile("L(?:-([0-9]{1,2}))?");
  Pattern NEAREST = Pattern.compile("([0-9]{1,2})W");
  Pattern LAST_WEEKDAY = Pattern.compile("([A-Z]{3}|[1-7])L");
  Pattern NTH_WEEKDAY = Pattern.compile("([A-Z]{3}|[1-7])#([1-5])");

  boolean fires(LocalDate day);

  /** Reads the two day fields, of which one is {@code ?}. */
  static CronDay parse(String ofMonth, String ofWeek) {
    if (ofMonth.equals("?") == ofWeek.equals("?")) {
      throw new IllegalArgumentException(
          "write ? in the day-of-month or in the day-of-week field, and only in one of them");
    }
    return ofWeek.equals("?")
        ? ofMonth(ofMonth.toUpperCase(Locale.ROOT))
        : ofWeek(ofWeek.toUpperCase(Locale.ROOT));
  }

  private static CronDay ofMonth(String text) {
    Matcher last = BEFORE_LAST.matcher(text);
    if (last.matches()) {
      int before = last.group(1) == null ? 0 : Integer.parseInt(last.group(1));
      if (before > 30) {
        throw new IllegalArgumentException(
            "the day of month field has L-" + before + "; write L-0 to L-30");
      }
      return new BeforeLast(before);
    }
    if (text.equals("LW")) {
      return new LastWorkday();
    }
    Matcher nearest = NEAREST.matcher(text);
    if (nearest.matches()) {
      int date = CronField.daysOfMonth(nearest.group(1)).from(0);
      return new NearestWorkday(date);
    }
    return new Dates(CronField.daysOfMonth(text));
  }

  private static CronDay ofWeek(String text) {
    Matcher last = LAST_WEEKDAY.matcher(text);
    if (last.matches()) {
      return new LastOf(CronField.daysOfWeek(last.group(1)));
    }
    Matcher nth = NTH_WEEKDAY.matcher(text);
    if (nth.matches()) {
      return new NthOf(CronField.daysOfWeek(nth.group(1)), Integer.parseInt(nth.group(2)));
    }
    return new Weekdays(CronField.daysOfWeek(text.equals("L") ? "SAT" : text));
  }

  private static boolean isOn(LocalDate day, CronField weekdays) {
    return weekdays.has(day.getDayOfWeek().getValue() % 7 + 1);
  }

  private static boolean isWorkday(LocalDate day) {
    return day.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) < 0;
  }

  /** Dates of the month. */
  record Dates(CronField dates) implements CronDay {
    @Override
    public boolean fires(LocalDate day) {
      return dates.has(day.getDayOfMonth());
    }
  }

  /** {@code L}, {@code L-3}: so many days before the month's last. */
  record BeforeLast(int days) implements CronDay {
    @Override
    public boolean fires(LocalDate day) {
      return day.getDayOfMonth() == day.lengthOfMonth() - days;
    }
  }

  /** {@code LW}: the month's last Monday to Friday. */
  record LastWorkday() implements CronDay {
    @Override
    public boolean fires(LocalDate day) {
      int left = day.lengthOfMonth() - day.getDayOfMonth();
      return isWorkday(day) && (left == 0 || (day.getDayOfWeek() == DayOfWeek.FRIDAY && left <= 2));
    }
  }

  /** {@code 15W}: the Monday to Friday nearest to that date, within the month. */
  record NearestWorkday(int date) implements CronDay {
    @Override
    public boolean fires(LocalDate day) {
      if (date > day.lengthOfMonth()) {
        return false;
      }
      LocalDate wanted = day.withDayOfMonth(date);
      return day.equals(
          switch (wanted.getDayOfWeek()) {
            case SATURDAY -> date == 1 ? wanted.plusDays(2) : wanted.minusDays(1);
            case SUNDAY -> date == day.lengthOfMonth() ? wanted.minusDays(2) : wanted.plusDays(1);
            case MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY -> wanted;
          });
    }
  }

  /** Days of the week. */
  record Weekdays(CronField days) implements CronDay {
    @Override
    public boolean fires(LocalDate day) {
      return isOn(day, days);
    }
  }

  /** {@code 6L}: the month's last such weekday. */
  record LastOf(CronField weekday) implements CronDay {
    @Override
    public boolean fires(LocalDate day) {
      return isOn(day, weekday) && day.getDayOfMonth() + 7 > day.lengthOfMonth();
    }
  }

  /** {@code 6#3}: the month's third such weekday. */
  record NthOf(CronField weekday, int nth) implements CronDay {
    @Override
    public boolean fires(LocalDate day) {
      return isOn(day, weekday) && (day.getDayOfMonth() - 1) / 7 == nth - 1;
    }
  }
}
