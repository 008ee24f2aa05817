package org.axonometer.history;

import org.axonometer.dendrite.Outcome;
import org.axonometer.dendrite.StreamFigures;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.jspecify.annotations.Nullable;

/**
 * The one row a target gets when its round is sealed. Durations in nanoseconds, null where that
 * point was not reached.
 *
 * @param inDenominator whether it counts for or against the miner: everything but our own faults
 * @param claimedStatus what the axon says its status is; likewise claimedProcessTime: claims, not
 *     observations
 * @param fields ASCII JSON object: the job's named fields of the answer
 * @param attempts attempts that left the machine, or may have
 * @param form of the exported row, which its seal's hash is over: 1 ends with the seed, 2 with how
 *     the stream came
 * @param localStallMillis the longest time our own process stood still in the query's; null without
 *     a query, and in forms before 3
 */
public record ScoringInput(
    Uid uid,
    Ss58Address hotkey,
    Ss58Address coldkey,
    Outcome outcome,
    Outcome.Blame blame,
    @Nullable String detail,
    @Nullable Integer httpStatus,
    @Nullable Integer claimedStatus,
    @Nullable Integer dendriteStatusCode,
    @Nullable String dendriteStatusMessage,
    @Nullable Long queueNanos,
    @Nullable Long prepareNanos,
    @Nullable Long connectNanos,
    @Nullable Long firstByteNanos,
    @Nullable Long totalNanos,
    @Nullable String claimedProcessTime,
    @Nullable Long responseBytes,
    @Nullable String responseSha256,
    String fields,
    int attempts,
    int position,
    int form,
    @Nullable StreamFigures stream,
    AnswerChecks checks,
    @Nullable Integer localStallMillis) {

  /** What rows get today. */
  public static final int FORM = 3;

  /** A latency is tainted when we stood still for longer than this in its time. */
  private static final int MOST_STALL_MILLIS = 200;

  public boolean inDenominator() {
    return blame != Outcome.Blame.VALIDATOR;
  }

  /** Whether there is a latency that says as much of our own machine as of the axon. */
  public boolean latencyTainted() {
    return taints(totalNanos, localStallMillis);
  }

  /** Whether such a stall taints such a latency, of which either may be none. */
  public static boolean taints(@Nullable Long totalNanos, @Nullable Integer localStallMillis) {
    return totalNanos != null && localStallMillis != null && localStallMillis > MOST_STALL_MILLIS;
  }
}
