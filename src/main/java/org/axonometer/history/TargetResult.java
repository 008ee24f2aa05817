package org.axonometer.history;

import java.util.Optional;
import org.axonometer.dendrite.Outcome;
import org.axonometer.dendrite.StreamFigures;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.jspecify.annotations.Nullable;

/**
 * A target of a round and what is known of it: the ground a scoring input is made from.
 *
 * @param host the address asked, as text; null when there is none
 * @param unaskable NOT_SERVING or BLOCKED_ADDRESS, decided at the opening
 * @param attempts attempts that left the machine, or may have
 * @param last the last attempt with an outcome
 */
public record TargetResult(
    Uid uid,
    Ss58Address hotkey,
    Ss58Address coldkey,
    @Nullable String host,
    int position,
    Optional<Outcome> unaskable,
    String reason,
    int attempts,
    Optional<Last> last) {

  /** An attempt's stored columns; durations in nanoseconds. */
  public record Last(
      Outcome outcome,
      @Nullable String detail,
      @Nullable Integer httpStatus,
      @Nullable Integer claimedStatus,
      @Nullable String claimedMessage,
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
      @Nullable StreamFigures stream,
      AnswerChecks checks,
      @Nullable Integer localStallMillis) {}
}
