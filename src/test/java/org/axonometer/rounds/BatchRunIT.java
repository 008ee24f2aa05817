package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.history.Database;
import org.axonometer.history.RoundFencedException;
import org.axonometer.history.RoundStore;
import org.axonometer.testing.StoredRounds;
import org.axonometer.testing.TestStorage;
import org.axonometer.wallet.Keyring;
import org.axonometer.wallet.PasswordSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** A process that was paused since it took its round, which is another's when it wakes. */
@ParameterizedClass
@EnumSource
class BatchRunIT {
  private static final Instant NOW = Instant.parse("2027-01-01T00:10:00Z");

  @Parameter private TestStorage storage = TestStorage.H2;
  @TempDir private Path folder;
  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();
  private Database database;
  private RoundStore store;
  private JobRepository repository;
  private JobParameters parameters;
  private long round;
  private long ours;

  @BeforeEach
  void takeTwice() {
    HttpProperties.set();
    database = storage.own(folder.resolve("home"));
    database.registerIn(context);
    var settings =
        new RoundsApplication.Settings(
            folder.resolve("exports"), 2, new Keyring(PasswordSource.none()), Clock.systemUTC());
    context.registerBean(RoundsApplication.Settings.class, () -> settings);
    context.register(RoundsConfiguration.class);
    context.refresh();
    repository = context.getBean(JobRepository.class);
    store = new RoundStore(database);
    round = new StoredRounds(database).open("probe", 1, NOW);
    ours = store.take(round, NOW.plusSeconds(600), NOW);
    parameters = new JobParametersBuilder().addLong("round", round).toJobParameters();
  }

  @AfterEach
  void close() {
    context.close();
    database.close();
  }

  private Optional<Throwable> fault(long fence) {
    Job job =
        new JobBuilder("probe", repository)
            .start(
                new StepBuilder("ask", repository)
                    .tasklet(
                        (contribution, chunk) -> RepeatStatus.FINISHED,
                        database.transactionManager())
                    .build())
            .build();
    return new BatchRun(store, context.getBean(JobOperator.class), repository, Clock.systemUTC())
        .fault(job, round, fence);
  }

  private JobExecution started(JobInstance instance) {
    JobExecution execution =
        repository.createJobExecution(instance, parameters, new ExecutionContext());
    execution.setStatus(BatchStatus.STARTED);
    execution.setStartTime(execution.getCreateTime());
    repository.update(execution);
    return execution;
  }

  @Test
  void leavesTheNextOwnersExecutionAlone() {
    long theirs = store.take(round, NOW.plusSeconds(600), NOW);
    started(repository.createJobInstance("probe", parameters));
    assertThat(fault(ours)).containsInstanceOf(RoundFencedException.class);
    assertThat(repository.getLastJobExecution("probe", parameters))
        .extracting(JobExecution::getStatus)
        .isEqualTo(BatchStatus.STARTED);
    assertThat(fault(theirs)).isEmpty();
  }

  @Test
  void leavesTheNextOwnersInstanceAlone() {
    store.take(round, NOW.plusSeconds(600), NOW);
    JobInstance bare = repository.createJobInstance("probe", parameters);
    assertThat(fault(ours)).containsInstanceOf(RoundFencedException.class);
    assertThat(repository.getJobInstance("probe", parameters)).isEqualTo(bare);
  }

  @Test
  void endsWhatADeadOwnerLeftAndBeginsAnew() {
    started(repository.createJobInstance("probe", parameters));
    assertThat(fault(ours)).isEmpty();
    assertThat(repository.getLastJobExecution("probe", parameters))
        .extracting(JobExecution::getStatus)
        .isEqualTo(BatchStatus.COMPLETED);
  }
}
