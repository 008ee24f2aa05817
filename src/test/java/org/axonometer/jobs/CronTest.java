package org.axonometer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
  private static List<Instant> onDay(String cron, String zone, String day) {
    ZoneId id = ZoneId.of(zone);
    Timetable times = Cron.parse(cron, id);
    Instant end = LocalDate.parse(day).plusDays(1).atStartOfDay(id).toInstant();
    List<Instant> fires = new ArrayList<>();
    Instant time = LocalDate.parse(day).atStartOfDay(id).toInstant().minusNanos(1);
    while (true) {
      time = times.next(time).orElse(Instant.MAX);
      if (!time.isBefore(end)) {
        return fires;
      }
      fires.add(time);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0 */30 * * * ?, Europe/Berlin,       2027-03-28, 46",
    "0 */30 * * * ?, Europe/Berlin,       2027-10-31, 50",
    "0 30 2 * * ?,   Europe/Berlin,       2027-03-28, 0",
    "0 30 2 * * ?,   Europe/Berlin,       2027-10-31, 1",
    "0 0 2 * * ?,    Europe/Berlin,       2027-10-31, 1",
    "0 0 3 * * ?,    Europe/Berlin,       2027-03-28, 1",
    "0 */30 * * * ?, America/New_York,    2027-03-14, 46",
    "0 */30 * * * ?, America/New_York,    2027-11-07, 50",
    "0 */15 * * * ?, Australia/Lord_Howe, 2027-10-03, 94",
    "0 */15 * * * ?, Australia/Lord_Howe, 2027-04-04, 98",
    "0 */30 * * * ?, America/Santiago,    2025-04-05, 50",
    "0 */30 * * * ?, America/Santiago,    2025-04-06, 48",
    "0 30 23 * * ?,  America/Santiago,    2025-04-05, 1",
    "0 */30 * * * ?, Africa/Cairo,        2024-04-26, 46",
    "0 */30 * * * ?, America/Nuuk,        2024-03-30, 46",
    "0 */30 * * * ?, UTC,                 2027-03-28, 48",
  })
  void firesThisOftenOnADayWithAClockChange(String cron, String zone, String day, int times) {
    assertThat(onDay(cron, zone, day)).hasSize(times).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "LW, 2028-04-28", // the 30th is a Sunday
    "30W, 2028-04-28",
    "1W, 2028-04-03", // the 1st is a Saturday, and the day before is another month's
    "15W, 2028-04-14",
    "16W, 2028-04-17",
    "12W, 2028-04-12",
    "L, 2028-04-30",
    "L-3, 2028-04-27",
  })
  void workdaysAndLastDaysAreCountedInTheMonth(String date, String day) {
    assertThat(
            Cron.parse("0 * 0,12 " + date + " 4 ?", ZoneId.of("UTC"))
                .next(Instant.parse("2028-03-31T23:59:59Z")))
        .contains(Instant.parse(day + "T00:00:00Z"));
  }

  @Test
  void aTimeThatHappensTwiceFiresAtItsFirst() {
    assertThat(onDay("0 30 2 * * ?", "Europe/Berlin", "2027-10-31"))
        .containsExactly(Instant.parse("2027-10-31T00:30:00Z"));
  }

  @Test
  void itsTextReadsBack() {
    Timetable cron = Cron.parse("0  0 9 ? * MON-FRI 2027", ZoneId.of("America/New_York"));
    assertThat(Timetable.parse(cron.text())).isEqualTo(cron);
    Timetable every = Timetable.parse("every PT10M");
    assertThat(every.next(Instant.parse("2027-01-01T00:10:00Z")))
        .contains(Instant.parse("2027-01-01T00:20:00Z"));
    assertThat(every.text()).isEqualTo("every PT10M");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 0 0 31 2 ?",
        "0 0 0 30 2 ? 2027",
        "* * * * *",
        "0 0 0 * * *",
        "0 0 0 ? * ?",
        "60 0 0 * * ?",
        "0 0 24 * * ?",
        "0 0 0 ? * 8",
        "0 0 0 ? * MOO",
        "0 0 0 0 * ?",
        "0 0 0 * 13 ?",
        "0 0/0 0 * * ?",
        "0 1- 0 * * ?",
        "0 0 0 L,3 * ?",
        "0 0 0 ? * 6#6",
        "0,,1 0 0 * * ?",
      })
  void refusesWhatIsWrongOrNeverFires(String cron) {
    assertThatThrownBy(() -> Cron.parse(cron, ZoneId.of("UTC")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFileWithACronThatNeverFiresIsRefusedWithItsLine() {
    String yaml = JobFileTest.SMALLEST + "schedule:\n  cron: 0 0 0 31 2 ?\n  zone: Moon/Base\n";
    assertThatThrownBy(() -> JobFile.parse(yaml, JobFileTest.FILE))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("probe.yaml:12: schedule.cron is \"0 0 0 31 2 ?\"; no day")
        .hasMessageContaining(":13: schedule.zone is \"Moon/Base\"; write the name of a time zone");
  }

  @Test
  void aCronWhoseLastTimeHasPassedIsRefusedToScheduleAndStillReadOfAnOldRound(@TempDir Path folder)
      throws IOException {
    String yaml = JobFileTest.SMALLEST + "schedule:\n  cron: 0 0 9 ? * MON-FRI 2027\n";
    Path file = Files.writeString(folder.resolve("probe.yaml"), yaml);
    Instant last = Instant.parse("2027-12-31T09:00:00Z");
    assertThat(JobFile.readToSchedule(file, last.minusSeconds(1)).schedule()).isPresent();
    assertThatThrownBy(() -> JobFile.readToSchedule(file, last))
        .isInstanceOf(JobException.class)
        .hasMessageContaining(
            "probe.yaml:12: schedule.cron is \"0 0 9 ? * MON-FRI 2027\"; its last time has passed");
    assertThat(JobFile.read(file).schedule()).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{jitter: 1s} | has no times",
        "{every: 10m, cron: '0 0 3 * * ?'} | write one of them",
        "{every: 1500ms} | whole seconds",
        "{every: 10m, zone: UTC} | has no meaning here",
        "{every: 10m, jitter: 5s, start-deadline: 5s} | write less than the start-deadline of 5s",
        "{every: 10m, misfire: runonce} | write skip or run-once",
      })
  void schedulesThatMakeNoSenseAreRefused(String block, String message) {
    assertThatThrownBy(
            () ->
                JobFile.parse(JobFileTest.SMALLEST + "schedule: " + block + "\n", JobFileTest.FILE))
        .hasMessageContaining(message);
  }
}
