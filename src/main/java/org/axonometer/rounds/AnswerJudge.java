package org.axonometer.rounds;

import java.util.List;
import java.util.Map;
import org.axonometer.dendrite.Exchange;
import org.axonometer.history.AnswerChecks;
import org.axonometer.history.EndedAttempt;
import org.axonometer.synapse.AxonSignature;
import org.axonometer.synapse.SeenNonces;
import org.axonometer.synapse.SynapseReply;
import org.jspecify.annotations.Nullable;

/**
 * Looks at ended attempts once more, on the thread that stores them: verifying a signature takes
 * about 0.2 ms, which a thread that waits for answers must not spend.
 */
final class AnswerJudge {
  private final RoundRun run;
  private final SeenNonces seen;

  AnswerJudge(RoundRun run, SeenNonces seen) {
    this.run = run;
    this.seen = seen;
  }

  EndedAttempt judge(EndedAttempt attempt) {
    return attempt
        .sent()
        .map(query -> attempt.checked(checks(attempt, query.exchange())))
        .orElse(attempt);
  }

  private AnswerChecks checks(EndedAttempt attempt, Exchange exchange) {
    if (exchange.httpStatus() == null) {
      return AnswerChecks.NONE;
    }
    AxonSignature signature =
        AxonSignature.check(
            exchange.headers(),
            new AxonSignature.Query(
                attempt.claim().target().hotkey(),
                run.asker.caller().hotkey().address(),
                attempt.claim().nonceNanos(),
                attempt.endedAt()),
            seen);
    Map<String, String> invalid =
        exchange.reply() == null ? Map.of() : exchange.reply().invalidFields();
    List<String> changed =
        isSynapse(exchange) ? run.sent(attempt.claim()).changedIn(exchange.body()) : List.of();
    return new AnswerChecks(
        invalid.isEmpty() ? null : AnswerFields.JSON.writeValueAsString(invalid),
        changed.isEmpty() ? null : AnswerFields.JSON.writeValueAsString(changed),
        signature.verdict().name(),
        signature.nonce());
  }

  /** Whether the body was to be the synapse as JSON; a stream is only what the miner wrote. */
  private boolean isSynapse(Exchange exchange) {
    @Nullable SynapseReply reply = exchange.reply();
    return reply != null
        && run.job.synapse().streaming().isEmpty()
        && switch (reply.reading()) {
          case ANSWERED, BAD_BODY -> true;
          case REFUSED, ERROR -> false;
        };
  }
}
