package org.axonometer.history;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One scheduled time of a job and what became of it: a round, or a reason why there is none.
 *
 * @param detail more about the reason, one line
 */
public record Fire(
    String job,
    Instant time,
    Instant decidedAt,
    Optional<Long> roundId,
    Optional<Reason> reason,
    @Nullable String detail) {

  public Fire {
    if (roundId.isPresent() == reason.isPresent()) {
      throw new IllegalArgumentException(
          "a fire has a round or a reason, was %s and %s".formatted(roundId, reason));
    }
  }

  /** A time that got no round. */
  public static Fire without(String job, Instant time, Instant decidedAt, Reason reason) {
    return new Fire(job, time, decidedAt, Optional.empty(), Optional.of(reason), null);
  }

  /** Why a scheduled time got no round. */
  public enum Reason {
    /** A round of the job was running. */
    SKIPPED_OVERLAP,
    /** Nobody was there to start it. */
    MISSED,
    /** It could not start in time. */
    START_DEADLINE,
    /** The job's file was removed or its times were changed before it was decided. */
    REPLACED,
    /** The job was paused. */
    PAUSED,
    /** The round could not be opened; the detail says why. */
    FAILED_TO_OPEN;

    /** Whether nobody meant it so. */
    public boolean isFailure() {
      return switch (this) {
        case MISSED, START_DEADLINE, FAILED_TO_OPEN -> true;
        case SKIPPED_OVERLAP, REPLACED, PAUSED -> false;
      };
    }
  }
}
