package org.axonometer.scoring;

import java.util.Optional;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.AnswerChecks;
import org.axonometer.history.TargetResult;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.jspecify.annotations.Nullable;

/** Results of targets for tests: uid n has key n and stands at 10.0.0.n unless told otherwise. */
final class Results {

  private Results() {}

  static Ss58Address address(int n) {
    byte[] key = new byte[32];
    key[31] = (byte) n;
    key[30] = (byte) (n >> 8);
    return Ss58Address.of(key);
  }

  static TargetResult ended(int uid, Outcome outcome) {
    return ended(uid, "10.0.0." + uid, outcome, outcome == Outcome.OK ? 200 : null, null);
  }

  static TargetResult ended(
      int uid,
      String host,
      Outcome outcome,
      @Nullable Integer httpStatus,
      @Nullable String message) {
    return new TargetResult(
        new Uid(uid),
        address(uid),
        address(1000 + uid),
        host,
        uid + 1,
        Optional.empty(),
        "eligible",
        1,
        Optional.of(
            new TargetResult.Last(
                outcome,
                outcome == Outcome.OK ? null : "detail",
                httpStatus,
                httpStatus,
                message,
                httpStatus,
                message,
                1_000L,
                2_000L,
                3_000L,
                outcome.latencyKnown() ? 4_000L : null,
                outcome.latencyKnown() ? 5_000L : null,
                "0.1",
                outcome.latencyKnown() ? 17L : null,
                outcome.latencyKnown() ? "ab".repeat(32) : null,
                outcome == Outcome.OK ? "{\"answer\":\"=1+1\"}" : "{\"answer\":null}",
                null,
                AnswerChecks.NONE,
                0)));
  }

  /** A query that was silent until its deadline before a connection stood. */
  static TargetResult neverConnected(int uid) {
    return new TargetResult(
        new Uid(uid),
        address(uid),
        address(1000 + uid),
        "10.0.0." + uid,
        uid + 1,
        Optional.empty(),
        "eligible",
        1,
        Optional.of(
            new TargetResult.Last(
                Outcome.TIMED_OUT,
                "deadline",
                null,
                null,
                null,
                408,
                "m",
                1L,
                1L,
                null,
                null,
                null,
                null,
                null,
                null,
                "{}",
                null,
                AnswerChecks.NONE,
                0)));
  }

  static TargetResult never(int uid, int attempts, Optional<Outcome> unaskable) {
    return new TargetResult(
        new Uid(uid),
        address(uid),
        address(1000 + uid),
        null,
        uid + 1,
        unaskable,
        "why not",
        attempts,
        Optional.empty());
  }
}
