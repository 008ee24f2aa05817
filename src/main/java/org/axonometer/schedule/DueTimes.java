package org.axonometer.schedule;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonometer.history.Fire;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.JobControls;
import org.axonometer.history.Round;
import org.axonometer.jobs.JobSchedule;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what the ledger decides of times that have come: has rounds opened, writes the
 * reasons of the others. While the round of a time is being opened no later time of its job gets a
 * row: a kill between the two would leave a time without one. For one thread.
 */
final class DueTimes {
  /** Rounds of one process at once, those that are being opened too; {@code jobs/README.md}. */
  private static final int MOST_ROUNDS = 8;

  private final Clock clock;
  private final FireLedger ledger;
  private final FireBook book;
  private final HistoryQueries queries;
  private final RunningRounds running;
  private final Map<String, Instant> opening = new HashMap<>();
  private final Queue<Opened> opened = new ConcurrentLinkedQueue<>();
  private Map<String, JobControls.Control> wishes = Map.of();
  private Set<String> askedElsewhere = Set.of();

  /**
   * How the opening of a scheduled time's round ended.
   *
   * @param fault why there is none; empty when there is one
   */
  private record Opened(String job, Instant time, Optional<String> fault) {}

  DueTimes(Clock clock, FireBook book, HistoryQueries queries, RunningRounds running) {
    this.clock = clock;
    this.ledger = new FireLedger(clock);
    this.book = book;
    this.queries = queries;
    this.running = running;
  }

  /** What operators want from now on. */
  void heed(Map<String, JobControls.Control> newest) {
    wishes = newest;
  }

  /** Whether a time's round is being opened: its job's timetable may not change meanwhile. */
  boolean isOpening(String job) {
    return opening.containsKey(job);
  }

  /**
   * Takes down how openings ended and decides what came meanwhile: beside a round that was opened,
   * whatever has become of it by now; as times that waited, where there is none.
   *
   * @param jobs those whose times are to be decided, by name
   */
  void settle(Function<String, Optional<WatchedJob>> jobs) {
    for (@Nullable Opened end = opened.poll(); end != null; end = opened.poll()) {
      Optional<WatchedJob> job = jobs.apply(end.job());
      try {
        takeDown(end);
        if (end.fault().isEmpty()) {
          job.ifPresent(this::ask);
        }
      } finally {
        opening.remove(end.job());
      }
      job.ifPresent(this::ask);
    }
  }

  private void takeDown(Opened end) {
    if (end.fault().isEmpty()) {
      book.decided(end.job(), end.time());
      return;
    }
    book.record(
        end.job(),
        List.of(
            new Fire(
                end.job(),
                end.time(),
                clock.instant(),
                Optional.empty(),
                Optional.of(Fire.Reason.FAILED_TO_OPEN),
                end.fault().get())));
  }

  /** A round that a run or rerun beside us asks stands in the way as one of ours. */
  void lookAround() {
    askedElsewhere =
        queries.openRounds().stream()
            .filter(round -> !running.has(round.job()))
            .filter(round -> queries.ownerOf(round.id()).isPresent())
            .map(Round::job)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Decides the job's times that have come, as far as they can be now. */
  void ask(WatchedJob job) {
    List<Decision> decisions = due(job);
    while (!decisions.isEmpty()) {
      if (!(decisions.getLast() instanceof Decision.Open) || !tookUpLeftOver(job.name())) {
        carryOut(job, decisions);
      }
      decisions = due(job);
    }
  }

  private List<Decision> due(WatchedJob job) {
    return job.schedule()
        .flatMap(schedule -> standing(job, schedule))
        .map(ledger::due)
        .orElse(List.of());
  }

  private Optional<FireLedger.Standing> standing(WatchedJob job, JobSchedule schedule) {
    return book.decidedUntil(job.name(), schedule)
        .filter(decided -> !isBeingOpened(job.name(), decided))
        .map(
            decided ->
                new FireLedger.Standing(
                    job.name(),
                    schedule,
                    decided,
                    job.since(),
                    wishes.getOrDefault(job.name(), JobControls.Control.NONE).paused(),
                    occupation(job.name())));
  }

  /** Whether what comes after the decided times is being opened. */
  private boolean isBeingOpened(String job, Instant decided) {
    @Nullable Instant time = opening.get(job);
    return time != null && decided.isBefore(time);
  }

  private FireLedger.Occupation occupation(String job) {
    if (isOpening(job) || running.has(job) || running.rests(job) || askedElsewhere.contains(job)) {
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

  private void carryOut(WatchedJob job, List<Decision> decisions) {
    Instant now = clock.instant();
    List<Fire> without = new ArrayList<>();
    for (Decision decision : decisions) {
      switch (decision) {
        case Decision.Skip(Instant time, Fire.Reason reason) ->
            without.add(Fire.without(job.name(), time, now, reason));
        case Decision.Open(Instant time) -> {
          book.record(job.name(), without);
          without.clear();
          open(job, time);
        }
      }
    }
    book.record(job.name(), without);
  }

  private void open(WatchedJob job, Instant time) {
    opening.put(job.name(), time);
    running.open(job, Optional.of(time), fault -> opened.add(new Opened(job.name(), time, fault)));
  }

  /** When the job's next time starts that is not decided; empty when it has none. */
  Optional<Instant> nextStart(WatchedJob job) {
    return job.schedule().flatMap(schedule -> nextStart(job.name(), schedule));
  }

  private Optional<Instant> nextStart(String job, JobSchedule schedule) {
    return book.decidedUntil(job, schedule)
        .flatMap(schedule.timetable()::next)
        .map(time -> schedule.startOf(job, time));
  }
}
