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

  /** The same, with what its answer was found to be. */
  public EndedAttempt checked(AnswerChecks checks) {
    return new EndedAttempt(claim, endedAt, sent.map(query -> query.checked(checks)));
  }

  /**
   * @param queueNanos from the claim until work on it began, waiting for the axon's lane included
   * @param prepareNanos hashing and signing
   * @param fields ASCII JSON object: the job's named fields of the answer
   * @param keepBodies whether the job stores this one's bodies
   * @param checks of the answer
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Sent(
      Exchange exchange,
      long queueNanos,
      long prepareNanos,
      String requestBodyHash,
      byte[] requestBody,
      String fields,
      boolean keepBodies,
      AnswerChecks checks) {

    /** Not checked yet. */
    public Sent(
        Exchange exchange,
        long queueNanos,
        long prepareNanos,
        String requestBodyHash,
        byte[] requestBody,
        String fields,
        boolean keepBodies) {
      this(
          exchange,
          queueNanos,
          prepareNanos,
          requestBodyHash,
          requestBody,
          fields,
          keepBodies,
          AnswerChecks.NONE);
    }

    private Sent checked(AnswerChecks found) {
      return new Sent(
          exchange,
          queueNanos,
          prepareNanos,
          requestBodyHash,
          requestBody,
          fields,
          keepBodies,
          found);
    }
  }
}
