package org.axonometer.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.axonometer.dendrite.Outcome;
import org.axonometer.dendrite.StreamFigures;
import org.axonometer.history.AnswerChecks;
import org.axonometer.history.AttemptState;
import org.axonometer.history.MinerStory;
import org.axonometer.history.Round;
import org.axonometer.history.ScoringInput;
import org.axonometer.history.StoredSeal;
import org.axonometer.metagraph.AxonAddress;
import org.axonometer.scoring.BlameReason;
import org.axonometer.synapse.AxonSignature;
import org.jspecify.annotations.Nullable;

/** One miner's story in one round, as lines. */
record StoryTelling(Round round, MinerStory story, Optional<StoredSeal> seal) {

  private boolean isTarget() {
    return story.target().isPresent();
  }

  List<String> tell(String notAskedBecause) {
    List<String> lines = new ArrayList<>();
    MinerStory.SnapshotRow neuron = story.neuron();
    lines.add(
        "round %d of %s (%s, %s), %s %s at block %d"
            .formatted(
                round.id(),
                round.job(),
                round.kind(),
                round.state(),
                round.network(),
                round.netuid(),
                round.block()));
    lines.add("%s  snapshot".formatted(story.flags().takenAt()));
    lines.add("  uid        %s".formatted(neuron.uid()));
    lines.add("  hotkey     %s".formatted(neuron.hotkey()));
    lines.add("  coldkey    %s".formatted(neuron.coldkey()));
    lines.add("  address    %s".formatted(address(neuron)));
    lines.add("  stake      %s TAO".formatted(tao(neuron)));
    lines.add("  permit     %s".formatted(neuron.validatorPermit() ? "yes" : "no"));
    lines.add("%s  round opened".formatted(round.openedAt()));
    lines.add(
        story.target().map(StoryTelling::decision).orElse("  not a target: " + notAskedBecause));
    story.attempts().forEach(attempt -> tell(attempt, lines));
    if (isTarget() && story.attempts().isEmpty()) {
      lines.add("  no query was sent");
    }
    tellEnd(lines);
    return lines;
  }

  private static String decision(MinerStory.Target target) {
    String where = "position %d in the random order of asking".formatted(target.position());
    return target.unaskable() == null
        ? "  ASK        %s; %s, partition %s".formatted(target.reason(), where, target.partition())
        : "  %s: %s; %s".formatted(target.unaskable(), target.reason(), where);
  }

  private static void tell(MinerStory.Attempt attempt, List<String> lines) {
    lines.add(
        "%s  attempt %d claimed: the durable row, before anything is sent"
            .formatted(attempt.claimedAt(), attempt.attempt()));
    lines.add("  nonce %d, uuid %s".formatted(attempt.nonceNanos(), attempt.uuid()));
    if (attempt.queueNanos() != null) {
      tellTimes(attempt, lines);
    }
    String when = attempt.endedAt().map(Object::toString).orElse("                        ");
    Outcome outcome = attempt.outcome();
    if (outcome == null) {
      lines.add(
          "%s  attempt %d is %s".formatted(when, attempt.attempt(), meaning(attempt.state())));
      return;
    }
    lines.add(
        "%s  attempt %d ended: %s, blame %s unless the round shows otherwise"
            .formatted(when, attempt.attempt(), outcome, outcome.blame()));
    line(lines, "detail", attempt.detail());
    line(lines, "observed", observed(attempt));
    line(lines, "claimed", claimed(attempt));
    line(lines, "stream", stream(attempt));
    line(lines, "our stall", ownStall(attempt));
    AnswerChecks checks = attempt.checks();
    line(
        lines,
        "signature",
        checks.axonSignature() == null ? null : signature(checks.axonSignature()));
    line(lines, "invalid", checks.invalidFields());
    line(lines, "changed", checks.changedFields());
    line(
        lines,
        "dendrite",
        attempt.dendriteStatusCode() == null
            ? null
            : "bittensor.dendrite would have recorded %d \"%s\""
                .formatted(attempt.dendriteStatusCode(), attempt.dendriteStatusMessage()));
  }

  private static void tellTimes(MinerStory.Attempt attempt, List<String> lines) {
    long since = 0;
    record Step(String name, @Nullable Long nanos) {}
    for (Step step :
        List.of(
            new Step("work on it began (queue)", attempt.queueNanos()),
            new Step("hashed and signed (prepare)", attempt.prepareNanos()),
            new Step("connected; the clock of the latency starts", attempt.connectNanos()))) {
      if (step.nanos() != null) {
        since += step.nanos();
        lines.add("  %s  %s".formatted(plus(since), step.name()));
      }
    }
    if (attempt.firstByteNanos() != null) {
      lines.add(
          "  %s  response headers (first byte after %s)"
              .formatted(plus(since + attempt.firstByteNanos()), millis(attempt.firstByteNanos())));
    }
    if (attempt.totalNanos() != null) {
      lines.add(
          "  %s  last byte: latency %s"
              .formatted(plus(since + attempt.totalNanos()), millis(attempt.totalNanos())));
    }
  }

  private void tellEnd(List<String> lines) {
    if (story.input().isEmpty()) {
      if (isTarget()) {
        lines.add(
            round.state() == Round.State.OPEN
                ? "the round is open: it has no scoring row yet"
                : "its scoring row is gone by retention");
      }
      return;
    }
    ScoringInput input = story.input().get();
    lines.add("%s  round sealed".formatted(round.sealedAt().map(Object::toString).orElse("")));
    lines.add(
        "  scored     %s, blame %s, %s the denominator"
            .formatted(
                input.outcome(),
                input.blame(),
                input.inDenominator() ? "counts in" : "left out of"));
    lines.add("  because    %s".formatted(BlameReason.of(input, story.flags())));
    line(lines, "detail", input.detail());
    line(lines, "fields", input.fields());
    seal.ifPresent(
        it -> lines.add("  seal       %s (inputs %s)".formatted(it.sha256(), it.inputsSha256())));
  }

  private static void line(List<String> lines, String name, @Nullable String text) {
    if (text != null) {
      lines.add("  %-10s %s".formatted(name, text));
    }
  }

  private static @Nullable String observed(MinerStory.Attempt attempt) {
    if (attempt.httpStatus() == null && attempt.responseBytes() == null) {
      return null;
    }
    return "HTTP status %s, %s bytes, SHA-256 %s"
        .formatted(
            orNone(attempt.httpStatus()),
            orNone(attempt.responseBytes()),
            orNone(attempt.responseSha256()));
  }

  private static String signature(String verdict) {
    return verdict
        + switch (AxonSignature.Verdict.valueOf(verdict)) {
          case VALID -> ": by the hotkey that was asked, for us; it does not cover the answer";
          case INVALID -> ": not by the hotkey that was asked, or not readable";
          case STALE -> ": by the hotkey that was asked, at another time than this query's";
          case REPLAYED -> ": by the hotkey that was asked, a copy from an earlier answer";
          case ABSENT -> ": the axon sent none, as SDK 7.2 and later do with a success";
        };
  }

  /** Nothing where we never stood still for long enough to note. */
  private static @Nullable String ownStall(MinerStory.Attempt attempt) {
    Integer millis = attempt.localStallMillis();
    return millis == null || millis == 0
        ? null
        : "this machine stood still for %d ms meanwhile%s"
            .formatted(
                millis,
                ScoringInput.taints(attempt.totalNanos(), millis)
                    ? ": the latency is tainted"
                    : "");
  }

  private static @Nullable String stream(MinerStory.Attempt attempt) {
    StreamFigures stream = attempt.stream();
    if (stream == null) {
      return null;
    }
    String gaps =
        stream.gapP50Nanos() == null || stream.gapP95Nanos() == null || stream.gapMaxNanos() == null
            ? ""
            : ", gaps p50 %s, p95 %s, max %s"
                .formatted(
                    millis(stream.gapP50Nanos()),
                    millis(stream.gapP95Nanos()),
                    millis(stream.gapMaxNanos()));
    String late =
        stream.lastBytesShare() == null
            ? ""
            : String.format(
                Locale.ROOT,
                ", %.1f %% of the bytes in the last 15 %% of the time",
                100 * stream.lastBytesShare());
    return "%d chunks, the first after %s%s%s"
        .formatted(stream.chunks(), millis(stream.firstChunkNanos()), gaps, late);
  }

  private static @Nullable String claimed(MinerStory.Attempt attempt) {
    if (attempt.claimedStatusCode() == null
        && attempt.claimedStatusMessage() == null
        && attempt.claimedProcessTime() == null) {
      return null;
    }
    return "by the axon: status %s \"%s\", process time %s"
        .formatted(
            orNone(attempt.claimedStatusCode()),
            orNone(attempt.claimedStatusMessage()),
            orNone(attempt.claimedProcessTime()));
  }

  private static String orNone(@Nullable Object value) {
    return value == null ? "none" : value.toString();
  }

  private static String meaning(AttemptState state) {
    return switch (state) {
      case INTENT -> "under way, or its process died";
      case DONE -> "DONE";
      case UNKNOWN -> "UNKNOWN: the process ended between sending and storing";
      case RELEASED -> "RELEASED: claimed and never sent; it costs no attempt";
    };
  }

  static String address(MinerStory.SnapshotRow neuron) {
    return neuron.axonIp().signum() == 0 || neuron.axonPort() == 0
        ? "none"
        : new AxonAddress(neuron.axonIp()).text() + " port " + neuron.axonPort();
  }

  private static String tao(MinerStory.SnapshotRow neuron) {
    return new BigDecimal(neuron.stakeRao(), 9).toPlainString();
  }

  private static String plus(long nanos) {
    return String.format(Locale.ROOT, "+%12.3f ms", nanos / 1e6);
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
  }
}
