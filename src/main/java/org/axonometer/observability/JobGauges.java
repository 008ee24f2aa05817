package org.axonometer.observability;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.JobStanding;
import org.axonometer.history.RoundRate;
import org.axonometer.history.ScoringInput;

/** The gauges that are set anew for each scrape; a job that is gone has none. For one thread. */
final class JobGauges {
  private final MeterRegistry registry;
  private final Map<String, MultiGauge> gauges = new LinkedHashMap<>();
  private final Map<String, List<MultiGauge.Row<?>>> rows = new LinkedHashMap<>();

  JobGauges(MeterRegistry registry) {
    this.registry = registry;
  }

  void set(JobWatch.Reading reading, Map<String, Integer> inFlight, Instant now) {
    rows.values().forEach(List::clear);
    put(
        "healthy",
        "1 when /health says 200, else 0",
        Tags.empty(),
        reading.complaints(now).isEmpty() ? 1 : 0);
    for (JobWatch.Job job : reading.jobs()) {
      Tags tags = Tags.of("job", job.name());
      put("in.flight", "Queries on their way", tags, inFlight.getOrDefault(job.name(), 0));
      put(
          "job.healthy",
          "1 when nothing is wrong with the job's schedule, else 0",
          tags,
          job.complaints(now).isEmpty() ? 1 : 0);
      job.lastSuccess().map(RoundRate::sealedAt).ifPresent(at -> success(tags, at, now));
      job.facts()
          .opened()
          .ifPresent(
              round ->
                  put(
                      "job.snapshot.age.seconds",
                      "Age of the snapshot the newest round was opened on",
                      tags,
                      seconds(Duration.between(round.snapshotTakenAt(), now))));
      job.facts().sealed().ifPresent(round -> newest(tags, round));
      job.inputs().forEach(input -> hotkey(tags, input));
    }
    rows.forEach((name, values) -> gauge(name).register(new ArrayList<>(values), true));
  }

  private void success(Tags tags, Instant at, Instant now) {
    put(
        "job.last.success.timestamp.seconds",
        "When the newest success was sealed, seconds since 1970",
        tags,
        at.toEpochMilli() / 1_000.0);
    put(
        "job.last.success.age.seconds",
        "Since the newest success was sealed",
        tags,
        seconds(Duration.between(at, now)));
  }

  private void newest(Tags tags, JobStanding.Sealed round) {
    put("job.last.round.attempts", "Queries the newest sealed round sent", tags, round.attempts());
    if (round.counted() > 0) {
      put(
          "job.last.round.success.ratio",
          "Share of the denominator that was OK in the newest sealed round",
          tags,
          (double) round.ok() / round.counted());
    }
    put(
        "job.position.bias.ratio",
        "Median latency of the quarter asked last by that of the quarter asked first",
        tags,
        round.bias());
    put(
        "job.position.correlation",
        "Rank correlation of place in the order of asking and latency",
        tags,
        round.correlation());
  }

  private void hotkey(Tags tags, ScoringInput input) {
    Tags hotkey = tags.and("hotkey", input.hotkey().text());
    put(
        "hotkey.last.ok",
        "1 when the hotkey was OK in the newest sealed round, else 0",
        hotkey,
        input.outcome() == Outcome.OK ? 1 : 0);
    put(
        "hotkey.last.total.seconds",
        "Latency of the hotkey in the newest sealed round",
        hotkey,
        Optional.ofNullable(input.totalNanos()).map(nanos -> nanos / 1e9));
  }

  private void put(String name, String description, Tags tags, Optional<Double> value) {
    value.ifPresent(known -> put(name, description, tags, known));
  }

  private void put(String name, String description, Tags tags, double value) {
    gauges.computeIfAbsent(
        name,
        unknown ->
            MultiGauge.builder("axonometer." + name).description(description).register(registry));
    rows.computeIfAbsent(name, unknown -> new ArrayList<>()).add(MultiGauge.Row.of(tags, value));
  }

  private MultiGauge gauge(String name) {
    return java.util.Objects.requireNonNull(gauges.get(name));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1_000.0;
  }
}
