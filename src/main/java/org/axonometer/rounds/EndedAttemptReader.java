package org.axonometer.rounds;

import org.axonometer.history.EndedAttempt;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ItemReader;

/**
 * Takes what a window finished, as it finishes. Touches no database, so that waiting holds no
 * connection.
 */
record EndedAttemptReader(RoundRun run, Window window, StepExecution step)
    implements ItemReader<EndedAttempt>, StepExecutionListener {

  @Override
  public @Nullable EndedAttempt read() throws InterruptedException {
    EndedAttempt attempt = window.next().orElse(null);
    // What ended in a round that is no longer ours is dropped, with the chunk in hand.
    run.lease
        .loss()
        .ifPresent(
            loss -> {
              throw loss;
            });
    if (attempt == null && run.stopping() && window.leftSome()) {
      // The end of the items alone would mark the partition COMPLETED although targets are left.
      step.setTerminateOnly();
    }
    return attempt;
  }

  /**
   * Fails the step of a window that ended by a fault of ours; only now, so that the answers in hand
   * were stored. Thrown in the middle of a chunk the fault would roll them back.
   */
  @Override
  public @Nullable ExitStatus afterStep(StepExecution ended) {
    return window
        .failure()
        .map(
            failure -> {
              ended.addFailureException(failure);
              ended.setStatus(BatchStatus.FAILED);
              return ExitStatus.FAILED.addExitDescription(failure);
            })
        .orElse(null);
  }
}
