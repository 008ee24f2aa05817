package org.axonometer.rounds;

import java.time.Clock;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.axonometer.history.RoundFencedException;
import org.axonometer.history.RoundStore;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/** Runs a round's batch job, whatever an earlier run of it left behind. */
record BatchRun(RoundStore store, JobOperator operator, JobRepository repository, Clock clock) {

  /** Runs it; why it did not end as it should, empty when it did. */
  Optional<Throwable> fault(Job job, long roundId, long fence) {
    try {
      JobExecution execution = launch(job, roundId, fence);
      return execution.getStatus() == BatchStatus.COMPLETED
              || execution.getStatus() == BatchStatus.STOPPED
          ? Optional.empty()
          : Optional.of(fault(execution));
    } catch (RuntimeException e) {
      return Optional.of(known(e));
    }
  }

  private JobExecution launch(Job job, long roundId, long fence) {
    JobParameters parameters =
        new JobParametersBuilder().addLong("round", roundId).toJobParameters();
    // Whoever was paused since it took the round would touch the rows of the next owner.
    store.whileOurs(roundId, fence, () -> clear(job.getName(), parameters));
    try {
      return operator.start(job, parameters);
    } catch (JobExecutionException e) {
      throw new RoundException(
          RoundException.Reason.FAILED,
          "round %d could not be started as a batch job: %s".formatted(roundId, e.getMessage()));
    }
  }

  private void clear(String job, JobParameters parameters) {
    JobExecution last = repository.getLastJobExecution(job, parameters);
    if (last == null) {
      forget(repository.getJobInstance(job, parameters));
    } else {
      recover(last);
    }
  }

  /**
   * Deletes an instance that has no execution, as a kill between the two leaves it: Batch would
   * never start it.
   */
  private void forget(@Nullable JobInstance bare) {
    if (bare != null) {
      repository.deleteJobInstance(bare);
    }
  }

  /**
   * Makes an execution that a kill or a failing database left behind one that can be restarted. The
   * fence is ours, so whoever ran it is dead or can write no more. JobOperator.recover does this
   * for STARTED ones only.
   */
  private void recover(JobExecution left) {
    if (left.getStatus() == BatchStatus.COMPLETED) {
      return;
    }
    LocalDateTime now = LocalDateTime.now(clock);
    for (StepExecution step : left.getStepExecutions()) {
      if (step.getStatus() != BatchStatus.COMPLETED) {
        step.setStatus(BatchStatus.FAILED);
        step.setEndTime(now);
        repository.update(step);
      }
    }
    left.setStatus(BatchStatus.FAILED);
    left.setEndTime(now);
    repository.update(left);
  }

  private static Throwable fault(JobExecution execution) {
    return faults(execution)
        .map(BatchRun::known)
        .findFirst()
        .orElseGet(() -> new IllegalStateException(execution.getExitStatus().getExitDescription()));
  }

  /**
   * The faults of the partitions' steps before those of the steps and the job around them, which
   * only say that one failed.
   */
  private static Stream<Throwable> faults(JobExecution execution) {
    Stream<StepExecution> partitionsFirst =
        execution.getStepExecutions().stream()
            .sorted(Comparator.comparing(step -> !step.getStepName().contains(":")));
    return Stream.concat(
        partitionsFirst.flatMap(step -> step.getFailureExceptions().stream()),
        execution.getFailureExceptions().stream());
  }

  /** The cause that says most: one of ours, or else the whole of it, for its line to be chosen. */
  private static Throwable known(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RoundFencedException
          || cause instanceof RoundException
          || cause instanceof Lease.LeaseLostException) {
        return cause;
      }
    }
    return failure;
  }
}
