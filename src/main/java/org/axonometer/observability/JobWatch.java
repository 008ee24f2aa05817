package org.axonometer.observability;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.axonometer.history.Database;
import org.axonometer.history.FireStore;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.JobControls;
import org.axonometer.history.JobStanding;
import org.axonometer.history.RoundRate;
import org.axonometer.history.ScoringInput;
import org.axonometer.history.Successes;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.schedule.ScheduleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the jobs of a running scheduler stand by the history, read when asked for and then kept for
 * {@link #FRESH}: a few rows a job however often somebody asks. Rounds of other processes on the
 * same history count too, and nothing is forgotten with a restart.
 */
final class JobWatch implements ScheduleListener {
  private static final Logger log = LoggerFactory.getLogger(JobWatch.class);

  static final Duration FRESH = Duration.ofSeconds(5);

  /** A reading this old says nothing any more. */
  private static final Duration STALE = Duration.ofMinutes(1);

  private final HistoryQueries queries;
  private final JobStanding standing;
  private final FireStore fires;
  private final JobControls controls;
  private final boolean hotkeys;
  private final Clock clock;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Map<String, JobDefinition> jobs = Map.of();
  private volatile Reading last;

  JobWatch(Database database, boolean hotkeys, Clock clock) {
    this.queries = new HistoryQueries(database);
    this.standing = new JobStanding(database);
    this.fires = new FireStore(database);
    this.controls = new JobControls(database);
    this.hotkeys = hotkeys;
    this.clock = clock;
    this.last = new Reading(Instant.EPOCH, List.of(), Optional.empty());
  }

  /**
   * What the history said.
   *
   * @param fault why it said nothing newer, one line
   */
  record Reading(Instant at, List<Job> jobs, Optional<String> fault) {

    List<JobHealth.Complaint> complaints(Instant now) {
      List<JobHealth.Complaint> complaints = new ArrayList<>();
      fault.ifPresent(
          why -> complaints.add(new JobHealth.Complaint("", JobHealth.Fault.NO_HISTORY, why)));
      jobs.forEach(job -> complaints.addAll(job.complaints(now)));
      return complaints;
    }
  }

  /**
   * One job.
   *
   * @param lastSuccess see {@link Successes}
   * @param inputs of the newest sealed round; empty unless hotkeys are asked for
   */
  record Job(
      String name,
      Optional<JobHealth> health,
      JobHealth.Facts facts,
      Optional<RoundRate> lastSuccess,
      List<ScoringInput> inputs) {

    List<JobHealth.Complaint> complaints(Instant now) {
      return health.map(known -> known.complaints(facts, now)).orElse(List.of());
    }

    private long sealedRound() {
      return facts.sealed().map(JobStanding.Sealed::roundId).orElse(0L);
    }
  }

  @Override
  public void watching(Map<String, JobDefinition> watched) {
    jobs = Map.copyOf(watched);
    last = new Reading(Instant.EPOCH, last.jobs(), last.fault());
  }

  /** As it is now or was a moment ago. Never waits for another reader. */
  Reading reading() {
    Instant now = clock.instant();
    if (last.at().plus(FRESH).isBefore(now) && reading.tryLock()) {
      try {
        last = read(now);
      } finally {
        reading.unlock();
      }
    }
    Reading newest = last;
    return newest.fault().isEmpty() && newest.at().plus(STALE).isBefore(now)
        ? new Reading(
            newest.at(), newest.jobs(), Optional.of("the history has not answered for a minute"))
        : newest;
  }

  private Reading read(Instant now) {
    Map<String, Job> before = new HashMap<>();
    last.jobs().forEach(job -> before.put(job.name(), job));
    try {
      Map<String, FireStore.Position> positions = fires.positions();
      Map<String, JobControls.Control> wishes = controls.all();
      List<Job> read = new ArrayList<>();
      new TreeMap<>(jobs)
          .forEach(
              (name, definition) -> {
                boolean paused = wishes.getOrDefault(name, JobControls.Control.NONE).paused();
                var facts =
                    new JobHealth.Facts(
                        Optional.ofNullable(positions.get(name)),
                        fires.newest(name),
                        standing.newestOpened(name),
                        standing.newestSealed(name));
                read.add(job(definition, paused, facts, Optional.ofNullable(before.get(name))));
              });
      return new Reading(now, List.copyOf(read), Optional.empty());
    } catch (RuntimeException e) {
      log.debug("fault", e);
      return new Reading(
          now, last.jobs(), Optional.of("the history cannot be read: " + e.getMessage()));
    }
  }

  /** What was learned of the same newest round before is not asked for again. */
  private Job job(
      JobDefinition definition, boolean paused, JobHealth.Facts facts, Optional<Job> before) {
    String name = definition.name();
    Optional<JobHealth> health =
        definition
            .schedule()
            .filter(schedule -> !paused)
            .map(schedule -> new JobHealth(name, schedule));
    long sealed = facts.sealed().map(JobStanding.Sealed::roundId).orElse(0L);
    long known = before.map(Job::sealedRound).orElse(0L);
    if (before.isPresent() && known == sealed) {
      return new Job(name, health, facts, before.get().lastSuccess(), before.get().inputs());
    }
    return new Job(
        name,
        health,
        facts,
        new Successes(queries, name).newestAfter(known).or(() -> before.flatMap(Job::lastSuccess)),
        hotkeys ? queries.scoringInputs(sealed) : List.of());
  }
}
