package org.axonometer.schedule;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.axonometer.history.Database;
import org.axonometer.history.FailureText;
import org.axonometer.history.Fire;
import org.axonometer.history.FireStore;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.JobControls;
import org.axonometer.history.Round;
import org.axonometer.history.RoundOwner;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobFolder;
import org.axonometer.jobs.JobSchedule;
import org.axonometer.jobs.Timetable;
import org.axonometer.rounds.RoundLauncher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;

/**
 * Runs the jobs of a folder at their times: rounds of several jobs side by side, one a job. Picks
 * up changed files and operators' wishes within seconds; finishes at its start what a process
 * before it left open. All but the rounds themselves happens on the alarm clock's one thread.
 *
 * <p>Several processes may do so on one shared database with the same job files: each scheduled
 * time is one's to decide, and the ledger keeps it so whoever else hears the alarm.
 */
public final class JobScheduler {
  private static final Logger log = LoggerFactory.getLogger(JobScheduler.class);
  private static final int MOST_ROUNDS = 8;
  private static final Duration BEAT = Duration.ofSeconds(1);

  /** Files and wishes are looked at with a beat, not with each alarm. */
  private static final Duration BETWEEN_LOOKS = BEAT.minusMillis(100);

  /** No beat for longer than this: the process or the machine slept, or the clock was set. */
  private static final Duration SLEPT = Duration.ofSeconds(30);

  private static final Duration SET_BACK = Duration.ofSeconds(10);

  /**
   * After this the alarm that is shared with other processes has not come, and is not waited for.
   */
  private static final Duration ALARM_IS_LOST = Duration.ofSeconds(5);

  private static final Duration RUN_IS_STALE = Duration.ofMinutes(1);

  private final Clock clock;
  private final FireLedger ledger;
  private final FireStore fires;
  private final JobControls controls;
  private final HistoryQueries queries;
  private final RoundLauncher launcher;
  private final WatchedFolder folder;
  private final UnaryOperator<JobDefinition> asToldToUs;
  private final Listeners listeners = new Listeners();
  private final RunningRounds running;
  private final AlarmClock alarm;
  private final Optional<SharedAlarm> shared;
  private final AtomicBoolean rung = new AtomicBoolean();
  private final SecureRandom seeds = new SecureRandom();

  private final Map<String, Watched> jobs = new TreeMap<>();
  private Map<String, FireStore.Position> positions = new HashMap<>();
  private Map<String, JobControls.Control> wishes = Map.of();
  private Set<String> askedElsewhere = Set.of();
  private Instant lastBeat = Instant.EPOCH;
  private long lastBeatNanos;
  private String lastFault = "";

  /**
   * A job as its file says.
   *
   * @param since its times before this were nobody's to start
   */
  private record Watched(JobDefinition definition, Path file, Instant since) {}

  /**
   * @param asToldToUs what goes before a job's file: the wallet of flags and variables
   */
  public JobScheduler(
      Database database,
      RoundLauncher launcher,
      JobFolder folder,
      UnaryOperator<JobDefinition> asToldToUs,
      Clock clock) {
    this.clock = clock;
    this.ledger = new FireLedger(clock);
    this.fires = new FireStore(database);
    this.controls = new JobControls(database);
    this.queries = new HistoryQueries(database);
    this.launcher = launcher;
    this.folder = new WatchedFolder(folder);
    this.asToldToUs = asToldToUs;
    this.alarm = new AlarmClock(BEAT, this::look);
    this.running = new RunningRounds(launcher, alarm::wakeNow, listeners);
    this.shared =
        database.isShared() ? Optional.of(new SharedAlarm(database, this::ring)) : Optional.empty();
  }

  /** To be called before {@link #start}. */
  public void tell(ScheduleListener listener) {
    listeners.add(listener);
  }

  /**
   * Takes up open rounds, accounts for the times nobody was there for, and runs from now on.
   *
   * @return how many jobs have scheduled times
   * @throws org.axonometer.jobs.JobException when the folder cannot be listed
   */
  public int start() {
    queries.openRounds().forEach(this::takeUp);
    positions = fires.positions();
    wishes = controls.all();
    Instant now = clock.instant();
    lastBeat = now;
    lastBeatNanos = System.nanoTime();
    List<WatchedFolder.Change> found = folder.look();
    apply(found, now);
    for (String job : List.copyOf(positions.keySet())) {
      if (!folder.has(job)) {
        retire(job, now);
      }
    }
    int scheduled = (int) jobs.values().stream().filter(job -> scheduleOf(job).isPresent()).count();
    shared.ifPresent(SharedAlarm::start);
    alarm.start();
    alarm.wakeNow();
    return scheduled;
  }

  /**
   * Starts no more rounds and stops the running ones; what is in flight may end meanwhile.
   *
   * @return whether a round is left open
   */
  public boolean stop(Duration patience) {
    shared.ifPresent(SharedAlarm::close);
    alarm.close();
    running.stop(patience);
    return !queries.openRounds().isEmpty();
  }

  /** Finishes an open round, unless another process asks it. */
  private void takeUp(Round round) {
    if (running.has(round.job()) || running.rests(round.job())) {
      return;
    }
    Optional<RoundOwner> owner = queries.ownerOf(round.id());
    if (owner.isEmpty()) {
      running.start(round.job(), round.id());
    } else {
      log.info("round={} job={} is left to {}", round.id(), round.job(), owner.get());
    }
  }

  /** The scheduled times are ours to decide, for this once. */
  private void ring() {
    rung.set(true);
    alarm.wakeNow();
  }

  private void look() {
    try {
      Instant now = clock.instant();
      boolean ours = shared.isEmpty() || rung.getAndSet(false);
      if (shared.isPresent()) {
        positions = fires.positions();
      }
      if (Duration.between(lastBeat, now).compareTo(BETWEEN_LOOKS) >= 0 || now.isBefore(lastBeat)) {
        beat(now);
      }
      askedElsewhere = askedElsewhere();
      jobs.forEach(
          (name, job) -> {
            if (ours || isLate(name, job, now)) {
              ask(name, job);
            }
          });
      setAlarm();
      lastFault = "";
    } catch (DuplicateKeyException e) {
      // Another process decided the same time; the next look reads what it decided.
      log.debug("fault", e);
      readPositions();
    } catch (RuntimeException e) {
      // What the database holds decides; memory may be ahead of it or behind.
      String fault = String.valueOf(e.getMessage());
      if (!fault.equals(lastFault)) {
        log.error("the scheduler cannot go on, and tries again: {}", fault);
        log.debug("fault", e);
      }
      lastFault = fault;
      readPositions();
    }
  }

  /** Nobody was rung for a time of the job that has come, or whoever was is gone. */
  private boolean isLate(String name, Watched job, Instant now) {
    return nextStart(name, job)
        .filter(start -> start.plus(ALARM_IS_LOST).isBefore(now))
        .isPresent();
  }

  /** Jobs with a round that a run or rerun beside us asks: it stands in the way as one of ours. */
  private Set<String> askedElsewhere() {
    return queries.openRounds().stream()
        .filter(round -> !running.has(round.job()))
        .filter(round -> queries.ownerOf(round.id()).isPresent())
        .map(Round::job)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void readPositions() {
    try {
      positions = fires.positions();
    } catch (RuntimeException e) {
      log.debug("fault", e);
    }
  }

  private void beat(Instant now) {
    long nanos = System.nanoTime();
    tellOfTheClock(now, Duration.ofNanos(nanos - lastBeatNanos));
    if (Duration.between(lastBeat, now).compareTo(SLEPT) > 0) {
      jobs.replaceAll((name, job) -> new Watched(job.definition(), job.file(), now));
    }
    lastBeat = now;
    lastBeatNanos = nanos;
    wishes = controls.all();
    queries.abandonedRounds().forEach(this::takeUp);
    apply(folder.lookAgain(), now);
    wishes.forEach((job, wish) -> wish.runAskedAt().ifPresent(asked -> runByHand(job, asked, now)));
  }

  /** One line for each time the clock was set far, or nothing ran. */
  private void tellOfTheClock(Instant now, Duration passed) {
    Duration shown = Duration.between(lastBeat, now);
    if (shown.plus(SET_BACK).compareTo(passed) < 0) {
      log.warn(
          "the clock was set back by {} s, to {}: scheduled times that were decided are not decided again, the next ones wait for it",
          passed.minus(shown).toSeconds(),
          now);
    } else if (shown.compareTo(SLEPT) > 0 && passed.compareTo(SLEPT) <= 0) {
      log.warn(
          "the clock went forward by {} s, to {}: it was set, or the machine slept; scheduled times in between were nobody's",
          shown.minus(passed).toSeconds(),
          now);
    } else if (shown.compareTo(SLEPT) > 0) {
      log.warn("nothing ran from {} to {}", lastBeat, now);
    }
  }

  private void apply(List<WatchedFolder.Change> changes, Instant now) {
    changes.forEach(change -> apply(change, now));
    if (!changes.isEmpty()) {
      listeners.watching(
          jobs.entrySet().stream()
              .collect(
                  Collectors.toUnmodifiableMap(
                      Map.Entry::getKey, job -> job.getValue().definition())));
    }
  }

  private void apply(WatchedFolder.Change change, Instant now) {
    switch (change) {
      case WatchedFolder.Change.Read(String name, JobDefinition definition, var file) ->
          adopt(name, new Watched(asToldToUs.apply(definition), file, now), now);
      case WatchedFolder.Change.Gone(String name) -> {
        log.info("job={} removed", name);
        askIfThere(name);
        jobs.remove(name);
        retire(name, now);
      }
    }
  }

  private void adopt(String name, Watched fresh, Instant now) {
    Optional<String> timetable = scheduleOf(fresh).map(schedule -> schedule.timetable().text());
    Optional<FireStore.Position> position = Optional.ofNullable(positions.get(name));
    boolean sameTimes = position.map(FireStore.Position::timetable).equals(timetable);
    Watched before = jobs.get(name);
    log.info(
        "job={} {} times={}", name, before == null ? "found" : "changed", timetable.orElse("none"));
    if (!sameTimes) {
      askIfThere(name);
      retire(name, now);
      timetable.ifPresent(times -> begin(name, times, now));
    }
    Instant since = before != null && sameTimes ? before.since() : now;
    jobs.put(name, new Watched(fresh.definition(), fresh.file(), since));
  }

  private void askIfThere(String name) {
    Watched job = jobs.get(name);
    if (job != null) {
      ask(name, job);
    }
  }

  private void begin(String job, String timetable, Instant now) {
    Instant from = fires.last(job).filter(last -> last.isAfter(now)).orElse(now);
    fires.begin(job, timetable, from);
    positions.put(job, new FireStore.Position(timetable, from));
  }

  /** The job's timetable is over; its times that have come and wait get none. */
  private void retire(String job, Instant now) {
    FireStore.Position position = positions.remove(job);
    if (position == null) {
      return;
    }
    Timetable times = Timetable.parse(position.timetable());
    List<Fire> replaced = new ArrayList<>();
    Optional<Instant> time = times.next(position.decidedUntil());
    while (time.filter(t -> !t.isAfter(now)).isPresent()) {
      replaced.add(Fire.without(job, time.get(), now, Fire.Reason.REPLACED));
      if (replaced.size() == FireLedger.MOST_AT_ONCE) {
        record(job, replaced);
        replaced.clear();
      }
      time = times.next(time.get());
    }
    record(job, replaced);
    fires.forget(job);
  }

  private void ask(String name, Watched job) {
    FireStore.Position position = positions.get(name);
    Optional<JobSchedule> schedule = scheduleOf(job);
    if (position == null || schedule.isEmpty() || !isDecidedBy(position, schedule.get())) {
      return;
    }
    List<Decision> decisions = ledger.due(standing(name, job, schedule.get()));
    while (!decisions.isEmpty()) {
      if (!(decisions.getLast() instanceof Decision.Open) || !tookUpLeftOver(name)) {
        carryOut(name, job, decisions);
      }
      decisions = ledger.due(standing(name, job, schedule.get()));
    }
  }

  /** Another process may have read a newer file of the job. */
  private static boolean isDecidedBy(FireStore.Position position, JobSchedule schedule) {
    return position.timetable().equals(schedule.timetable().text());
  }

  private FireLedger.Standing standing(String name, Watched job, JobSchedule schedule) {
    return new FireLedger.Standing(
        name,
        schedule,
        Objects.requireNonNull(positions.get(name)).decidedUntil(),
        job.since(),
        wishes.getOrDefault(name, JobControls.Control.NONE).paused(),
        occupation(name));
  }

  private FireLedger.Occupation occupation(String job) {
    if (running.has(job) || running.rests(job) || askedElsewhere.contains(job)) {
      return FireLedger.Occupation.OWN_ROUND;
    }
    return running.count() < MOST_ROUNDS
        ? FireLedger.Occupation.FREE
        : FireLedger.Occupation.OTHER_ROUNDS;
  }

  /** A round that failed by a fault of ours is tried again before another one is opened. */
  private boolean tookUpLeftOver(String job) {
    Optional<Round> open = queries.openRoundOf(job);
    open.ifPresent(round -> running.start(job, round.id()));
    return open.isPresent();
  }

  private void carryOut(String name, Watched job, List<Decision> decisions) {
    Instant now = clock.instant();
    List<Fire> without = new ArrayList<>();
    for (Decision decision : decisions) {
      switch (decision) {
        case Decision.Skip(Instant time, Fire.Reason reason) ->
            without.add(Fire.without(name, time, now, reason));
        case Decision.Open(Instant time) -> {
          record(name, without);
          without.clear();
          open(name, job, time);
        }
      }
    }
    record(name, without);
  }

  private void open(String name, Watched job, Instant time) {
    try {
      long round = launcher.open(job.definition(), job.file(), Optional.of(time), seed());
      decided(name, time);
      running.start(name, round);
    } catch (RuntimeException e) {
      record(
          name,
          List.of(
              new Fire(
                  name,
                  time,
                  clock.instant(),
                  Optional.empty(),
                  Optional.of(Fire.Reason.FAILED_TO_OPEN),
                  FailureText.firstLine(e))));
    }
  }

  private void runByHand(String name, Instant askedAt, Instant now) {
    if (!controls.takeRun(name)) {
      return;
    }
    Watched job = jobs.get(name);
    if (job == null || running.has(name) || askedAt.plus(RUN_IS_STALE).isBefore(now)) {
      String why =
          job == null ? "no such job" : running.has(name) ? "it is running" : "asked too long ago";
      log.warn("job={} not run by hand: {}", name, why);
      return;
    }
    try {
      running.start(name, launcher.open(job.definition(), job.file(), Optional.empty(), seed()));
    } catch (RuntimeException e) {
      log.error("job={} not run by hand: {}", name, FailureText.firstLine(e));
    }
  }

  private void record(String job, List<Fire> without) {
    if (without.isEmpty()) {
      return;
    }
    fires.record(without);
    listeners.withoutRound(job, without);
    Instant last = without.getLast().time();
    decided(job, last);
    Map<Fire.Reason, Long> counts = new TreeMap<>();
    without.forEach(fire -> counts.merge(fire.reason().orElseThrow(), 1L, Long::sum));
    log.info(
        "job={} without_round={} first={} last={}{}",
        job,
        counts,
        without.getFirst().time(),
        last,
        without.getLast().detail() == null ? "" : " detail=" + without.getLast().detail());
  }

  private void decided(String job, Instant time) {
    positions.computeIfPresent(
        job, (name, position) -> new FireStore.Position(position.timetable(), time));
  }

  private void setAlarm() {
    Instant now = clock.instant();
    jobs.entrySet().stream()
        .flatMap(job -> nextStart(job.getKey(), job.getValue()).stream())
        .filter(start -> start.isAfter(now))
        .min(Comparator.naturalOrder())
        .ifPresent(
            start -> shared.ifPresentOrElse(all -> all.ringAt(start), () -> alarm.wakeAt(start)));
  }

  private Optional<Instant> nextStart(String name, Watched job) {
    FireStore.Position position = positions.get(name);
    return position == null
        ? Optional.empty()
        : scheduleOf(job)
            .flatMap(
                schedule ->
                    schedule
                        .timetable()
                        .next(position.decidedUntil())
                        .map(time -> schedule.startOf(name, time)));
  }

  private static Optional<JobSchedule> scheduleOf(Watched job) {
    return job.definition().schedule();
  }

  private long seed() {
    return seeds.nextLong(Long.MAX_VALUE);
  }
}
