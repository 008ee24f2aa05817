package org.axonometer.rounds;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.axonometer.history.EndedAttempt;
import org.axonometer.history.FailureText;
import org.axonometer.synapse.Nonces;
import org.axonometer.synapse.SeenNonces;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.listener.StepListener;
import org.springframework.batch.core.partition.Partitioner;
import org.springframework.batch.core.partition.support.AbstractPartitionHandler;
import org.springframework.batch.core.partition.support.SimpleStepExecutionSplitter;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * A round as a Spring Batch job: the partitioned step {@code ask} with one chunk-oriented worker
 * step a partition, then {@code seal}, then {@code report}. Built anew for every run: Batch's
 * readers and steps keep state, and a shared one loses items silently.
 */
record RoundJob(
    JobRepository repository,
    PlatformTransactionManager transactions,
    Nonces nonces,
    SeenNonces seen) {
  /** Before a partition's number in its step's name. */
  private static final String PARTITION = "p";

  Job of(RoundRun run, Runnable seal, Runnable report) {
    return new JobBuilder(run.round.job(), repository)
        .start(ask(run))
        .next(tasklet("seal", seal))
        .next(tasklet("report", report))
        .build();
  }

  private Step ask(RoundRun run) {
    Partitioner partitioner = size -> contexts(run.round.partitions());
    var splitter = new SimpleStepExecutionSplitter(repository, "ask", partitioner);
    // Our own rows say what is left, so a restart runs every partition again and the finished ones
    // read nothing.
    splitter.setAllowStartIfComplete(true);
    return new StepBuilder("ask", repository)
        .partitioner("ask", partitioner)
        .splitter(splitter)
        .partitionHandler(new Partitions(run))
        .allowStartIfComplete(true)
        .build();
  }

  private Step tasklet(String name, Runnable work) {
    return new StepBuilder(name, repository)
        .tasklet(
            (contribution, context) -> {
              work.run();
              return RepeatStatus.FINISHED;
            },
            transactions)
        .build();
  }

  /** By its step's name: a kill between the two rows of a step leaves it without its context. */
  private static int number(StepExecution partition) {
    String name = partition.getStepName();
    return Integer.parseInt(name.substring(name.lastIndexOf(PARTITION) + PARTITION.length()));
  }

  private static Map<String, ExecutionContext> contexts(int partitions) {
    Map<String, ExecutionContext> contexts = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      contexts.put(PARTITION + "%02d".formatted(partition), new ExecutionContext());
    }
    return contexts;
  }

  /** Runs the partitions side by side, each with its own window, and waits for all of them. */
  private final class Partitions extends AbstractPartitionHandler {
    private final RoundRun run;
    private final AnswerJudge judge;

    Partitions(RoundRun run) {
      this.run = run;
      this.judge = new AnswerJudge(run.round.id(), new AnswerCheck(run, seen)::of);
    }

    @Override
    protected Set<StepExecution> doHandle(StepExecution manager, Set<StepExecution> partitions)
        throws Exception {
      try (ExecutorService steps =
          Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("partition-", 0).factory())) {
        List<Future<?>> running = new ArrayList<>();
        for (StepExecution partition : partitions) {
          running.add(steps.submit(() -> run(partition)));
        }
        for (Future<?> step : running) {
          step.get();
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
      return partitions;
    }

    private Void run(StepExecution partition) throws Exception {
      try {
        ask(partition);
      } catch (Exception e) {
        // Outside of the step nobody writes down how it ended, and Batch restarts no step that
        // looks
        // as if it were still running.
        partition.setStatus(BatchStatus.FAILED);
        partition.addFailureException(e);
      }
      if (partition.getStatus() == BatchStatus.FAILED) {
        partition.setExitStatus(new ExitStatus("FAILED", causes(partition)));
        repository.update(partition);
      }
      return null;
    }

    private static String causes(StepExecution partition) {
      return partition.getFailureExceptions().stream()
          .map(FailureText::innermost)
          .distinct()
          .collect(Collectors.joining("; "));
    }

    private void ask(StepExecution partition) throws Exception {
      int number = number(partition);
      var targets = run.store.remaining(run.round.id(), number, run.retried);
      run.progress.plan(targets.size());
      var window = new Window(run, nonces, targets);
      var reader = new EndedAttemptReader(run, window, partition);
      Thread asking = Thread.ofPlatform().name("window-" + number).start(window);
      try {
        new StepBuilder(partition.getStepName(), repository)
            .<EndedAttempt, EndedAttempt>chunk(run.chunk())
            .transactionManager(transactions)
            .reader(reader)
            .listener((StepListener) reader)
            .writer(new OutcomeWriter(run, judge))
            .allowStartIfComplete(true)
            .build()
            .execute(partition);
      } finally {
        window.close();
        asking.join();
        window.giveBackUntaken();
      }
    }
  }
}
