package org.axonometer.history;

import java.time.Instant;
import java.util.Optional;
import org.axonometer.dendrite.Exchange;

/**
 * How a claimed attempt ended.
 *
 * @param sent the query and its end; empty when it was released without leaving the machine
 */
public record EndedAttempt(Claim claim, Instant endedAt, Optional<Sent> sent) {

  /**
   * @param queueNanos from the claim until work on it began, waiting for the axon's lane included
   * @param prepareNanos hashing and signing
   * @param fields ASCII JSON object: the job's named fields of the answer
   * @param keepBodies whether the job stores this one's bodies
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Sent(
      Exchange exchange,
      long queueNanos,
      long prepareNanos,
      String requestBodyHash,
      byte[] requestBody,
      String fields,
      boolean keepBodies) {}
}
