package org.axonometer.rounds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonometer.dendrite.Dendrite;
import org.axonometer.dendrite.Outcome;
import org.axonometer.dendrite.WarmUp;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.NewRound;
import org.axonometer.history.Round;
import org.axonometer.history.RoundFencedException;
import org.axonometer.history.RoundKind;
import org.axonometer.history.RoundStore;
import org.axonometer.history.ScoringInput;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobFile;
import org.axonometer.scoring.RoundSealing;
import org.axonometer.scoring.ScoringExport;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.synapse.Caller;
import org.axonometer.synapse.Nonces;
import org.axonometer.synapse.Question;
import org.axonometer.wallet.Hotkey;
import org.axonometer.wallet.WalletDirectory;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;

/** Runs a round of a job, or what an interrupted one left over. One round at a time. */
public final class RoundLauncher {
  /**
   * The version we claim to axons: the newest SDK generation whose request form ours is (protocol
   * 1.4).
   */
  private static final int SDK_VERSION = 10_002_000;

  private static final int WARM_UP_QUERIES = 1_000;
  private static final int WARM_UP_CONCURRENCY = 32;
  private static final Duration WARM_UP_TIMEOUT = Duration.ofSeconds(2);

  private final Database database;
  private final Path exports;
  private final JobOperator operator;
  private final JobRepository repository;
  private final Clock clock;
  private final RoundStore store;
  private final HistoryQueries queries;
  private final Nonces nonces;
  private final AtomicBoolean stopping = new AtomicBoolean();

  RoundLauncher(
      Database database,
      Path exports,
      JobOperator operator,
      JobRepository repository,
      Clock clock) {
    this.database = database;
    this.exports = exports;
    this.operator = operator;
    this.repository = repository;
    this.clock = clock;
    this.store = new RoundStore(database);
    this.queries = new HistoryQueries(database);
    this.nonces = new Nonces(clock);
  }

  /**
   * Opens a round of the job and runs it to its seal.
   *
   * @throws RoundException ALREADY_OPEN when the job has an open round
   */
  public RoundReport run(JobDefinition job, Path jobFile, long seed, RoundProgress progress) {
    Optional<Round> open = queries.openRoundOf(job.name());
    if (open.isPresent()) {
      throw new RoundException(
          RoundException.Reason.ALREADY_OPEN,
          "round %d of %s is still open; finish it with: axonometer rerun %d"
              .formatted(open.get().id(), job.name(), open.get().id()));
    }
    Hotkey hotkey = open(job.wallet());
    RoundPlan plan = RoundPlan.of(job, hotkey.address(), seed, clock);
    long roundId =
        store.open(
            new NewRound(
                job,
                jobFile,
                RoundKind.MANUAL,
                Optional.empty(),
                plan.snapshot(),
                hotkey.address(),
                seed,
                plan.targets(),
                clock.instant()));
    return execute(roundId, job, hotkey, progress);
  }

  /**
   * Runs what is left of an open round, on its frozen job and targets. Its deadline begins anew.
   *
   * @throws RoundException NOT_RUNNABLE when there is no such open round
   */
  public RoundReport rerun(long roundId, RoundProgress progress) {
    Round round =
        queries
            .round(roundId)
            .orElseThrow(
                () ->
                    new RoundException(
                        RoundException.Reason.NOT_RUNNABLE,
                        "there is no round %d; list them with: axonometer rounds"
                            .formatted(roundId)));
    if (round.state() == Round.State.SEALED) {
      throw new RoundException(
          RoundException.Reason.NOT_RUNNABLE,
          "round %d is sealed: every target has its scoring input and nothing is left to ask"
              .formatted(roundId));
    }
    JobDefinition job = JobFile.parse(round.jobSource(), round.jobFile());
    Hotkey hotkey =
        open(
            new JobDefinition.Wallet(
                round.wallet().path(), round.wallet().name(), round.wallet().hotkey()));
    if (!hotkey.address().equals(round.ownHotkey())) {
      throw new RoundException(
          RoundException.Reason.NOT_RUNNABLE,
          "round %d was opened by hotkey %s, but the wallet now holds %s"
              .formatted(roundId, round.ownHotkey(), hotkey.address()));
    }
    return execute(roundId, job, hotkey, progress);
  }

  /**
   * Claims no more targets; what is in flight ends by its deadline and is stored. The round stays
   * open.
   */
  public void stop() {
    stopping.set(true);
  }

  private static Hotkey open(JobDefinition.Wallet wallet) {
    return new WalletDirectory(wallet.path()).open(wallet.name(), wallet.hotkey());
  }

  private RoundReport execute(
      long roundId, JobDefinition job, Hotkey hotkey, RoundProgress progress) {
    long beganNanos = System.nanoTime();
    try (Dendrite dendrite = new Dendrite(job.storing().maxResponseBytes())) {
      var caller = new Caller(hotkey, job.asking().dendriteIp(), SDK_VERSION);
      warmUp(dendrite, job);
      long fence = store.take(roundId, clock.instant().plus(job.asking().roundDeadline()));
      Round round = queries.round(roundId).orElseThrow();
      var run =
          new RoundRun(
              new RoundRun.Taken(round, fence, job),
              store,
              new RoundRun.Asker(caller, dendrite, clock),
              progress,
              stopping);
      Job batchJob =
          new RoundJob(repository, database.transactionManager(), nonces)
              .of(run, new RoundSealing(clock), () -> writeFiles(roundId));
      JobExecution execution = launch(batchJob, roundId);
      store.makeDurable();
      requireNoFault(roundId, execution);
    } catch (RoundFencedException e) {
      throw new RoundException(RoundException.Reason.TAKEN, oneLine(e));
    }
    return report(roundId, Duration.ofNanos(System.nanoTime() - beganNanos));
  }

  /**
   * Compiles the path of a query on sockets of our own, so that the first axons are measured like
   * the last. Before the round is taken: its deadline does not pay for it.
   */
  private void warmUp(Dendrite dendrite, JobDefinition job) {
    var stranger = new Caller(Hotkey.generate(), job.asking().dendriteIp(), SDK_VERSION);
    Ss58Address axon = Hotkey.generate().address();
    Question question = Question.of(job.synapse(), job.fields());
    try {
      WarmUp.run(
          dendrite,
          job.synapse(),
          endpoint ->
              question.sign(
                  stranger,
                  axon,
                  endpoint,
                  WARM_UP_TIMEOUT,
                  UUID.randomUUID().toString(),
                  nonces.next()),
          WARM_UP_QUERIES,
          WARM_UP_CONCURRENCY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private JobExecution launch(Job job, long roundId) {
    JobParameters parameters =
        new JobParametersBuilder().addLong("round", roundId).toJobParameters();
    try {
      JobExecution last = repository.getLastJobExecution(job.getName(), parameters);
      if (last != null && last.isRunning()) {
        // The fence is ours, so whoever ran it is dead or can write no more.
        operator.recover(last);
      }
      return operator.start(job, parameters);
    } catch (JobExecutionException e) {
      throw new RoundException(
          RoundException.Reason.FAILED,
          "round %d could not be started as a batch job: %s".formatted(roundId, e.getMessage()));
    }
  }

  private static void requireNoFault(long roundId, JobExecution execution) {
    if (execution.getStatus() == BatchStatus.COMPLETED
        || execution.getStatus() == BatchStatus.STOPPED) {
      return;
    }
    Throwable fault =
        execution.getAllFailureExceptions().stream()
            .map(RoundLauncher::deepest)
            .findFirst()
            .orElseGet(
                () -> new IllegalStateException(execution.getExitStatus().getExitDescription()));
    if (fault instanceof RoundFencedException fenced) {
      throw fenced;
    }
    throw new RoundException(
        RoundException.Reason.FAILED,
        "round %d failed by a fault of ours and stays open: %s; when that is mended: axonometer rerun %d"
            .formatted(roundId, oneLine(fault), roundId));
  }

  private static Throwable deepest(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest;
  }

  private static String oneLine(Throwable fault) {
    @Nullable String message = fault.getMessage();
    return message == null
        ? fault.getClass().getSimpleName()
        : message.lines().findFirst().orElse(fault.getClass().getSimpleName());
  }

  private RoundReport report(long roundId, Duration took) {
    Round round = queries.round(roundId).orElseThrow();
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    int left = 0;
    for (HistoryQueries.OutcomeCount count : queries.outcomes(roundId)) {
      if (count.outcome().isPresent()) {
        outcomes.put(count.outcome().get(), count.targets());
      } else {
        left = count.targets();
      }
    }
    return new RoundReport(round, outcomes, left, took, files(round));
  }

  private void writeFiles(long roundId) {
    Round round = queries.round(roundId).orElseThrow();
    List<ScoringInput> inputs = queries.scoringInputs(roundId);
    RoundReport.Files files = files(round);
    write(files.jsonl(), ScoringExport.jsonl(round, inputs));
    write(files.csv(), ScoringExport.csv(round, inputs));
    store.markExported(roundId, clock.instant());
  }

  private RoundReport.Files files(Round round) {
    Path folder = exports.resolve(round.job());
    return new RoundReport.Files(
        folder.resolve("round-%d.jsonl".formatted(round.id())),
        folder.resolve("round-%d.csv".formatted(round.id())));
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path fresh = Files.createTempFile(folder, "export", ".tmp");
      Files.write(fresh, bytes);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new RoundException(
          RoundException.Reason.FAILED,
          "the round is sealed, but %s cannot be written: %s".formatted(file, e.getMessage()));
    }
  }
}
