package org.axonometer.observability;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.axonometer.dendrite.Exchange;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.EndedAttempt;
import org.axonometer.history.Fire;
import org.axonometer.history.HistoryQueries;
import org.axonometer.rounds.RoundProgress;
import org.axonometer.rounds.RoundReport;
import org.axonometer.schedule.ScheduleListener;
import org.jspecify.annotations.Nullable;

/** Counts and times what the rounds of this process do, from its start on. */
final class LiveRounds implements ScheduleListener {
  private static final Duration[] ROUND_BOUNDS =
      Stream.of(1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600)
          .map(Duration::ofSeconds)
          .toArray(Duration[]::new);
  private static final Duration[] REQUEST_BOUNDS =
      Stream.of(1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Map<String, RoundProgress> running = new ConcurrentHashMap<>();
  private final Map<String, Phases> phases = new ConcurrentHashMap<>();

  /** The timers of a job's queries. */
  private record Phases(Timer queue, Timer prepare, Timer connect, Timer firstByte, Timer total) {}

  LiveRounds(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Queries on their way, by job. */
  Map<String, Integer> inFlight() {
    Map<String, Integer> counts = new ConcurrentHashMap<>();
    running.forEach((job, progress) -> counts.put(job, progress.inFlight()));
    return counts;
  }

  @Override
  public void began(String job, RoundProgress progress) {
    running.put(job, progress);
  }

  @Override
  public void asked(String job, EndedAttempt.Sent query) {
    Phases timers = phases.computeIfAbsent(job, this::phases);
    Exchange.Timings timings = query.exchange().timings();
    record(timers.queue(), query.queueNanos());
    record(timers.prepare(), query.prepareNanos());
    record(timers.connect(), timings.connectNanos());
    record(timers.firstByte(), timings.firstByteNanos());
    record(timers.total(), timings.totalNanos());
  }

  private static void record(Timer timer, @Nullable Long nanos) {
    if (nanos != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  private Phases phases(String job) {
    return new Phases(
        phase(job, "queue"),
        phase(job, "prepare"),
        phase(job, "connect"),
        phase(job, "first_byte"),
        phase(job, "total"));
  }

  private Timer phase(String job, String phase) {
    return Timer.builder("axonometer.request")
        .description("Seconds a query spent in each phase; total only of queries with a latency")
        .tags("job", job, "phase", phase)
        .serviceLevelObjectives(REQUEST_BOUNDS)
        .register(registry);
  }

  @Override
  public void ended(RoundReport report) {
    String job = report.round().job();
    running.remove(job);
    Timer.builder("axonometer.round.duration")
        .description("Seconds a run of a round took")
        .tags("job", job)
        .serviceLevelObjectives(ROUND_BOUNDS)
        .register(registry)
        .record(report.took());
    if (!report.sealed()) {
      count(job, "stopped");
      return;
    }
    count(job, report.good() ? "good" : "below_threshold");
    for (HistoryQueries.OutcomeCount ending : report.counts()) {
      ending.outcome().ifPresent(outcome -> count(job, outcome, ending.blame(), ending.targets()));
    }
  }

  private void count(String job, Outcome outcome, Outcome.Blame blame, int targets) {
    registry
        .counter("axonometer.targets", "job", job, "outcome", outcome.name(), "blame", blame.name())
        .increment(targets);
  }

  private void count(String job, String result) {
    registry.counter("axonometer.rounds", "job", job, "result", result).increment();
  }

  @Override
  public void failed(String job, long roundId, String why) {
    running.remove(job);
    count(job, "failed");
  }

  @Override
  public void leftToAnother(String job) {
    running.remove(job);
  }

  void hookCalled(String job, boolean good) {
    registry
        .counter("axonometer.hook.calls", "job", job, "result", good ? "good" : "failed")
        .increment();
  }

  @Override
  public void withoutRound(String job, List<Fire> fires) {
    for (Fire fire : fires) {
      registry
          .counter(
              "axonometer.fires.without.round",
              "job",
              job,
              "reason",
              fire.reason().orElseThrow().name())
          .increment();
    }
  }
}
