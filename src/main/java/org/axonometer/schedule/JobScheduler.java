package org.axonometer.schedule;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.JobControls;
import org.axonometer.history.Round;
import org.axonometer.history.RoundOwner;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobFolder;
import org.axonometer.rounds.RoundLauncher;
import org.axonometer.rounds.RoundProgress;
import org.axonometer.rounds.RoundReport;
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

  /** Files and wishes are looked at with a beat, not with each alarm. */
  static final Duration BEAT = Duration.ofSeconds(1);

  /**
   * After this the alarm that is shared with other processes has not come, and is not waited for.
   */
  private static final Duration ALARM_IS_LOST = Duration.ofSeconds(5);

  private static final Duration RUN_IS_STALE = Duration.ofMinutes(1);

  private final Clock clock;
  private final FireBook book;
  private final JobControls controls;
  private final HistoryQueries queries;
  private final Listeners listeners = new Listeners();
  private final RunningRounds running;
  private final DueTimes due;
  private final ServedJobs jobs;
  private final AlarmClock alarm;
  private final Optional<SharedAlarm> shared;
  private final AtomicBoolean rung = new AtomicBoolean();
  private final ClockWatch watch;

  private Map<String, JobControls.Control> wishes = Map.of();
  private String lastFault = "";

  /** Rounds by the rules of a launcher, each with a seed of its own. */
  private record Launching(RoundLauncher launcher, SecureRandom seeds)
      implements RunningRounds.Launcher {
    Launching(RoundLauncher launcher) {
      this(launcher, new SecureRandom());
    }

    @Override
    public long open(WatchedJob job, Optional<Instant> fireTime) {
      return launcher.open(job.definition(), job.file(), fireTime, seeds.nextLong(Long.MAX_VALUE));
    }

    @Override
    public RoundReport resume(long roundId, RoundProgress progress) {
      return launcher.resume(roundId, progress);
    }

    @Override
    public void stop() {
      launcher.stop();
    }
  }

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
    this.book = new FireBook(database, listeners);
    this.watch = new ClockWatch(clock.instant());
    this.controls = new JobControls(database);
    this.queries = new HistoryQueries(database);
    this.alarm = new AlarmClock(BEAT, this::look);
    this.running = new RunningRounds(new Launching(launcher), alarm::wakeNow, listeners);
    this.due = new DueTimes(clock, book, queries, running);
    this.jobs = new ServedJobs(new WatchedFolder(folder, clock), asToldToUs, book, due, listeners);
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
    book.read();
    heedWishes();
    jobs.begin(clock.instant());
    int scheduled = (int) jobs.all().filter(job -> job.schedule().isPresent()).count();
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
    settle();
    return !queries.openRounds().isEmpty();
  }

  /** What became of rounds that were just being opened; else the next start decides their times. */
  private void settle() {
    try {
      due.settle(job -> Optional.empty());
    } catch (RuntimeException e) {
      log.debug("fault", e);
    }
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
        book.read();
      }
      due.settle(jobs::decidable);
      if (watch.isTime(now)) {
        beat(now);
      }
      due.lookAround();
      jobs.decidable().filter(job -> ours || isLate(job, now)).forEach(due::ask);
      setAlarm();
      lastFault = "";
    } catch (DuplicateKeyException e) {
      // Another process decided the same time; the next look reads what it decided.
      log.debug("fault", e);
      readBook();
    } catch (RuntimeException e) {
      String fault = String.valueOf(e.getMessage());
      if (!fault.equals(lastFault)) {
        log.error("the scheduler cannot go on, and tries again: {}", fault);
        log.debug("fault", e);
      }
      lastFault = fault;
      readBook();
    }
  }

  /** Nobody was rung for a time of the job that has come, or whoever was is gone. */
  private boolean isLate(WatchedJob job, Instant now) {
    return due.nextStart(job).filter(start -> start.plus(ALARM_IS_LOST).isBefore(now)).isPresent();
  }

  private void readBook() {
    try {
      book.read();
    } catch (RuntimeException e) {
      log.debug("fault", e);
    }
  }

  private void beat(Instant now) {
    if (watch.slept(now)) {
      jobs.slept(now);
    }
    heedWishes();
    queries.abandonedRounds().forEach(this::takeUp);
    jobs.lookAgain(now);
    wishes.forEach((job, wish) -> wish.runAskedAt().ifPresent(asked -> runByHand(job, asked, now)));
  }

  private void heedWishes() {
    wishes = controls.all();
    due.heed(wishes);
  }

  private void runByHand(String name, Instant askedAt, Instant now) {
    if (!controls.takeRun(name)) {
      return;
    }
    Optional<WatchedJob> job = jobs.find(name);
    if (job.isEmpty() || running.has(name) || askedAt.plus(RUN_IS_STALE).isBefore(now)) {
      String why =
          job.isEmpty()
              ? "no such job"
              : running.has(name) ? "it is running" : "asked too long ago";
      log.warn("job={} not run by hand: {}", name, why);
      return;
    }
    running.open(
        job.get(),
        Optional.empty(),
        fault -> fault.ifPresent(why -> log.error("job={} not run by hand: {}", name, why)));
  }

  private void setAlarm() {
    Instant now = clock.instant();
    jobs.all()
        .flatMap(job -> due.nextStart(job).stream())
        .filter(start -> start.isAfter(now))
        .min(Comparator.naturalOrder())
        .ifPresent(
            start -> shared.ifPresentOrElse(all -> all.ringAt(start), () -> alarm.wakeAt(start)));
  }
}
