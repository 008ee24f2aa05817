package org.axonometer.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.history.RoundDetails;
import org.axonometer.history.StoredSeal;
import org.jspecify.annotations.Nullable;

/** What {@code show} tells of a round, for a program. */
record RoundTelling(HistoryQueries queries, RoundDetails details, Round round) {

  Map<String, @Nullable Object> asMap() {
    List<HistoryQueries.OutcomeCount> counts = queries.outcomes(round.id());
    int ok =
        counts.stream()
            .filter(count -> count.outcome().equals(Optional.of(Outcome.OK)))
            .mapToInt(HistoryQueries.OutcomeCount::targets)
            .sum();
    Map<String, @Nullable Object> map = RoundsCommand.asMap(round, ok);
    Optional<HistoryQueries.SnapshotAge> age = queries.snapshotAge(round.id());
    Optional<StoredSeal> seal = queries.seal(round.id());
    map.put("follows", queries.follows(round.id()).orElse(null));
    map.put("followed_by", queries.followUps(round.id()));
    map.put("job_file", round.jobFile().toString());
    map.put("snapshot_age_seconds", age.map(it -> it.age().toSeconds()).orElse(null));
    map.put("snapshot_notes", age.flatMap(HistoryQueries.SnapshotAge::notes).orElse(null));
    map.put("hotkey", round.ownHotkey().text());
    map.put("deadline_at", round.deadline().toString());
    map.put("seal_sha256", seal.map(StoredSeal::sha256).orElse(null));
    map.put("inputs_sha256", seal.map(StoredSeal::inputsSha256).orElse(null));
    map.put("outcomes", counts.stream().map(RoundTelling::asMap).toList());
    map.put("steps", details.partitionSteps(round.id()).stream().map(RoundTelling::asMap).toList());
    return map;
  }

  private static Map<String, @Nullable Object> asMap(HistoryQueries.OutcomeCount count) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("outcome", count.outcome().map(Outcome::name).orElse(null));
    map.put("blame", count.blame().name());
    map.put("targets", count.targets());
    return map;
  }

  private static Map<String, @Nullable Object> asMap(RoundDetails.PartitionStep step) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("run", step.run());
    map.put("step", step.name());
    map.put("status", step.status());
    map.put("read", step.read());
    map.put("written", step.written());
    map.put("rollbacks", step.rollbacks());
    map.put("cause", step.cause().orElse(null));
    return map;
  }

  /** One attempt with what is stored of its bodies, as text. */
  static Map<String, @Nullable Object> asMap(
      RoundDetails.AttemptBodies attempt, AskedFields asked) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("attempt", attempt.attempt());
    map.put("state", attempt.state().name());
    map.put("outcome", attempt.outcome());
    map.put("uuid", attempt.uuid());
    map.put("nonce", attempt.nonceNanos());
    map.put("claimed_at", attempt.claimedAt().toString());
    map.put("asked", asked.at(attempt.attempt()));
    map.put("request", attempt.request().map(ShowCommand::text).orElse(null));
    map.put("headers", attempt.responseHeaders().orElse(null));
    map.put("response", attempt.response().map(ShowCommand::text).orElse(null));
    return map;
  }
}
