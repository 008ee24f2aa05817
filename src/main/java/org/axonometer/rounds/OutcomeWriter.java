package org.axonometer.rounds;

import org.axonometer.history.EndedAttempt;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;

/**
 * Stores a chunk of ended attempts in the step's own transaction, after the round's fence was
 * checked there. Never catches: what fails here fails the step.
 */
record OutcomeWriter(RoundRun run, AnswerJudge judge) implements ItemWriter<EndedAttempt> {

  @Override
  public void write(Chunk<? extends EndedAttempt> chunk) {
    run.store.store(
        run.round.id(), run.fence, chunk.getItems().stream().map(judge::judge).toList());
  }
}
