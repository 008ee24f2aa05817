package org.axonometer.rounds;

import org.axonometer.history.EndedAttempt;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ItemReader;

/**
 * Takes what a window finished, as it finishes. Touches no database, so that waiting holds no
 * connection.
 */
record EndedAttemptReader(RoundRun run, Window window, StepExecution step)
    implements ItemReader<EndedAttempt> {

  @Override
  public @Nullable EndedAttempt read() throws InterruptedException {
    EndedAttempt attempt = window.next().orElse(null);
    if (attempt == null && run.stopping() && window.leftSome()) {
      // The end of the items alone would mark the partition COMPLETED although targets are left.
      step.setTerminateOnly();
    }
    return attempt;
  }
}
