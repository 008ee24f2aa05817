package org.axonometer.dendrite;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stalls of this process in one query's time, and whether they may be why it came to nothing.
 *
 * @param stalls those that overlap it
 * @param startNanos when the request went out; null when it did not
 * @param endNanos when it ended, as {@link System#nanoTime}
 */
record OwnStalls(List<Stalls.Stall> stalls, @Nullable Long startNanos, long endNanos) {

  /** Of a query that was handed over; none for another. */
  static OwnStalls of(Stalls stalls, Answer answer, long nowNanos) {
    Long from = answer.handedOverNanos();
    Long end = answer.endNanos();
    long until = end == null ? nowNanos : end;
    return new OwnStalls(
        from == null ? List.of() : stalls.between(from, until), answer.startNanos(), until);
  }

  /** The longest in milliseconds; 0 without one. */
  int longestMillis() {
    return Math.clamp(longest(stalls).map(Duration::toMillis).orElse(0L), 0, Integer.MAX_VALUE);
  }

  /**
   * The longest stall that may have cost the axon its answer: one that the end fell into, or that
   * ended no longer before it than it was long itself, or one before a request that went out in the
   * end. Another took nothing away: what came meanwhile was read behind it.
   *
   * @param atNanos the moment it came to nothing: the deadline, or the end of the connection
   */
  Optional<Duration> toBlame(long atNanos) {
    return longest(
        stalls.stream()
            .filter(Stalls.Stall::isTelling)
            .filter(
                stall ->
                    stall.coversOrPrecedes(atNanos)
                        || (startNanos != null && startNanos - stall.fromNanos() >= 0))
            .toList());
  }

  private static Optional<Duration> longest(List<Stalls.Stall> stalls) {
    return stalls.stream().map(Stalls.Stall::length).max(Comparator.naturalOrder());
  }
}
