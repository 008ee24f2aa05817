package org.axonometer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.axonometer.history.Fire.Reason;
import org.axonometer.jobs.Cron;
import org.axonometer.jobs.JobSchedule;
import org.axonometer.jobs.JobSchedule.Misfire;
import org.axonometer.jobs.JobSchedule.Overlap;
import org.axonometer.jobs.Timetable;
import org.axonometer.schedule.FireLedger.Occupation;
import org.axonometer.schedule.FireLedger.Standing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FireLedgerTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private final SettableClock clock = new SettableClock();
  private final FireLedger ledger = new FireLedger(clock);

  private static JobSchedule schedule(Timetable times, Overlap overlap, Misfire misfire) {
    return new JobSchedule(times, Duration.ZERO, overlap, misfire, Optional.empty());
  }

  private static Timetable every(String period) {
    return new Timetable.Every(Duration.parse(period));
  }

  private static Timetable cron(String expression) {
    return Cron.parse(expression, BERLIN);
  }

  /** One job as the scheduler keeps it, with rounds of a fixed length. */
  private final class SimulatedJob {
    private final Duration roundTakes;
    private final Map<Instant, String> rows = new TreeMap<>();
    private JobSchedule schedule;
    private Instant decidedUntil;
    private Instant watchedSince;
    private Instant runningUntil = Instant.MIN;
    private boolean paused;

    SimulatedJob(JobSchedule schedule, Duration roundTakes, Instant start) {
      this.schedule = schedule;
      this.roundTakes = roundTakes;
      this.decidedUntil = start;
      this.watchedSince = start;
    }

    void ask() {
      List<Decision> due = ledger.due(standing());
      while (!due.isEmpty()) {
        for (Decision decision : due) {
          write(decision.time(), word(decision));
          if (decision instanceof Decision.Open) {
            assertThat(runningUntil).as("never two rounds at once").isBeforeOrEqualTo(clock.now);
            runningUntil = clock.now.plus(roundTakes);
          }
        }
        due = ledger.due(standing());
      }
    }

    private Standing standing() {
      Occupation occupation =
          runningUntil.isAfter(clock.now) ? Occupation.OWN_ROUND : Occupation.FREE;
      return new Standing("job", schedule, decidedUntil, watchedSince, paused, occupation);
    }

    private void write(Instant time, String word) {
      assertThat(rows.put(time, word)).as("one row for " + time).isNull();
      decidedUntil = time;
    }

    void edit(JobSchedule fresh) {
      ask();
      List<Decision.Skip> waiting =
          FireLedger.leftOver(schedule.timetable(), decidedUntil, clock.now, Reason.REPLACED);
      waiting.forEach(skip -> write(skip.time(), word(skip)));
      schedule = fresh;
      decidedUntil = clock.now;
    }

    /** How many times each word stands in the rows. */
    Map<String, Integer> counts() {
      Map<String, Integer> counts = new TreeMap<>();
      rows.values().forEach(word -> counts.merge(word, 1, Integer::sum));
      return counts;
    }
  }

  private static String word(Decision decision) {
    return switch (decision) {
      case Decision.Open open -> "round";
      case Decision.Skip skip -> skip.reason().name();
    };
  }

  /** Every local minute of the span that fits, by looking at each of them. */
  private static Collection<Instant> minutes(
      Instant from, Instant to, Predicate<ZonedDateTime> fires) {
    Collection<Instant> times = new TreeSet<>();
    for (Instant time = from.plusSeconds(60); !time.isAfter(to); time = time.plusSeconds(60)) {
      if (fires.test(time.atZone(BERLIN))) {
        times.add(time);
      }
    }
    return times;
  }

  /**
   * Sixty hours from a midnight in UTC, with the change of Berlin's clock in them. Nothing runs for
   * 2,000 minutes from 04:00:30 of the first day on; the sums beside the asserted numbers are by
   * hours of the span.
   *
   * @param nights rounds at half past two in Berlin
   */
  @ParameterizedTest
  @CsvSource({
    // No 02:30 on the second day, in the outage; 01:30 and 48:30 remain.
    "2027-03-27T00:00:00Z, 2, 1017",
    // 00:30, 24:30 in the outage and made up for, 49:30; the 02:30 that comes again is none.
    "2027-10-30T00:00:00Z, 3, 1018"
  })
  void everyTimeOfFiveJobsIsOneRoundOrOneReasonOverBothClockChangesAnOutageAndAnEdit(
      Instant start, int nights, int all) {
    Instant end = start.plus(Duration.ofHours(60));
    Instant outage = start.plus(Duration.ofHours(4)).plusSeconds(30);
    Instant back = outage.plus(Duration.ofMinutes(2_000));
    Instant pause = start.plus(Duration.ofHours(40)).plusSeconds(30);
    Instant resume = start.plus(Duration.ofHours(42)).plusSeconds(30);
    Instant edit = start.plus(Duration.ofHours(50)).plusSeconds(30);

    var steady =
        new SimulatedJob(
            schedule(every("PT10M"), Overlap.SKIP, Misfire.SKIP), Duration.ofMinutes(3), start);
    var tooLong =
        new SimulatedJob(
            schedule(cron("0 */10 * * * ?"), Overlap.SKIP, Misfire.SKIP),
            Duration.ofMinutes(25),
            start);
    var queued =
        new SimulatedJob(
            schedule(cron("0 15 * * * ?"), Overlap.QUEUE, Misfire.RUN_ONCE),
            Duration.ofMinutes(80),
            start);
    var nightly =
        new SimulatedJob(
            schedule(cron("0 30 2 * * ?"), Overlap.SKIP, Misfire.RUN_ONCE),
            Duration.ofMinutes(1),
            start);
    var edited =
        new SimulatedJob(
            schedule(every("PT20M"), Overlap.SKIP, Misfire.RUN_ONCE), Duration.ofMinutes(1), start);
    List<SimulatedJob> jobs = List.of(steady, tooLong, queued, nightly, edited);

    for (clock.now = start; !clock.now.isAfter(end); clock.now = clock.now.plusSeconds(10)) {
      if (clock.now.equals(outage)) {
        clock.now = back;
        jobs.forEach(job -> job.watchedSince = back);
      }
      steady.paused = clock.now.isAfter(pause) && clock.now.isBefore(resume);
      if (clock.now.equals(edit)) {
        edited.edit(schedule(every("PT7M"), Overlap.SKIP, Misfire.SKIP));
      }
      jobs.forEach(SimulatedJob::ask);
    }
    clock.now = end;
    queued.edit(schedule(every("PT1H"), Overlap.SKIP, Misfire.SKIP));

    assertThat(steady.rows.keySet())
        .containsExactlyElementsOf(minutes(start, end, time -> time.getMinute() % 10 == 0));
    // 360 in all; 04:10 to 37:20; 40:10 to 42:00.
    assertThat(steady.counts())
        .isEqualTo(Map.of("MISSED", 200, "PAUSED", 12, "round", 360 - 200 - 12));

    assertThat(tooLong.rows.keySet()).containsExactlyElementsOf(steady.rows.keySet());
    // Every third gets one: 8 of the 24 to 04:00, 46 of the 136 from 37:30.
    assertThat(tooLong.counts())
        .isEqualTo(Map.of("MISSED", 200, "round", 8 + 46, "SKIPPED_OVERLAP", 16 + 90));

    assertThat(queued.rows.keySet())
        .containsExactlyElementsOf(minutes(start, end, time -> time.getMinute() == 15));
    // 00:15 to 02:15 one after another; 03:15 to 36:15 missed; 37:15 made up for. Each round begins
    // 20 minutes later than the one before, so of four times one waits for too long, the first of
    // these 40:15, the last 56:15. 59:15 still waits at the edit.
    assertThat(queued.counts())
        .isEqualTo(
            Map.of("round", 3 + 3 + 4 * 3 + 2, "MISSED", 34, "START_DEADLINE", 5, "REPLACED", 1));

    assertThat(nightly.rows.keySet())
        .containsExactlyElementsOf(
            minutes(
                start,
                end,
                time ->
                    time.getHour() == 2
                        && time.getMinute() == 30
                        && time.withEarlierOffsetAtOverlap().equals(time)));
    assertThat(nightly.counts()).isEqualTo(Map.of("round", nights));

    var expected = new TreeSet<>(minutes(start, edit, time -> time.getMinute() % 20 == 0));
    Collection<Instant> sevens = minutes(start, end, time -> time.toEpochSecond() % 420 == 0);
    sevens.removeIf(time -> time.isBefore(edit));
    expected.addAll(sevens);
    assertThat(edited.rows.keySet()).containsExactlyElementsOf(expected);
    // 150 before the edit, of 04:20 to 37:20 all missed but the last; 85 after it.
    assertThat(edited.counts()).isEqualTo(Map.of("MISSED", 99, "round", 150 - 99 + 85));

    assertThat(jobs.stream().mapToInt(job -> job.rows.size()).sum()).isEqualTo(all);
  }

  private List<String> due(
      JobSchedule schedule, String watchedSince, boolean paused, Occupation occupation) {
    return ledger
        .due(
            new Standing(
                "job",
                schedule,
                Instant.parse("2027-01-01T00:00:00Z"),
                Instant.parse(watchedSince),
                paused,
                occupation))
        .stream()
        .map(decision -> decision.time().toString().substring(14, 19) + " " + word(decision))
        .toList();
  }

  @Test
  void anOutageOfTwoHundredTimesGivesOneRoundAtTheMost() {
    clock.now = Instant.parse("2027-01-01T03:20:30Z");
    String back = "2027-01-01T03:20:29Z";
    JobSchedule once = schedule(every("PT1M"), Overlap.SKIP, Misfire.RUN_ONCE);
    assertThat(due(once, back, false, Occupation.FREE)).hasSize(200).endsWith("20:00 round");
    assertThat(due(once, back, false, Occupation.FREE).subList(0, 199))
        .allSatisfy(row -> assertThat(row).endsWith("MISSED"));
    assertThat(
            due(schedule(every("PT1M"), Overlap.SKIP, Misfire.SKIP), back, false, Occupation.FREE))
        .hasSize(200)
        .allSatisfy(row -> assertThat(row).endsWith("MISSED"));
  }

  @Test
  void aTimeWaitsForRoomUntilTheNextOneComes() {
    JobSchedule skip = schedule(every("PT1M"), Overlap.SKIP, Misfire.SKIP);
    clock.now = Instant.parse("2027-01-01T00:01:59Z");
    assertThat(due(skip, "2027-01-01T00:00:00Z", false, Occupation.OTHER_ROUNDS)).isEmpty();
    clock.now = Instant.parse("2027-01-01T00:02:00Z");
    assertThat(due(skip, "2027-01-01T00:00:00Z", false, Occupation.OTHER_ROUNDS))
        .containsExactly("01:00 START_DEADLINE");
    assertThat(due(skip, "2027-01-01T00:00:00Z", false, Occupation.FREE))
        .containsExactly("01:00 START_DEADLINE", "02:00 round");
  }

  @Test
  void aPausedJobsTimesSaySo() {
    clock.now = Instant.parse("2027-01-01T00:02:00Z");
    assertThat(
            due(
                schedule(every("PT1M"), Overlap.QUEUE, Misfire.SKIP),
                "2027-01-01T00:01:30Z",
                true,
                Occupation.FREE))
        .containsExactly("01:00 MISSED", "02:00 PAUSED");
  }

  @Test
  void jitterDelaysEachTimeByTheSameAmountAfterARestartAndKeepsTheOrder() {
    var jittery =
        new JobSchedule(
            every("PT1M"), Duration.ofSeconds(90), Overlap.SKIP, Misfire.SKIP, Optional.empty());
    var delays = new TreeSet<Duration>();
    Instant time = Instant.parse("2027-01-01T00:00:00Z");
    for (int i = 0; i < 1_000; i++) {
      time = time.plusSeconds(60);
      Instant start = jittery.startOf("job", time);
      assertThat(start).isEqualTo(jittery.startOf("job", time)).isBefore(jittery.tooLate(time));
      delays.add(Duration.between(time, start));
    }
    assertThat(delays).hasSizeGreaterThan(900);
    assertThat(delays.first()).isBetween(Duration.ZERO, Duration.ofSeconds(2));
    assertThat(delays.last()).isBetween(Duration.ofSeconds(88), Duration.ofSeconds(90));

    clock.now = jittery.startOf("job", Instant.parse("2027-01-01T00:01:00Z")).minusMillis(1);
    assertThat(due(jittery, "2027-01-01T00:00:00Z", false, Occupation.FREE)).isEmpty();
    clock.now = clock.now.plusMillis(1);
    assertThat(due(jittery, "2027-01-01T00:00:00Z", false, Occupation.FREE))
        .containsExactly("01:00 round");
  }
}
