package org.axonometer.observability;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.axonometer.history.Fire;
import org.axonometer.jobs.FailureHook;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.rounds.RoundReport;
import org.axonometer.schedule.ScheduleListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the {@code on-failure} of a job, as its file says now: one call after another on a thread
 * of its own, so that no round waits for one. What a call fails of is logged.
 */
final class FailureHooks implements ScheduleListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FailureHooks.class);
  private static final int MOST_WAITING = 64;
  private static final long PATIENCE_SECONDS = 5;

  private final Clock clock;
  private final BiConsumer<String, Boolean> called;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().name("on-failure").daemon().factory());
  private volatile Map<String, JobDefinition> jobs = Map.of();

  /**
   * @param called told of each call's job and whether it went well
   */
  FailureHooks(Clock clock, BiConsumer<String, Boolean> called) {
    this.clock = clock;
    this.called = called;
  }

  /**
   * What happened, as the hook is told.
   *
   * @param event one word
   * @param detail one line
   */
  record Failure(
      String event,
      String job,
      Optional<Long> round,
      String detail,
      Map<String, ? extends @Nullable Object> more) {

    byte[] json(Clock clock) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("event", event);
      object.put("job", job);
      object.put("round", round.orElse(null));
      object.put("at", clock.instant().toString());
      object.put("detail", detail);
      object.putAll(more);
      return (AsciiJson.MAPPER.writeValueAsString(object) + "\n")
          .getBytes(StandardCharsets.US_ASCII);
    }

    Map<String, String> variables() {
      Map<String, String> variables = new LinkedHashMap<>();
      variables.put("AXONOMETER_EVENT", event);
      variables.put("AXONOMETER_JOB", job);
      round.ifPresent(id -> variables.put("AXONOMETER_ROUND", Long.toString(id)));
      return variables;
    }
  }

  @Override
  public void watching(Map<String, JobDefinition> watched) {
    jobs = Map.copyOf(watched);
  }

  @Override
  public void ended(RoundReport report) {
    if (!report.sealed() || report.good()) {
      return;
    }
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("success_rate", report.successRate());
    more.put("threshold", report.threshold());
    more.put("counted", report.counted());
    more.put("outcomes", new TreeMap<>(report.outcomes()));
    tell(
        new Failure(
            "below_threshold",
            report.round().job(),
            Optional.of(report.round().id()),
            "%d of %d that count were OK, which is below the threshold"
                .formatted(Math.round(report.successRate() * report.counted()), report.counted()),
            more));
  }

  @Override
  public void failed(String job, long roundId, String why) {
    tell(
        new Failure(
            "fault", job, Optional.of(roundId), why.lines().findFirst().orElse(""), Map.of()));
  }

  @Override
  public void withoutRound(String job, List<Fire> fires) {
    List<Fire> failures =
        fires.stream().filter(fire -> fire.reason().orElseThrow().isFailure()).toList();
    if (failures.isEmpty()) {
      return;
    }
    Map<String, Integer> reasons = new TreeMap<>();
    failures.forEach(fire -> reasons.merge(fire.reason().orElseThrow().name(), 1, Integer::sum));
    Fire last = failures.getLast();
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("reasons", reasons);
    more.put("first", failures.getFirst().time().toString());
    more.put("last", last.time().toString());
    tell(
        new Failure(
            "no_round",
            job,
            Optional.empty(),
            "%d scheduled times got no round: %s%s"
                .formatted(
                    failures.size(), reasons, last.detail() == null ? "" : " " + last.detail()),
            more));
  }

  private void tell(Failure failure) {
    @Nullable JobDefinition job = jobs.get(failure.job());
    if (job == null || job.onFailure().isEmpty()) {
      return;
    }
    FailureHook hook = job.onFailure().get();
    try {
      thread.execute(() -> call(hook, failure));
    } catch (RejectedExecutionException e) {
      called.accept(failure.job(), false);
      log.warn("job={} on-failure not called: {} calls wait", failure.job(), MOST_WAITING);
    }
  }

  private void call(FailureHook hook, Failure failure) {
    boolean good = false;
    try {
      HookCall.make(hook, failure.json(clock), failure.variables());
      good = true;
      log.info("job={} on-failure called event={}", failure.job(), failure.event());
    } catch (RuntimeException e) {
      log.warn("job={} on-failure failed: {}", failure.job(), e.getMessage());
      log.debug("fault", e);
    } finally {
      called.accept(failure.job(), good);
    }
  }

  /** Waits a moment for the call under way. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
