package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClockChangeTest {

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin,        2025-03-30, 60,  02:00, 2025-03-30",
    "Europe/Berlin,        2025-10-26, -60, 03:00, 2025-10-26",
    "America/New_York,     2025-03-09, 60,  02:00, 2025-03-09",
    "America/New_York,     2025-11-02, -60, 02:00, 2025-11-02",
    "Australia/Lord_Howe,  2025-10-05, 30,  02:00, 2025-10-05",
    "Australia/Lord_Howe,  2025-04-06, -30, 02:00, 2025-04-06",
    // The clock goes back at midnight: the day before is the longer one.
    "America/Santiago,     2025-04-05, -60, 00:00, 2025-04-06",
    "America/Santiago,     2025-09-07, 60,  00:00, 2025-09-07",
    "Africa/Cairo,         2024-10-31, -60, 00:00, 2024-11-01",
    "Africa/Cairo,         2024-04-26, 60,  00:00, 2024-04-26",
    "Asia/Beirut,          2024-10-26, -60, 00:00, 2024-10-27",
    "Asia/Beirut,          2024-03-31, 60,  00:00, 2024-03-31",
    "America/Nuuk,         2024-10-26, -60, 00:00, 2024-10-27",
    "America/Nuuk,         2024-03-30, 60,  23:00, 2024-03-30",
    "America/Scoresbysund, 2024-10-26, -60, 00:00, 2024-10-27",
  })
  void marksTheDayThatIsLongerOrShorter(
      String zone, String day, int minutes, String time, String date) {
    assertThat(ClockChange.on(LocalDate.parse(day), ZoneId.of(zone)))
        .contains(
            new ClockChange(
                LocalDate.parse(day),
                Duration.ofMinutes(minutes),
                LocalDateTime.parse(date + "T" + time)));
  }

  /** By the length of every day of some years. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Santiago",
        "Africa/Cairo",
        "Asia/Beirut",
        "America/Nuuk",
        "America/Scoresbysund"
      })
  void marksNoOtherDay(String name) {
    ZoneId zone = ZoneId.of(name);
    LocalDate day = LocalDate.of(2022, 1, 1);
    for (LocalDate end = day.plusYears(5); day.isBefore(end); day = day.plusDays(1)) {
      Duration length =
          Duration.between(day.atStartOfDay(zone), day.plusDays(1).atStartOfDay(zone));
      assertThat(ClockChange.on(day, zone).isPresent())
          .as(name + " " + day)
          .isEqualTo(!length.equals(Duration.ofDays(1)));
    }
  }
}
