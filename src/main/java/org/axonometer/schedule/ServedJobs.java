package org.axonometer.schedule;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonometer.history.Fire;
import org.axonometer.jobs.JobDefinition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that run here, as their files say or last said without a mistake. Takes up changed
 * files; new times begin where the old ones end, once no round of theirs is being opened. For one
 * thread.
 */
final class ServedJobs {
  private static final Logger log = LoggerFactory.getLogger(ServedJobs.class);

  private final WatchedFolder folder;
  private final UnaryOperator<JobDefinition> asToldToUs;
  private final FireBook book;
  private final DueTimes due;
  private final ScheduleListener listener;
  private final Map<String, WatchedJob> jobs = new TreeMap<>();

  /** What happened to files and is not taken up yet. */
  private final Map<String, WatchedFolder.Change> changes = new TreeMap<>();

  /** Jobs whose change waits for an opening to end; no other round is opened before it. */
  private final Set<String> waiting = new HashSet<>();

  /**
   * @param asToldToUs what goes before a job's file: the wallet of flags and variables
   */
  ServedJobs(
      WatchedFolder folder,
      UnaryOperator<JobDefinition> asToldToUs,
      FireBook book,
      DueTimes due,
      ScheduleListener listener) {
    this.folder = folder;
    this.asToldToUs = asToldToUs;
    this.book = book;
    this.due = due;
    this.listener = listener;
  }

  /**
   * Reads the folder for the first time and ends what has no job any more.
   *
   * @throws org.axonometer.jobs.JobException when the folder cannot be listed
   */
  void begin(Instant now) {
    apply(folder.look(), now);
    for (String job : book.jobs()) {
      if (!folder.has(job)) {
        book.retire(job, now, Fire.Reason.REPLACED);
      } else if (!jobs.containsKey(job) && book.isOver(job, now)) {
        // Its last time went by while nobody was there.
        book.retire(job, now, Fire.Reason.MISSED);
      }
    }
  }

  /** Takes up what happened to the files since. */
  void lookAgain(Instant now) {
    apply(folder.lookAgain(), now);
  }

  /** Times before this were nobody's to start. */
  void slept(Instant now) {
    jobs.replaceAll((name, job) -> job.watchedSince(now));
  }

  Optional<WatchedJob> find(String name) {
    return Optional.ofNullable(jobs.get(name));
  }

  Stream<WatchedJob> all() {
    return jobs.values().stream();
  }

  /** Those whose times may still be decided by what their files said. */
  Stream<WatchedJob> decidable() {
    return all().filter(job -> !waiting.contains(job.name()));
  }

  /** As {@link #decidable()}, one of them. */
  Optional<WatchedJob> decidable(String name) {
    return find(name).filter(job -> !waiting.contains(name));
  }

  private void apply(List<WatchedFolder.Change> found, Instant now) {
    found.forEach(change -> changes.put(change.job(), change));
    int before = changes.size();
    for (WatchedFolder.Change change : List.copyOf(changes.values())) {
      if (applied(change, now)) {
        changes.remove(change.job());
        waiting.remove(change.job());
      }
    }
    if (changes.size() < before) {
      listener.watching(
          all()
              .map(WatchedJob::definition)
              .collect(Collectors.toUnmodifiableMap(JobDefinition::name, job -> job)));
    }
  }

  /** False when it has to wait. */
  private boolean applied(WatchedFolder.Change change, Instant now) {
    return switch (change) {
      case WatchedFolder.Change.Read(var name, JobDefinition definition, var file) ->
          adopted(new WatchedJob(asToldToUs.apply(definition), file, now), now);
      case WatchedFolder.Change.Gone(String name) -> removed(name, now);
    };
  }

  private boolean adopted(WatchedJob fresh, Instant now) {
    String name = fresh.name();
    Optional<String> timetable = fresh.timetable();
    boolean sameTimes = book.timetable(name).equals(timetable);
    if (!sameTimes && !retired(name, now)) {
      return false;
    }
    @Nullable WatchedJob before = jobs.get(name);
    log.info(
        "job={} {} times={}", name, before == null ? "found" : "changed", timetable.orElse("none"));
    if (!sameTimes) {
      timetable.ifPresent(times -> book.begin(name, times, now));
    }
    jobs.put(name, before != null && sameTimes ? fresh.watchedSince(before.since()) : fresh);
    return true;
  }

  private boolean removed(String name, Instant now) {
    if (!retired(name, now)) {
      return false;
    }
    log.info("job={} removed", name);
    jobs.remove(name);
    return true;
  }

  /** Ends the job's timetable; false while a round for one of its times is being opened. */
  private boolean retired(String name, Instant now) {
    decidable(name).ifPresent(due::ask);
    if (due.isOpening(name)) {
      waiting.add(name);
      return false;
    }
    book.retire(name, now, Fire.Reason.REPLACED);
    return true;
  }
}
