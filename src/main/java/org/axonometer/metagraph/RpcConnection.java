package org.axonometer.metagraph;

import java.io.IOException;
import java.io.InputStream;

/** One open way to a chain's JSON-RPC: a question out, its answer's bytes back. */
interface RpcConnection extends AutoCloseable {

  /** The most that is read of one answer: hex of the largest result, and some JSON around it. */
  int MAX_ANSWER_BYTES = 2 * HexText.MAX_BYTES + 4_096;

  /**
   * Sends one request and waits for the whole answer.
   *
   * @throws IOException when there is none by the deadline, or it is too large
   */
  InputStream ask(String request, Deadline deadline) throws IOException, InterruptedException;

  @Override
  void close();

  /** The one moment by which everything at this endpoint must be done. */
  record Deadline(long atNanos) {

    static Deadline in(java.time.Duration time) {
      return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** What is left, at least 1. */
    long leftNanos() {
      return Math.max(1, atNanos - System.nanoTime());
    }
  }
}
