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
 * @param form of the exported row, which its seal's hash is over: 1 ends with the seed
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
    AnswerChecks checks) {

  /** What rows get today. */
  public static final int FORM = 2;

  public boolean inDenominator() {
    return blame != Outcome.Blame.VALIDATOR;
  }
}
