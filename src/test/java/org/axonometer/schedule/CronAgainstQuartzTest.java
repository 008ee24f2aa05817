package org.axonometer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TimeZone;
import org.axonometer.jobs.Cron;
import org.axonometer.jobs.Timetable;
import org.junit.jupiter.api.Test;
import org.quartz.CronExpression;

/**
 * Our reading of cron expressions, held against Quartz's own where no clock change is near. Without
 * {@code W}: Quartz 2.5.2 leaves out the first hours of a day it found by it ({@code 0 * 0,12 LW 4
 * ?} does not fire at 00:00 on 2028-04-28).
 */
class CronAgainstQuartzTest {
  private static final List<String> SECONDS = List.of("0", "*/20", "5,35", "0/7", "10-12");
  private static final List<String> MINUTES = List.of("0", "*", "*/10", "5-59/13", "17", "58-3");
  private static final List<String> HOURS = List.of("*", "3", "*/6", "8-18", "0,12", "22-2", "0/5");
  private static final List<String> MONTHS =
      List.of("*", "2", "JAN,JUL", "*/3", "6-8", "NOV-FEB", "apr");
  private static final List<String> DATES =
      List.of("*", "1", "31", "29", "*/10", "10-20", "L", "L-3", "5,25");
  private static final List<String> WEEKDAYS =
      List.of("*", "MON", "2-6", "MON-FRI", "6L", "FRIL", "6#3", "SUN#5", "L", "1,7", "FRI-MON");

  @Test
  void aThousandExpressionsFireWhenQuartzSays() throws ParseException {
    var random = new Random(20_261_123);
    for (int i = 0; i < 1_000; i++) {
      boolean byDate = random.nextBoolean();
      String expression =
          String.join(
              " ",
              one(random, SECONDS),
              one(random, MINUTES),
              one(random, HOURS),
              byDate ? one(random, DATES) : "?",
              one(random, MONTHS),
              byDate ? "?" : one(random, WEEKDAYS));
      if (random.nextInt(5) == 0) {
        expression += " 2026-2060";
      }
      agree(expression, Instant.ofEpochSecond(1_790_000_000L + random.nextInt(60_000_000)));
    }
  }

  private static String one(Random random, List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static void agree(String expression, Instant from) throws ParseException {
    var quartz = new CronExpression(expression);
    quartz.setTimeZone(TimeZone.getTimeZone("UTC"));
    Timetable ours;
    try {
      ours = Cron.parse(expression, ZoneId.of("UTC"));
    } catch (IllegalArgumentException e) {
      assertThat(quartz.getNextValidTimeAfter(Date.from(from)))
          .as(expression + ": " + e.getMessage())
          .isNull();
      return;
    }
    Instant time = from;
    for (int i = 0; i < 20; i++) {
      Date expected = quartz.getNextValidTimeAfter(Date.from(time));
      assertThat(ours.next(time))
          .as(expression + " after " + time)
          .isEqualTo(Optional.ofNullable(expected).map(Date::toInstant));
      if (expected == null) {
        return;
      }
      time = expected.toInstant();
    }
  }
}
