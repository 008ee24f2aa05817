package org.axonometer.scoring;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.AnswerChecks;
import org.axonometer.history.ScoringInput;
import org.axonometer.history.TargetResult;
import org.jspecify.annotations.Nullable;

/**
 * Decides each target's final outcome and blame, seen with the whole round: what looks like many
 * miners' fault at once is ours.
 *
 * @param mostlyUnreachable more than half of the asked targets, on at least 3 addresses, were
 *     unreachable: our network, not theirs
 * @param clockDoubted at least 20 % of the asked targets, on at least 3 addresses, refused our
 *     nonce, or any did and the database's clock is not ours: our clock, not theirs
 */
record RoundJudge(boolean mostlyUnreachable, boolean clockDoubted) {

  /**
   * Fewer addresses than this prove nothing about ourselves: one miner can hold several hotkeys.
   */
  private static final int WITNESSES = 3;

  static RoundJudge of(List<TargetResult> results) {
    return of(results, false);
  }

  /**
   * @param clockIsWrong the database's clock shows another time than ours: then every refusal of
   *     our nonce is ours
   */
  static RoundJudge of(List<TargetResult> results, boolean clockIsWrong) {
    List<TargetResult> asked =
        results.stream().filter(result -> result.last().isPresent()).toList();
    List<TargetResult> unreachable = asked.stream().filter(RoundJudge::isUnreachable).toList();
    List<TargetResult> nonceRefused = asked.stream().filter(RoundJudge::refusesOurNonce).toList();
    return new RoundJudge(
        unreachable.size() * 2 > asked.size() && addresses(unreachable) >= WITNESSES,
        (clockIsWrong && !nonceRefused.isEmpty())
            || (nonceRefused.size() * 5 >= asked.size() && addresses(nonceRefused) >= WITNESSES));
  }

  ScoringInput judge(TargetResult result, String noFields) {
    if (result.last().isEmpty()) {
      return withoutAnswer(result, noFields);
    }
    TargetResult.Last last = result.last().get();
    Outcome outcome = last.outcome();
    Outcome.Blame blame = outcome.blame();
    @Nullable String detail = last.detail();
    if (mostlyUnreachable && isUnreachable(result)) {
      outcome = Outcome.LOCAL_FAULT;
      blame = outcome.blame();
      detail = "most of the round was unreachable: our network";
    } else if (clockDoubted && refusesOurNonce(result)) {
      blame = Outcome.Blame.VALIDATOR;
    }
    return new ScoringInput(
        result.uid(),
        result.hotkey(),
        result.coldkey(),
        outcome,
        blame,
        detail,
        last.httpStatus(),
        last.claimedStatus(),
        last.dendriteStatusCode(),
        last.dendriteStatusMessage(),
        last.queueNanos(),
        last.prepareNanos(),
        last.connectNanos(),
        last.firstByteNanos(),
        outcome.latencyKnown() ? last.totalNanos() : null,
        last.claimedProcessTime(),
        last.responseBytes(),
        last.responseSha256(),
        last.fields().equals("{}") ? noFields : last.fields(),
        result.attempts(),
        result.position(),
        ScoringInput.FORM,
        last.stream(),
        last.checks(),
        last.localStallMillis());
  }

  private static ScoringInput withoutAnswer(TargetResult result, String noFields) {
    // An attempt without an outcome left, or may have left, before we died; no attempt means its
    // turn never came.
    Outcome outcome =
        result.unaskable().orElse(result.attempts() > 0 ? Outcome.UNKNOWN : Outcome.UNSENT);
    String detail =
        switch (outcome) {
          case UNKNOWN -> "the process ended between sending and storing";
          case UNSENT -> "the round's deadline passed before its turn";
          default -> result.reason();
        };
    return new ScoringInput(
        result.uid(),
        result.hotkey(),
        result.coldkey(),
        outcome,
        outcome.blame(),
        detail,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        noFields,
        result.attempts(),
        result.position(),
        ScoringInput.FORM,
        null,
        AnswerChecks.NONE,
        null);
  }

  /** No connection came about: refused, without a route, or silent until the deadline. */
  private static boolean isUnreachable(TargetResult result) {
    return ended(
        result,
        last ->
            last.outcome() == Outcome.UNREACHABLE
                || (last.outcome() == Outcome.TIMED_OUT && last.connectNanos() == null));
  }

  private static boolean refusesOurNonce(TargetResult result) {
    return ended(
        result,
        last ->
            Objects.equals(last.httpStatus(), 401)
                && last.claimedMessage() != null
                && last.claimedMessage().toLowerCase(Locale.ROOT).contains("nonce"));
  }

  private static boolean ended(TargetResult result, Predicate<TargetResult.Last> how) {
    return result.last().filter(how).isPresent();
  }

  private static long addresses(List<TargetResult> results) {
    return results.stream().map(TargetResult::host).distinct().count();
  }
}
