package org.axonometer.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.FailureText;
import org.axonometer.rounds.RoundException;
import org.axonometer.rounds.RoundProgress;
import org.axonometer.rounds.RoundReport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rounds under way in this process, one a job at the most, each opened and run on a thread of
 * its own.
 */
final class RunningRounds {
  private static final Logger log = LoggerFactory.getLogger(RunningRounds.class);

  /** A job whose round failed by a fault of ours rests so long, and twice that after each more. */
  private static final Duration SHORTEST_REST = Duration.ofSeconds(2);

  private static final int MOST_DOUBLED = 5;

  private final Launcher launcher;
  private final Runnable changed;
  private final ScheduleListener listener;
  private final Map<String, Thread> threads = new ConcurrentHashMap<>();
  private final Map<String, Rest> rests = new ConcurrentHashMap<>();

  /** What opens rounds and runs them. */
  interface Launcher {
    long open(WatchedJob job, Optional<Instant> fireTime);

    RoundReport resume(long roundId, RoundProgress progress);

    void stop();
  }

  /**
   * What follows failed rounds.
   *
   * @param failures one after another
   */
  private record Rest(int failures, long untilNanos) {
    static Rest after(@Nullable Rest before) {
      int failures = before == null ? 1 : before.failures() + 1;
      Duration length = SHORTEST_REST.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLED));
      return new Rest(failures, System.nanoTime() + length.toNanos());
    }
  }

  /**
   * @param changed called on a round's thread when it is open, and when it is no longer counted
   */
  RunningRounds(Launcher launcher, Runnable changed, ScheduleListener listener) {
    this.launcher = launcher;
    this.changed = changed;
    this.listener = listener;
  }

  boolean has(String job) {
    return threads.containsKey(job);
  }

  /** Whether the job's round failed just now: what broke it may still be broken. */
  boolean rests(String job) {
    Rest rest = rests.get(job);
    return rest != null && rest.untilNanos() - System.nanoTime() > 0;
  }

  int count() {
    return threads.size();
  }

  /**
   * Opens a round of the job and runs it; the job must not have one here.
   *
   * @param whenOpened told, on the round's thread, nothing when there is one, or why there is none,
   *     which then counts no longer; not told of an opening that was stopped
   */
  void open(WatchedJob job, Optional<Instant> fireTime, Consumer<Optional<String>> whenOpened) {
    start(
        job.name(),
        "opening-" + job.name(),
        () -> opened(job, fireTime, whenOpened).ifPresent(roundId -> run(job.name(), roundId)));
  }

  /** Runs what is left of an open round; the job must not have one here. */
  void start(String job, long roundId) {
    start(job, name(roundId), () -> run(job, roundId));
  }

  private static String name(long roundId) {
    return "round-" + roundId;
  }

  private void start(String job, String name, Runnable work) {
    Thread thread =
        Thread.ofPlatform()
            .name(name)
            .daemon()
            .unstarted(
                () -> {
                  try {
                    work.run();
                  } finally {
                    threads.remove(job, Thread.currentThread());
                    changed.run();
                  }
                });
    if (threads.putIfAbsent(job, thread) != null) {
      throw new IllegalStateException("a round of " + job + " is running already");
    }
    thread.start();
  }

  private OptionalLong opened(
      WatchedJob job, Optional<Instant> fireTime, Consumer<Optional<String>> whenOpened) {
    long roundId;
    try {
      roundId = launcher.open(job, fireTime);
    } catch (RuntimeException | Error e) {
      if (e instanceof RoundException told && told.reason() == RoundException.Reason.STOPPED) {
        log.info("job={} {}", job.name(), told.getMessage());
      } else {
        log.debug("job={}", job.name(), e);
        threads.remove(job.name(), Thread.currentThread());
        whenOpened.accept(Optional.of(FailureText.firstLine(e)));
      }
      return OptionalLong.empty();
    }
    Thread.currentThread().setName(name(roundId));
    whenOpened.accept(Optional.empty());
    changed.run();
    return OptionalLong.of(roundId);
  }

  private static String said(Throwable fault) {
    @Nullable String message = fault.getMessage();
    return message == null ? fault.toString() : message;
  }

  private void run(String job, long roundId) {
    try {
      var progress = new RoundProgress(query -> listener.asked(job, query));
      listener.began(job, progress);
      RoundReport report = launcher.resume(roundId, progress);
      rests.remove(job);
      log.info("{}", line(report, progress));
      listener.ended(report);
    } catch (RoundException e) {
      // Told by the room below in full; another owner is no failure.
      if (e.reason() == RoundException.Reason.TAKEN) {
        log.warn("round={} job={} not finished here: {}", roundId, job, e.getMessage());
        listener.leftToAnother(job);
      } else {
        failed(job, roundId, e);
      }
    } catch (RuntimeException | Error e) {
      failed(job, roundId, e);
      log.debug("round={}", roundId, e);
    }
  }

  private void failed(String job, long roundId, Throwable fault) {
    rests.compute(job, (name, before) -> Rest.after(before));
    log.error("round={} job={} failed: {}", roundId, job, said(fault));
    listener.failed(job, roundId, said(fault));
  }

  private static String line(RoundReport report, RoundProgress progress) {
    var line = new StringBuilder();
    line.append("round=").append(report.round().id());
    line.append(" job=").append(report.round().job());
    line.append(" asked=").append(progress.ended());
    for (Outcome outcome : Outcome.values()) {
      int targets = report.outcomes().getOrDefault(outcome, 0);
      if (targets > 0 || outcome == Outcome.OK) {
        line.append(' ').append(outcome.name().toLowerCase(Locale.ROOT));
        line.append('=').append(targets);
      }
    }
    if (!report.sealed()) {
      line.append(" left=").append(report.left());
    }
    line.append(" took=%.1fs".formatted(report.took().toMillis() / 1_000.0));
    return line.toString();
  }

  /**
   * Opens no more and claims no more targets anywhere, and waits for what is under way, that long
   * at the most.
   */
  void stop(Duration patience) {
    launcher.stop();
    long endNanos = System.nanoTime() + patience.toNanos();
    try {
      for (Thread thread : List.copyOf(threads.values())) {
        Duration left = Duration.ofNanos(endNanos - System.nanoTime());
        if (!left.isPositive() || !thread.join(left)) {
          log.warn("{} has something under way that does not end in time", thread.getName());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
