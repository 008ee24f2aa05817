package org.axonometer.jobs;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * The values one field of a cron expression allows: {@code *}, values, ranges {@code a-b}, steps
 * {@code a/n}, {@code a-b/n} and lists of these. A range may run over the field's end.
 */
final class CronField {
  static final int FIRST_YEAR = 1970;
  static final int LAST_YEAR = 2099;

  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  private final BitSet values = new BitSet();
  private final String name;
  private final int least;
  private final int most;
  private final List<String> words;

  private CronField(String name, int least, int most, List<String> words, String text) {
    this.name = name;
    this.least = least;
    this.most = most;
    this.words = words;
    for (String item : text.split(",", -1)) {
      add(item);
    }
  }

  static CronField seconds(String text) {
    return new CronField("second", 0, 59, List.of(), text);
  }

  static CronField minutes(String text) {
    return new CronField("minute", 0, 59, List.of(), text);
  }

  static CronField hours(String text) {
    return new CronField("hour", 0, 23, List.of(), text);
  }

  static CronField daysOfMonth(String text) {
    return new CronField("day of month", 1, 31, List.of(), text);
  }

  static CronField months(String text) {
    return new CronField("month", 1, 12, MONTHS, text);
  }

  /** 1 is Sunday. */
  static CronField daysOfWeek(String text) {
    return new CronField("day of week", 1, 7, DAYS, text);
  }

  static CronField years(String text) {
    return new CronField("year", FIRST_YEAR, LAST_YEAR, List.of(), text);
  }

  boolean has(int value) {
    return values.get(value);
  }

  /** The first allowed value at or above {@code value}; -1 when there is none. */
  int from(int value) {
    return values.nextSetBit(value);
  }

  boolean isEvery() {
    return values.cardinality() == most - least + 1;
  }

  private void add(String item) {
    int slash = item.indexOf('/');
    String range = slash < 0 ? item : item.substring(0, slash);
    int step = slash < 0 ? 1 : number(item.substring(slash + 1), 1, most - least + 1);
    int from = least;
    int to = most;
    if (!range.equals("*") && !(range.isEmpty() && slash >= 0)) {
      int dash = range.indexOf('-');
      from = value(dash < 0 ? range : range.substring(0, dash));
      to = dash >= 0 ? value(range.substring(dash + 1)) : slash < 0 ? from : most;
    }
    int span = most - least + 1;
    int count = Math.floorMod(to - from, span);
    for (int i = 0; i <= count; i += step) {
      values.set(least + (from - least + i) % span);
    }
  }

  private int value(String text) {
    int word = words.indexOf(text.toUpperCase(Locale.ROOT));
    return word >= 0 ? least + word : number(text, least, most);
  }

  private int number(String text, int from, int to) {
    if (text.matches("[0-9]{1,4}")) {
      int number = Integer.parseInt(text);
      if (number >= from && number <= to) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        "the %s field has %s; write %d to %d".formatted(name, Mistakes.quoted(text), from, to));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CronField field
        && name.equals(field.name)
        && values.equals(field.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return name + " " + values;
  }
}
