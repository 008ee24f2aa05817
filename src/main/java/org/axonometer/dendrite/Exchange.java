package org.axonometer.dendrite;

import java.util.List;
import java.util.Map;
import org.axonometer.synapse.DendriteView;
import org.axonometer.synapse.SynapseReply;
import org.jspecify.annotations.Nullable;

/**
 * How one query ended.
 *
 * @param detail one sanitised line on the cause; null when OK
 * @param httpStatus the status line's code as observed; null when none came
 * @param reply the answer read as a synapse; null when no complete answer came
 * @param view what bittensor.dendrite would have recorded
 * @param headers response headers as received, under a cap; empty when none came
 * @param body response bytes received so far, at most the cap; do not change it
 * @param stream how a streamed body came; null when no byte of a stream did
 */
@SuppressWarnings("ArrayRecordComponent")
public record Exchange(
    Outcome outcome,
    @Nullable String detail,
    @Nullable Integer httpStatus,
    @Nullable SynapseReply reply,
    DendriteView view,
    Timings timings,
    Map<String, List<String>> headers,
    byte[] body,
    @Nullable StreamFigures stream) {

  /** An answer that is no stream. */
  public Exchange(
      Outcome outcome,
      @Nullable String detail,
      @Nullable Integer httpStatus,
      @Nullable SynapseReply reply,
      DendriteView view,
      Timings timings,
      Map<String, List<String>> headers,
      byte[] body) {
    this(outcome, detail, httpStatus, reply, view, timings, headers, body, null);
  }

  /**
   * Durations in nanoseconds; null where that point was not reached.
   *
   * @param connectNanos from handing the request to the client until it subscribed to the request
   *     body
   * @param firstByteNanos from that subscription until the response headers were there
   * @param totalNanos from that subscription until the last body byte; null unless the outcome has
   *     a latency
   * @param localStallMillis the longest time this process stood still between the hand-over and
   *     that byte, or the end; milliseconds, 0 below 10; null for a query that was not handed over
   */
  public record Timings(
      @Nullable Long connectNanos,
      @Nullable Long firstByteNanos,
      @Nullable Long totalNanos,
      @Nullable Integer localStallMillis) {

    /** Of a query of which no stall is known. */
    public Timings(
        @Nullable Long connectNanos, @Nullable Long firstByteNanos, @Nullable Long totalNanos) {
      this(connectNanos, firstByteNanos, totalNanos, null);
    }
  }
}
