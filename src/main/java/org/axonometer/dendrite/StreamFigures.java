package org.axonometer.dendrite;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a streamed body came. A chunk is what one read from the socket brought of the body, 16 KiB at
 * the most: HTTP chunks that TCP or the machine put together count once, one that came in pieces
 * counts for each. The axon's own writes cannot be seen from here.
 *
 * @param firstChunkNanos from the start of the latency until the first chunk
 * @param gapP50Nanos of the times between a chunk and the next, as the two others, by nearest rank;
 *     null with fewer than two chunks
 * @param lastBytesShare which part of the bytes, 0 to 1, came in the last 15 % of the latency; near
 *     1 for an answer that was held back; null without a latency
 */
public record StreamFigures(
    long firstChunkNanos,
    int chunks,
    @Nullable Long gapP50Nanos,
    @Nullable Long gapP95Nanos,
    @Nullable Long gapMaxNanos,
    @Nullable Double lastBytesShare) {

  private static final double LAST = 0.85;
  private static final double MILLIONTHS = 1e6;

  /**
   * @param atNanos when each chunk came, by {@link System#nanoTime}; at least one
   * @param bytes how long each was
   * @param endNanos null when the answer has no latency
   */
  static StreamFigures of(long startNanos, long[] atNanos, int[] bytes, @Nullable Long endNanos) {
    long[] gaps = new long[atNanos.length - 1];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = Math.max(0, atNanos[i + 1] - atNanos[i]);
    }
    Arrays.sort(gaps);
    return new StreamFigures(
        Math.max(1, atNanos[0] - startNanos),
        atNanos.length,
        ranked(gaps, 0.50),
        ranked(gaps, 0.95),
        ranked(gaps, 1),
        endNanos == null ? null : lastShare(startNanos, atNanos, bytes, endNanos));
  }

  private static @Nullable Long ranked(long[] sorted, double share) {
    return sorted.length == 0 ? null : (Long) sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  private static double lastShare(long startNanos, long[] atNanos, int[] bytes, long endNanos) {
    double lastFrom = LAST * (endNanos - startNanos);
    long late = 0;
    long all = 0;
    for (int i = 0; i < atNanos.length; i++) {
      all += bytes[i];
      late += atNanos[i] - startNanos > lastFrom ? bytes[i] : 0;
    }
    return Math.round(MILLIONTHS * late / all) / MILLIONTHS;
  }
}
