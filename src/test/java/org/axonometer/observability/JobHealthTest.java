package org.axonometer.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonometer.history.Fire;
import org.axonometer.history.FireStore;
import org.axonometer.history.JobStanding;
import org.axonometer.jobs.JobSchedule;
import org.axonometer.jobs.Timetable;
import org.axonometer.observability.JobHealth.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobHealthTest {
  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");
  private static final Timetable HOURLY = new Timetable.Every(Duration.ofHours(1));

  private static JobHealth hourly(Duration startDeadline) {
    return new JobHealth(
        "mine",
        new JobSchedule(
            HOURLY,
            Duration.ZERO,
            JobSchedule.Overlap.SKIP,
            JobSchedule.Misfire.SKIP,
            Optional.of(startDeadline)));
  }

  private static Optional<FireStore.Position> decidedUntil(Instant time) {
    return Optional.of(new FireStore.Position(HOURLY.text(), time));
  }

  private static Optional<JobStanding.Opened> opened(Instant at, boolean sealed) {
    return Optional.of(new JobStanding.Opened(7, sealed, at, at.plus(Duration.ofMinutes(10)), at));
  }

  private static Optional<JobStanding.Sealed> sealed(int attempts, int counted) {
    return Optional.of(
        new JobStanding.Sealed(7, 64, attempts, counted, 0, Optional.empty(), Optional.empty()));
  }

  private static List<Fault> faults(JobHealth.Facts facts, Instant now) {
    return hourly(Duration.ofMinutes(5)).complaints(facts, now).stream()
        .map(JobHealth.Complaint::fault)
        .toList();
  }

  private static Optional<Fire> without(Fire.Reason reason) {
    return Optional.of(Fire.without("mine", TEN, TEN.plusSeconds(1), reason));
  }

  private static JobHealth.Facts after(Optional<Fire> fire, Optional<JobStanding.Opened> opened) {
    return new JobHealth.Facts(decidedUntil(TEN), fire, opened, Optional.empty());
  }

  @Test
  void isLateOnlyPastTheStartDeadline() {
    var facts =
        new JobHealth.Facts(
            decidedUntil(TEN.minusSeconds(3_600)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    assertThat(faults(facts, TEN.plusSeconds(300))).isEmpty();
    assertThat(faults(facts, TEN.plusSeconds(306))).containsExactly(Fault.LATE);
    assertThat(faults(JobHealth.Facts.NONE, TEN.plusSeconds(306))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Fire.Reason.class)
  void aTimeWithoutARoundIsAFaultUnlessItWasMeant(Fire.Reason reason) {
    boolean meant =
        List.of(Fire.Reason.SKIPPED_OVERLAP, Fire.Reason.PAUSED, Fire.Reason.REPLACED)
            .contains(reason);

    assertThat(faults(after(without(reason), Optional.empty()), TEN.plusSeconds(2)))
        .isEqualTo(meant ? List.of() : List.of(Fault.NO_ROUND));
  }

  @Test
  void aRoundByHandMakesUpForTheMissingOne() {
    Optional<Fire> missed = without(Fire.Reason.MISSED);

    assertThat(faults(after(missed, opened(TEN.minusSeconds(9), true)), TEN.plusSeconds(20)))
        .containsExactly(Fault.NO_ROUND);
    assertThat(faults(after(missed, opened(TEN.plusSeconds(9), true)), TEN.plusSeconds(20)))
        .isEmpty();
  }

  @Test
  void aRoundHasAMinuteFromItsDeadlineToItsSeal() {
    var facts = after(Optional.empty(), opened(TEN, false));

    assertThat(faults(facts, TEN.plusSeconds(660))).isEmpty();
    assertThat(faults(facts, TEN.plusSeconds(661))).containsExactly(Fault.NOT_SEALED);
    assertThat(faults(after(Optional.empty(), opened(TEN, true)), TEN.plusSeconds(661))).isEmpty();
  }

  @Test
  void aRoundThatSentNothingIsAFault() {
    assertThat(faults(of(sealed(0, 64)), TEN)).containsExactly(Fault.SENT_NOTHING);
    assertThat(faults(of(sealed(64, 0)), TEN)).containsExactly(Fault.NOTHING_COUNTED);
    assertThat(faults(of(sealed(64, 1)), TEN)).isEmpty();
  }

  private static JobHealth.Facts of(Optional<JobStanding.Sealed> sealed) {
    return new JobHealth.Facts(decidedUntil(TEN), Optional.empty(), Optional.empty(), sealed);
  }
}
