package org.axonometer.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.axonometer.dendrite.StreamFigures;
import org.axonometer.history.AnswerChecks;
import org.axonometer.history.MinerStory;
import org.axonometer.history.Round;
import org.axonometer.history.ScoringInput;
import org.axonometer.history.StoredSeal;
import org.axonometer.scoring.BlameReason;
import org.jspecify.annotations.Nullable;

/** One miner's story in one round as an object, whose keys scripts rely on. */
record StoryObject(Round round, MinerStory story, Optional<StoredSeal> seal) {

  Map<String, @Nullable Object> asMap(String notAskedBecause) {
    MinerStory.SnapshotRow neuron = story.neuron();
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("round", round.id());
    map.put("job", round.job());
    map.put("kind", round.kind().name());
    map.put("state", round.state().name());
    map.put("uid", neuron.uid().value());
    map.put("hotkey", neuron.hotkey().text());
    map.put("coldkey", neuron.coldkey().text());
    map.put("address", StoryTelling.address(neuron));
    map.put("stake_rao", neuron.stakeRao());
    map.put("validator_permit", neuron.validatorPermit());
    map.put("taken_at", story.flags().takenAt().toString());
    map.put("opened_at", round.openedAt().toString());
    map.put("target", story.target().isPresent());
    map.put("not_asked_because", story.target().isPresent() ? null : notAskedBecause);
    map.put("decision", story.target().map(StoryObject::verdict).orElse(null));
    map.put("reason", story.target().map(MinerStory.Target::reason).orElse(null));
    map.put("position", story.target().map(MinerStory.Target::position).orElse(null));
    map.put("attempts", story.attempts().stream().map(StoryObject::asMap).toList());
    map.put("mostly_unreachable", story.flags().mostlyUnreachable());
    map.put("clock_doubted", story.flags().clockDoubted());
    map.put("outcome", story.input().map(input -> input.outcome().name()).orElse(null));
    map.put("blame", story.input().map(input -> input.blame().name()).orElse(null));
    map.put("in_denominator", story.input().map(ScoringInput::inDenominator).orElse(null));
    map.put("detail", story.input().map(ScoringInput::detail).orElse(null));
    map.put(
        "because", story.input().map(input -> BlameReason.of(input, story.flags())).orElse(null));
    map.put("sealed_at", round.sealedAt().map(Object::toString).orElse(null));
    map.put("seal", seal.map(StoredSeal::sha256).orElse(null));
    map.put("inputs_sha256", seal.map(StoredSeal::inputsSha256).orElse(null));
    return map;
  }

  private static String verdict(MinerStory.Target target) {
    return target.unaskable() == null ? "ASK" : target.unaskable();
  }

  private static Map<String, @Nullable Object> asMap(MinerStory.Attempt attempt) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("attempt", attempt.attempt());
    map.put("state", attempt.state().name());
    map.put("nonce", attempt.nonceNanos());
    map.put("uuid", attempt.uuid());
    map.put("claimed_at", attempt.claimedAt().toString());
    map.put("queue_nanos", attempt.queueNanos());
    map.put("prepare_nanos", attempt.prepareNanos());
    map.put("connect_nanos", attempt.connectNanos());
    map.put("first_byte_nanos", attempt.firstByteNanos());
    map.put("total_nanos", attempt.totalNanos());
    map.put("local_stall_ms", attempt.localStallMillis());
    map.put(
        "latency_tainted", ScoringInput.taints(attempt.totalNanos(), attempt.localStallMillis()));
    map.put("ended_at", attempt.endedAt().map(Object::toString).orElse(null));
    map.put("outcome", attempt.outcome() == null ? null : attempt.outcome().name());
    map.put("detail", attempt.detail());
    map.put("http_status", attempt.httpStatus());
    map.put("response_bytes", attempt.responseBytes());
    map.put("response_sha256", attempt.responseSha256());
    map.put("claimed_status_code", attempt.claimedStatusCode());
    map.put("claimed_status_message", attempt.claimedStatusMessage());
    map.put("claimed_process_time", attempt.claimedProcessTime());
    map.put("dendrite_status_code", attempt.dendriteStatusCode());
    map.put("dendrite_status_message", attempt.dendriteStatusMessage());
    AnswerChecks checks = attempt.checks();
    map.put("axon_signature", checks.axonSignature());
    map.put("claimed_axon_nonce", checks.claimedAxonNonce());
    map.put("invalid_fields", checks.invalidFields());
    map.put("changed_fields", checks.changedFields());
    StreamFigures stream = attempt.stream();
    map.put("first_chunk_nanos", stream == null ? null : stream.firstChunkNanos());
    map.put("chunks", stream == null ? null : stream.chunks());
    map.put("gap_p50_nanos", stream == null ? null : stream.gapP50Nanos());
    map.put("gap_p95_nanos", stream == null ? null : stream.gapP95Nanos());
    map.put("gap_max_nanos", stream == null ? null : stream.gapMaxNanos());
    map.put("last_bytes_share", stream == null ? null : stream.lastBytesShare());
    return map;
  }
}
