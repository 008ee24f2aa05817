package org.axonometer.rounds;

import java.util.concurrent.atomic.AtomicBoolean;
import org.axonometer.dendrite.Exchange;
import org.axonometer.history.AnswerChecks;
import org.axonometer.history.EndedAttempt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a round's ended attempts once more, on the threads that store them: verifying a
 * signature takes about 0.2 ms, which a thread that waits for answers must not spend. An answer
 * that a check cannot take costs nobody else's row: it is stored without checks.
 */
final class AnswerJudge {
  private static final Logger log = LoggerFactory.getLogger(AnswerJudge.class);

  private final long roundId;
  private final Check check;
  private final AtomicBoolean told = new AtomicBoolean();

  /** What an answer is held against. */
  interface Check {
    AnswerChecks of(EndedAttempt attempt, Exchange exchange);
  }

  AnswerJudge(long roundId, Check check) {
    this.roundId = roundId;
    this.check = check;
  }

  EndedAttempt judge(EndedAttempt attempt) {
    return attempt
        .sent()
        .map(query -> attempt.checked(checks(attempt, query.exchange())))
        .orElse(attempt);
  }

  private AnswerChecks checks(EndedAttempt attempt, Exchange exchange) {
    try {
      return check.of(attempt, exchange);
    } catch (RuntimeException e) {
      if (told.compareAndSet(false, true)) {
        log.warn(
            "round={} uid={} a check of its answer failed by a fault of ours; it is stored without, and so is any other of the round that fails: {}",
            roundId,
            attempt.claim().target().uid().value(),
            e.toString());
      }
      return AnswerChecks.NONE;
    }
  }
}
