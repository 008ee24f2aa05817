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

/** What is found of a round's answers beside their outcome. For many threads at once. */
record AnswerCheck(RoundRun run, SeenNonces seen) {

  AnswerChecks of(EndedAttempt attempt, Exchange exchange) {
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
    @Nullable SynapseReply reply = exchange.reply();
    Map<String, String> invalid = reply == null ? Map.of() : reply.invalidFields();
    List<String> changed =
        reply == null || reply.echoed().isEmpty()
            ? List.of()
            : run.sent(attempt.claim()).changedIn(reply);
    return new AnswerChecks(
        invalid.isEmpty() ? null : AnswerFields.JSON.writeValueAsString(invalid),
        changed.isEmpty() ? null : AnswerFields.JSON.writeValueAsString(changed),
        signature.verdict().name(),
        signature.nonce());
  }
}
