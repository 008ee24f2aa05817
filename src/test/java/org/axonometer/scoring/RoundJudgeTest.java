package org.axonometer.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.ScoringInput;
import org.axonometer.history.TargetResult;
import org.junit.jupiter.api.Test;

class RoundJudgeTest {

  @Test
  void namesTargetsThatNeverGotAnAnswer() {
    assertThat(judged(Results.never(1, 0, Optional.of(Outcome.NOT_SERVING))).outcome())
        .isEqualTo(Outcome.NOT_SERVING);
    assertThat(judged(Results.never(1, 0, Optional.of(Outcome.BLOCKED_ADDRESS))).blame())
        .isEqualTo(Outcome.Blame.MINER);
    assertThat(judged(Results.never(1, 0, Optional.empty())).outcome()).isEqualTo(Outcome.UNSENT);
    assertThat(judged(Results.never(1, 2, Optional.empty())).outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(judged(Results.never(1, 2, Optional.empty())).inDenominator()).isFalse();
  }

  @Test
  void keepsEachOutcomesOwnBlameAndLatency() {
    for (Outcome outcome : Outcome.values()) {
      ScoringInput input = judged(Results.ended(1, outcome));
      assertThat(input.blame()).isEqualTo(outcome.blame());
      assertThat(input.inDenominator()).isEqualTo(outcome.blame() != Outcome.Blame.VALIDATOR);
      assertThat(input.totalNanos() != null).isEqualTo(outcome.latencyKnown());
    }
  }

  @Test
  void blamesOurNetworkWhenMostOfTheRoundIsUnreachable() {
    List<TargetResult> results = new ArrayList<>();
    for (int uid = 1; uid <= 10; uid++) {
      results.add(Results.ended(uid, uid <= 6 ? Outcome.UNREACHABLE : Outcome.OK));
    }
    RoundJudge judge = RoundJudge.of(results);
    assertThat(judge.mostlyUnreachable()).isTrue();
    assertThat(judge.judge(results.getFirst(), "{}").outcome()).isEqualTo(Outcome.LOCAL_FAULT);
    assertThat(judge.judge(results.getLast(), "{}").outcome()).isEqualTo(Outcome.OK);

    results.set(5, Results.ended(6, Outcome.OK));
    assertThat(RoundJudge.of(results).mostlyUnreachable()).as("exactly half is not most").isFalse();
  }

  @Test
  void takesOneRefusedNonceForOursWhenTheDatabasesClockIsNotOurs() {
    List<TargetResult> results = new ArrayList<>();
    for (int uid = 2; uid <= 20; uid++) {
      results.add(Results.ended(uid, Outcome.OK));
    }
    TargetResult refused = Results.ended(1, "10.0.0.1", Outcome.REFUSED, 401, "Nonce is too old");
    results.add(refused);
    assertThat(RoundJudge.of(results, true).judge(refused, "{}").blame())
        .isEqualTo(Outcome.Blame.VALIDATOR);
    assertThat(RoundJudge.of(results, false).judge(refused, "{}").blame())
        .isEqualTo(Outcome.Blame.MINER);
    assertThat(RoundJudge.of(results.subList(0, 19), true).clockDoubted()).isFalse();
  }

  @Test
  void takesSilenceWhileConnectingForUnreachable() {
    List<TargetResult> results = new ArrayList<>();
    for (int uid = 1; uid <= 10; uid++) {
      results.add(uid <= 6 ? Results.neverConnected(uid) : Results.ended(uid, Outcome.OK));
    }
    RoundJudge judge = RoundJudge.of(results);
    assertThat(judge.mostlyUnreachable()).isTrue();
    assertThat(judge.judge(results.getFirst(), "{}").blame()).isEqualTo(Outcome.Blame.VALIDATOR);
  }

  @Test
  void takesNoSingleHostsWordForOurNetwork() {
    List<TargetResult> results = new ArrayList<>();
    for (int uid = 1; uid <= 10; uid++) {
      results.add(Results.ended(uid, "10.0.0." + uid % 2, Outcome.UNREACHABLE, null, null));
    }
    assertThat(RoundJudge.of(results).mostlyUnreachable()).isFalse();
  }

  @Test
  void blamesOurClockOnlyWhenManyAxonsOnManyAddressesSaySo() {
    String message = "Not Verified with error: Nonce is too old: acceptable delta is 16.00 seconds";
    List<TargetResult> results = new ArrayList<>();
    for (int uid = 1; uid <= 20; uid++) {
      results.add(
          uid <= 4
              ? Results.ended(uid, "10.0.0." + uid, Outcome.REFUSED, 401, message)
              : Results.ended(uid, Outcome.OK));
    }
    RoundJudge judge = RoundJudge.of(results);
    assertThat(judge.clockDoubted()).isTrue();
    ScoringInput refused = judge.judge(results.getFirst(), "{}");
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.blame()).isEqualTo(Outcome.Blame.VALIDATOR);
    assertThat(refused.totalNanos()).isNotNull();

    results.set(0, Results.ended(1, Outcome.OK));
    assertThat(RoundJudge.of(results).clockDoubted()).as("15 % is a few miners' wording").isFalse();
    List<TargetResult> oneHost =
        results.stream()
            .map(
                r ->
                    r.last().orElseThrow().outcome() == Outcome.OK
                        ? r
                        : Results.ended(r.uid().value(), "10.9.9.9", Outcome.REFUSED, 401, message))
            .limit(8)
            .toList();
    assertThat(RoundJudge.of(oneHost).clockDoubted()).as("one address is one witness").isFalse();
  }

  private static ScoringInput judged(TargetResult result) {
    return new RoundJudge(false, false).judge(result, "{\"answer\":null}");
  }
}
