package org.axonometer.observability;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.axonometer.history.Fire;
import org.axonometer.history.FireStore;
import org.axonometer.history.JobStanding;
import org.axonometer.jobs.JobSchedule;

/** Whether a job with scheduled times does what it should, judged by its newest rows alone. */
record JobHealth(String job, JobSchedule schedule) {

  /** A decision is written within this of its time. */
  private static final Duration TO_DECIDE = Duration.ofSeconds(5);

  /** Past its deadline a round only has to store and seal. */
  private static final Duration TO_SEAL = Duration.ofMinutes(1);

  /**
   * What the history says of the job.
   *
   * @param position how far its scheduled times are decided; empty before the first
   * @param fire the newest decided one
   * @param opened its newest round
   * @param sealed its newest sealed round
   */
  record Facts(
      Optional<FireStore.Position> position,
      Optional<Fire> fire,
      Optional<JobStanding.Opened> opened,
      Optional<JobStanding.Sealed> sealed) {

    static final Facts NONE =
        new Facts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** What is wrong with it now. */
  enum Fault {
    /** A scheduled time is past its start deadline and has neither a round nor a reason. */
    LATE,
    /** The newest scheduled time got no round, and none was opened since. */
    NO_ROUND,
    /** A round is past its deadline and not sealed. */
    NOT_SEALED,
    /** The newest sealed round sent no query. */
    SENT_NOTHING,
    /** Every ending of the newest sealed round is our own fault. */
    NOTHING_COUNTED,
    /** The history cannot be read. */
    NO_HISTORY
  }

  /**
   * @param detail one line
   */
  record Complaint(String job, Fault fault, String detail) {}

  List<Complaint> complaints(Facts facts, Instant now) {
    List<Complaint> complaints = new ArrayList<>();
    facts
        .position()
        .flatMap(position -> schedule.timetable().next(position.decidedUntil()))
        .filter(time -> isPast(schedule.tooLate(time), TO_DECIDE, now))
        .ifPresent(
            time -> add(complaints, Fault.LATE, "nothing became of its time %s".formatted(time)));
    facts
        .fire()
        .filter(fire -> fire.reason().filter(Fire.Reason::isFailure).isPresent())
        .filter(fire -> !madeUp(fire, facts.opened()))
        .ifPresent(fire -> add(complaints, Fault.NO_ROUND, noRound(fire)));
    facts
        .opened()
        .filter(round -> !round.sealed() && isPast(round.deadline(), TO_SEAL, now))
        .ifPresent(
            round ->
                add(
                    complaints,
                    Fault.NOT_SEALED,
                    "round %d is open past its deadline %s"
                        .formatted(round.roundId(), round.deadline())));
    facts.sealed().ifPresent(round -> judge(round, complaints));
    return complaints;
  }

  private void judge(JobStanding.Sealed round, List<Complaint> complaints) {
    if (round.attempts() == 0) {
      add(
          complaints,
          Fault.SENT_NOTHING,
          "round %d sent no query to its %d targets".formatted(round.roundId(), round.targets()));
    } else if (round.counted() == 0) {
      add(
          complaints,
          Fault.NOTHING_COUNTED,
          "all %d endings of round %d are our own fault"
              .formatted(round.targets(), round.roundId()));
    }
  }

  private void add(List<Complaint> complaints, Fault fault, String detail) {
    complaints.add(new Complaint(job, fault, detail));
  }

  private static boolean isPast(Instant time, Duration grace, Instant now) {
    // A time that never is too late is the greatest there is.
    return time.isBefore(now.minus(grace));
  }

  /** A round by hand is as good as the one that is missing. */
  private static boolean madeUp(Fire fire, Optional<JobStanding.Opened> opened) {
    return opened.filter(round -> round.openedAt().isAfter(fire.decidedAt())).isPresent();
  }

  private static String noRound(Fire fire) {
    return "its time %s got no round: %s%s"
        .formatted(
            fire.time(),
            fire.reason().orElseThrow(),
            fire.detail() == null ? "" : " (" + fire.detail() + ")");
  }
}
