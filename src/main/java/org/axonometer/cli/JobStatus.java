package org.axonometer.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonometer.history.FailureText;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.history.RoundRate;
import org.axonometer.history.Successes;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobException;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.KeptSnapshots;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.SnapshotException;
import org.axonometer.rounds.RoundSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Where one job stands.
 *
 * @param lastSuccess sealed, and at or above the success threshold it was opened with; see {@link
 *     Successes}
 * @param recent the newest sealed rounds, {@value #RECENT} at the most
 * @param recentSuccesses how many of those were successes
 * @param snapshotTakenAt of the snapshot file that the next round would read
 * @param next when serve starts its next round
 * @param problem why job file or snapshot cannot be used; null when they can
 * @param ran whether it ever had a round
 */
record JobStatus(
    String job,
    Optional<Round> last,
    Optional<Round> open,
    Optional<RoundRate> lastSuccess,
    Optional<RoundRate> lastFailure,
    List<RoundRate> recent,
    int recentSuccesses,
    Optional<Instant> snapshotTakenAt,
    Next next,
    @Nullable String problem,
    boolean hasFile,
    boolean ran) {
  static final int RECENT = 20;

  /** Why nobody waits for a round of a job. */
  static final String NEVER_MEANT_TO_RUN = "it has no schedule and was never run";

  /**
   * A job's next round.
   *
   * @param run by its schedule; empty without one
   */
  record Next(Optional<Instant> run, boolean paused) {
    static final Next NONE = new Next(Optional.empty(), false);

    private static Next of(JobDefinition job, Instant now) {
      return new Next(
          job.schedule()
              .flatMap(
                  schedule ->
                      schedule
                          .timetable()
                          .next(now)
                          .map(time -> schedule.startOf(job.name(), time))),
          false);
    }

    /** Of a paused job there is none. */
    Optional<Instant> start() {
      return paused ? Optional.empty() : run;
    }

    @Override
    public String toString() {
      return paused
          ? "paused"
          : run.map(time -> time.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("-");
    }
  }

  /** What the job file and its snapshot say, without any round. */
  static JobStatus of(String job, @Nullable Path file, KeptSnapshots kept, Instant now) {
    Optional<Instant> taken = Optional.empty();
    Next next = Next.NONE;
    @Nullable String problem = file == null ? "no job file" : null;
    if (file != null) {
      try {
        JobDefinition definition = JobFile.read(file);
        next = Next.of(definition, now);
        taken = Optional.of(RoundSnapshot.stored(definition, kept).snapshot().takenAt());
      } catch (JobException | SnapshotException e) {
        problem = FailureText.firstLine(e);
      }
    }
    return new JobStatus(
        job,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        0,
        taken,
        next,
        problem,
        file != null,
        false);
  }

  /** The same with what the history knows. */
  JobStatus with(HistoryQueries queries, boolean ran, boolean paused) {
    List<RoundRate> recent = queries.ratesOf(job, Long.MAX_VALUE, RECENT);
    var successes = new Successes(queries, job);
    return new JobStatus(
        job,
        queries.lastRoundOf(job),
        queries.openRoundOf(job),
        successes.newest(),
        successes.newestFailure(),
        recent,
        (int) recent.stream().filter(successes::reached).count(),
        snapshotTakenAt,
        new Next(next.run(), paused),
        problem,
        hasFile,
        ran);
  }

  /** Targets that answered, of those that count, over the recent rounds; empty without rounds. */
  Optional<Double> recentRate() {
    int counted = recent.stream().mapToInt(RoundRate::counted).sum();
    int ok = recent.stream().mapToInt(RoundRate::ok).sum();
    return recent.isEmpty() || counted == 0 ? Optional.empty() : Optional.of((double) ok / counted);
  }

  /** Why nobody waits for its next success; empty when somebody does. */
  Optional<String> passedOver() {
    if (!hasFile) {
      return Optional.of("it has no job file");
    }
    return ran || next.run().isPresent() ? Optional.empty() : Optional.of(NEVER_MEANT_TO_RUN);
  }

  /** What is late about its last success; empty when it is younger than that. */
  Optional<String> late(Duration maxAge, Instant now) {
    if (lastSuccess.isEmpty()) {
      return Optional.of(job + ": no success yet");
    }
    Duration age = Duration.between(lastSuccess.get().sealedAt(), now);
    return age.compareTo(maxAge) <= 0
        ? Optional.empty()
        : Optional.of(
            "%s: last success %s ago (round %d)"
                .formatted(job, DurationFlag.show(age), lastSuccess.get().roundId()));
  }

  Map<String, @Nullable Object> asMap(Instant now) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("job", job);
    map.put("last_round", last.map(Round::id).orElse(null));
    map.put("last_state", last.map(round -> round.state().name()).orElse(null));
    map.put("last_opened_at", last.map(round -> round.openedAt().toString()).orElse(null));
    map.put("last_success", lastSuccess.map(JobStatus::asMap).orElse(null));
    map.put("last_failure", lastFailure.map(JobStatus::asMap).orElse(null));
    map.put("open_round", open.map(Round::id).orElse(null));
    map.put("recent_rounds", recent.size());
    map.put("recent_successes", recentSuccesses);
    map.put("recent_rate", recentRate().orElse(null));
    map.put("next_run", next.start().map(Instant::toString).orElse(null));
    map.put("paused", next.paused());
    map.put("snapshot_taken_at", snapshotTakenAt.map(Instant::toString).orElse(null));
    map.put(
        "snapshot_age_seconds",
        snapshotTakenAt.map(taken -> Duration.between(taken, now).toSeconds()).orElse(null));
    map.put(
        "snapshot_age_blocks",
        snapshotTakenAt
            .map(taken -> Duration.between(taken, now).dividedBy(MetagraphSnapshot.BLOCK_TIME))
            .orElse(null));
    map.put("problem", problem);
    return map;
  }

  private static Map<String, Object> asMap(RoundRate rate) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("round", rate.roundId());
    map.put("sealed_at", rate.sealedAt().toString());
    map.put("took_seconds", rate.took().toMillis() / 1000.0);
    map.put("rate", rate.success());
    return map;
  }
}
