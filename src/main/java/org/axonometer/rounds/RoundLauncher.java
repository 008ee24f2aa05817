package org.axonometer.rounds;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.axonometer.challenges.ChallengeException;
import org.axonometer.challenges.ChallengedRound;
import org.axonometer.challenges.Challenges;
import org.axonometer.challenges.Recipient;
import org.axonometer.dendrite.Dendrite;
import org.axonometer.dendrite.HeapLimit;
import org.axonometer.dendrite.WarmUp;
import org.axonometer.history.AskableTarget;
import org.axonometer.history.Database;
import org.axonometer.history.FailureText;
import org.axonometer.history.HistoryException;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.NewChallenges;
import org.axonometer.history.NewFollowUp;
import org.axonometer.history.NewRound;
import org.axonometer.history.Round;
import org.axonometer.history.RoundFencedException;
import org.axonometer.history.RoundKind;
import org.axonometer.history.RoundOwnedException;
import org.axonometer.history.RoundStore;
import org.axonometer.history.StoredChallenges;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.metagraph.KeptSnapshots;
import org.axonometer.scoring.RoundSealing;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.synapse.Caller;
import org.axonometer.synapse.Nonces;
import org.axonometer.synapse.Question;
import org.axonometer.synapse.SeenNonces;
import org.axonometer.synapse.SynapseType;
import org.axonometer.targets.Selection;
import org.axonometer.wallet.Hotkey;
import org.axonometer.wallet.Keyring;
import org.axonometer.wallet.WalletDirectory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

/**
 * Runs rounds of jobs, or what interrupted ones left over. Safe for many threads, each with a round
 * of another job; {@link #stop} stops all of them.
 */
public final class RoundLauncher {
  private static final Logger log = LoggerFactory.getLogger(RoundLauncher.class);

  /** Fewer in rehearsals whose times nobody reads. */
  private static final int WARM_UP_QUERIES = Integer.getInteger("axonometer.warm-up", 1_000);

  private static final int WARM_UP_CONCURRENCY = 32;
  private static final Duration WARM_UP_LONGEST = Duration.ofSeconds(10);
  private static final Duration WARM_UP_TIMEOUT = Duration.ofSeconds(2);

  /** Axons take nonces that are up to four seconds and a timeout old. */
  private static final Duration CLOCKS_AGREE = Duration.ofSeconds(2);

  private final Database database;
  private final KeptSnapshots snapshots;
  private final JobOperator operator;
  private final JobRepository repository;
  private final Clock clock;
  private final RoundStore store;
  private final HistoryQueries queries;
  private final RoundFiles files;
  private final Nonces nonces;
  private final Keyring keyring;
  private final SeenNonces seen = new SeenNonces();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final int mostInFlight;
  private final InFlight inFlight;
  private boolean warm;

  RoundLauncher(
      Database database,
      RoundsApplication.Settings settings,
      JobOperator operator,
      JobRepository repository,
      Clock clock) {
    this.database = database;
    this.snapshots =
        new KeptSnapshots(settings.exports().toAbsolutePath().resolveSibling("snapshots"));
    this.mostInFlight = settings.mostInFlight();
    this.inFlight = new InFlight(mostInFlight, HeapLimit.ofThisProcess());
    this.operator = operator;
    this.repository = repository;
    this.clock = clock;
    this.store = new RoundStore(database);
    this.queries = new HistoryQueries(database);
    this.files = new RoundFiles(settings.exports(), store, queries, clock);
    this.nonces = new Nonces(clock);
    this.keyring = settings.keyring();
  }

  /**
   * Opens a round of the job and runs it to its seal.
   *
   * @throws RoundException ALREADY_OPEN when the job has an open round
   */
  public RoundReport run(JobDefinition job, Path jobFile, long seed, RoundProgress progress) {
    requireNoneOpen(job.name());
    Hotkey hotkey = open(job.wallet());
    warmUp(job);
    long roundId = open(job, jobFile, hotkey, Optional.empty(), seed);
    return execute(roundId, job, hotkey, () -> anew(job), fence -> {}, progress);
  }

  /**
   * Opens a round of the job and asks nobody yet; {@link #resume} runs it.
   *
   * @param fireTime the scheduled time it is for, whose row in the fire ledger is written with it;
   *     empty for a round by hand
   * @return the round's number
   * @throws RoundException ALREADY_OPEN when the job has an open round
   */
  public long open(JobDefinition job, Path jobFile, Optional<Instant> fireTime, long seed) {
    requireNoneOpen(job.name());
    return open(job, jobFile, open(job.wallet()), fireTime, seed);
  }

  private long open(
      JobDefinition job, Path jobFile, Hotkey hotkey, Optional<Instant> fireTime, long seed) {
    RoundSnapshot snapshot =
        RoundSnapshot.fresh(job, snapshots, clock)
            .checked(
                job,
                queries.lastSnapshot(job.name(), job.network(), job.netuid()),
                clock.instant());
    RoundPlan plan =
        RoundPlan.of(job, snapshot, hotkey.address(), seed, clock, Optional.of(database));
    var challenges = plan.challenges(job, Optional.of(database));
    return opened(
        job.name(),
        () ->
            store.open(
                new NewRound(
                    job,
                    jobFile,
                    fireTime.isPresent() ? RoundKind.SCHEDULED : RoundKind.MANUAL,
                    fireTime,
                    plan.snapshot(),
                    hotkey.address(),
                    seed,
                    plan.turn(),
                    plan.targets(),
                    clock.instant(),
                    plan.notes()),
                challenges));
  }

  /** The database lets a job have one open round; whoever comes second is told which. */
  private long opened(String job, LongSupplier opening) {
    try {
      return opening.getAsLong();
    } catch (HistoryException e) {
      requireNoneOpen(job);
      throw e;
    }
  }

  /**
   * Runs what is left of an open round, on its frozen job and targets. Its deadline begins anew.
   *
   * @throws RoundException NOT_RUNNABLE when there is no such open round
   */
  public RoundReport rerun(long roundId, RoundProgress progress) {
    return rerun(roundId, OptionalLong.empty(), progress);
  }

  /**
   * As {@link #rerun(long, RoundProgress)}, with other challenges than the round was opened with.
   *
   * @param renewal the seed of the new challenges; empty = those that are stored
   * @throws ChallengeException when new ones cannot be made; nothing has happened then
   */
  public RoundReport rerun(long roundId, OptionalLong renewal, RoundProgress progress) {
    Optional<RoundReport> report = missingFiles(roundId);
    if (report.isPresent()) {
      return report.get();
    }
    RerunPlan plan = RerunPlan.of(queries, roundId, Optional.empty());
    Hotkey hotkey = sameHotkey(plan);
    LongConsumer renewing = renewing(plan, renewal);
    return execute(roundId, plan.job(), hotkey, () -> anew(plan.job()), renewing, progress);
  }

  /** What gives an open round its new challenges, once it is ours by the fence it is given. */
  private LongConsumer renewing(RerunPlan plan, OptionalLong renewal) {
    if (renewal.isEmpty()) {
      return fence -> {};
    }
    plan.requireChallenges();
    long roundId = plan.round().id();
    List<Recipient> recipients = recipients(plan);
    var fresh =
        Challenges.of(
            new ChallengedRound(
                plan.job(), plan.round().block(), renewal.getAsLong(), recipients, true),
            Optional.of(database));
    return fence -> {
      // Being taken ends attempts of a dead owner and adds none.
      Map<Uid, Integer> attempts = new StoredChallenges(database).attempts(roundId);
      if (recipients.stream()
          .anyMatch(it -> attempts.getOrDefault(it.uid(), 0) + 1 != it.firstAttempt())) {
        throw new RoundException(
            RoundException.Reason.TAKEN,
            "round %d was asked by another process meanwhile; look at it and try again"
                .formatted(roundId));
      }
      store.renew(roundId, fence, plan.round().job(), fresh);
    };
  }

  private List<Recipient> recipients(RerunPlan plan) {
    Map<Uid, Integer> attempts = new StoredChallenges(database).attempts(plan.round().id());
    List<Recipient> recipients = new ArrayList<>();
    for (AskableTarget target : plan.targets()) {
      int firstAttempt = attempts.getOrDefault(target.uid(), 0) + 1;
      recipients.add(
          new Recipient(target.uid(), target.hotkey(), recipients.size() + 1, firstAttempt));
    }
    return recipients;
  }

  /**
   * Runs what is left of an open round by its own deadline. When that has passed nobody is asked:
   * the round is sealed, and what was left is UNSENT.
   *
   * @throws RoundException NOT_RUNNABLE when there is no such open round
   */
  public RoundReport resume(long roundId, RoundProgress progress) {
    Optional<Round> overdue =
        queries
            .round(roundId)
            .filter(round -> round.state() != Round.State.SEALED)
            .filter(round -> !clock.instant().isBefore(round.deadline()));
    if (overdue.isPresent()) {
      return sealWithoutAsking(overdue.get());
    }
    RerunPlan plan = RerunPlan.of(queries, roundId, Optional.empty());
    return execute(
        roundId, plan.job(), sameHotkey(plan), plan.round()::deadline, fence -> {}, progress);
  }

  private RoundReport sealWithoutAsking(Round round) {
    long beganNanos = System.nanoTime();
    try (Lease lease = Lease.take(store, round.id(), round.deadline(), clock)) {
      lease.seal(new RoundSealing(clock));
      finish(round.id());
    } catch (RoundFencedException | RoundOwnedException e) {
      throw new RoundException(RoundException.Reason.TAKEN, FailureText.innermost(e));
    }
    return report(round.id(), Duration.ofNanos(System.nanoTime() - beganNanos));
  }

  private Instant anew(JobDefinition job) {
    return clock.instant().plus(job.asking().roundDeadline());
  }

  /**
   * Opens a round that asks the chosen targets of a sealed one again, on its frozen job, hotkeys
   * and addresses, in a new order, and runs it to its seal. The sealed round stays as it is.
   *
   * @throws RoundException NOT_RUNNABLE when there is no such sealed round or nobody to ask,
   *     ALREADY_OPEN when its job has an open round
   */
  public RoundReport rerun(long roundId, Again again, long seed, RoundProgress progress) {
    return rerun(roundId, again, seed, false, progress);
  }

  /**
   * As {@link #rerun(long, Again, long, RoundProgress)}.
   *
   * @param renew whether the targets get new challenges, made with this seed, instead of those they
   *     had
   * @throws ChallengeException when new ones cannot be made; no round is opened then
   */
  public RoundReport rerun(
      long roundId, Again again, long seed, boolean renew, RoundProgress progress) {
    RerunPlan plan = RerunPlan.of(queries, roundId, Optional.of(again));
    requireNoneOpen(plan.round().job());
    Hotkey hotkey = sameHotkey(plan);
    warmUp(plan.job());
    List<AskableTarget> targets =
        Selection.inAskingOrder(plan.targets(), AskableTarget::hotkey, seed);
    NewChallenges.Maker challenges =
        renew ? renewed(plan, targets, seed) : repeated(roundId, targets);
    Instant now = clock.instant();
    Instant deadline = now.plus(plan.job().asking().roundDeadline());
    String job = plan.round().job();
    long followUp =
        opened(
            job,
            () ->
                store.open(
                    new NewFollowUp(roundId, seed, targets, now, deadline), job, challenges));
    return execute(followUp, plan.job(), hotkey, () -> anew(plan.job()), fence -> {}, progress);
  }

  private NewChallenges.Maker renewed(RerunPlan plan, List<AskableTarget> targets, long seed) {
    plan.requireChallenges();
    List<Recipient> recipients = new ArrayList<>();
    for (AskableTarget target : targets) {
      recipients.add(new Recipient(target.uid(), target.hotkey(), recipients.size() + 1, 1));
    }
    return Challenges.of(
        new ChallengedRound(plan.job(), plan.round().block(), seed, recipients, false),
        Optional.of(database));
  }

  private NewChallenges.Maker repeated(long roundId, List<AskableTarget> targets) {
    NewChallenges stored =
        new StoredChallenges(database)
            .repeated(roundId, targets.stream().map(AskableTarget::uid).toList());
    return followUp -> stored;
  }

  private void requireNoneOpen(String job) {
    Optional<Round> open = queries.openRoundOf(job);
    if (open.isEmpty()) {
      return;
    }
    long id = open.get().id();
    throw new RoundException(
        RoundException.Reason.ALREADY_OPEN,
        queries
            .ownerOf(id)
            .map(
                owner ->
                    "round %d of %s is being asked by %s; wait for its end"
                        .formatted(id, job, owner))
            .orElseGet(
                () ->
                    "round %d of %s is still open; finish it with: axonometer rerun %d"
                        .formatted(id, job, id)));
  }

  private Hotkey sameHotkey(RerunPlan plan) {
    Hotkey hotkey = open(plan.job().wallet());
    if (!hotkey.address().equals(plan.round().ownHotkey())) {
      throw new RoundException(
          RoundException.Reason.NOT_RUNNABLE,
          "round %d was opened by hotkey %s, but the wallet now holds %s"
              .formatted(plan.round().id(), plan.round().ownHotkey(), hotkey.address()));
    }
    return hotkey;
  }

  /** Writes what an end between seal and report left undone; empty when nothing. */
  private Optional<RoundReport> missingFiles(long roundId) {
    Optional<Round> without =
        queries
            .round(roundId)
            .filter(round -> round.state() == Round.State.SEALED)
            .filter(round -> !files.exist(round));
    without.ifPresent(round -> files.write(round.id()));
    return without.map(round -> report(round.id(), Duration.ZERO));
  }

  /**
   * Claims no more targets, in no round; what is in flight ends by its deadline and is stored. The
   * rounds stay open.
   */
  public void stop() {
    stopping.set(true);
  }

  private Hotkey open(JobDefinition.Wallet wallet) {
    return new WalletDirectory(wallet.path()).open(wallet.name(), wallet.hotkey(), keyring);
  }

  private RoundReport execute(
      long roundId,
      JobDefinition job,
      Hotkey hotkey,
      Supplier<Instant> deadline,
      LongConsumer whenTaken,
      RoundProgress progress) {
    long beganNanos = System.nanoTime();
    warmUp(job);
    try (Dendrite dendrite = new Dendrite(job.storing().maxResponseBytes())) {
      var caller = new Caller(hotkey, job.asking().dendriteIp(), Caller.NEWEST_VERSION);
      try (Lease lease = Lease.take(store, roundId, deadline.get(), clock)) {
        whenTaken.accept(lease.fence());
        job.warnings()
            .forEach(warning -> log.warn("round={} job={} {}", roundId, job.name(), warning));
        if (job.asking().concurrency() > mostInFlight) {
          log.warn(
              "round={} job={} at most {} queries in flight instead of {}: see --max-in-flight and"
                  + " ulimit -n",
              roundId,
              job.name(),
              mostInFlight,
              job.asking().concurrency());
        }
        warnOfTheHeap(roundId, job);
        ask(
            new RoundRun.Taken(queries.round(roundId).orElseThrow(), lease, job),
            new RoundRun.Asker(caller, dendrite, clock),
            progress);
      }
    } catch (RoundFencedException | RoundOwnedException e) {
      throw new RoundException(RoundException.Reason.TAKEN, FailureText.innermost(e));
    }
    return report(roundId, Duration.ofNanos(System.nanoTime() - beganNanos));
  }

  /** By the database's clock, which another machine may have. */
  private boolean clockIsWrong(long roundId) {
    Duration ahead = store.databaseAhead(clock);
    boolean wrong = ahead.abs().compareTo(CLOCKS_AGREE) > 0;
    if (wrong) {
      log.warn(
          "round={} the database's clock is {} s {} ours; one of them is wrong, and a refused nonce"
              + " is counted as our fault",
          roundId,
          ahead.abs().toSeconds(),
          ahead.isNegative() ? "behind" : "ahead of");
    }
    return wrong;
  }

  private static void warnOfTheHeap(long roundId, JobDefinition job) {
    HeapLimit heap = HeapLimit.ofThisProcess();
    int most = heap.mostInFlight(job.storing().maxResponseBytes());
    if (job.asking().concurrency() > most) {
      log.warn(
          "round={} job={} at most {} queries in flight instead of {}: answers of up to {} KiB each"
              + " (store.max-response) and a heap of {} MiB; give Java more with"
              + " AXONOMETER_JAVA_OPTS=-Xmx2g or lower store.max-response",
          roundId,
          job.name(),
          most,
          job.asking().concurrency(),
          job.storing().maxResponseBytes() / 1_024,
          heap.mebibytes());
    }
  }

  private void ask(RoundRun.Taken taken, RoundRun.Asker asker, RoundProgress progress) {
    long roundId = taken.round().id();
    var run = new RoundRun(taken, store, asker, progress, new RoundRun.Bounds(stopping, inFlight));
    Job batchJob =
        new RoundJob(repository, database.transactionManager(), nonces, seen)
            .of(run, new RoundSealing(clock, clockIsWrong(roundId)), () -> finish(roundId));
    Optional<Throwable> fault = fault(batchJob, roundId);
    // Whatever failed first: a round that is no longer ours is the cause of all that fails.
    Optional<Throwable> cause = taken.lease().loss().<Throwable>map(loss -> loss).or(() -> fault);
    if (cause.isPresent()) {
      if (!sealedAllTheSame(taken)) {
        throw told(roundId, cause.get());
      }
    }
  }

  /**
   * Whether the seal stands, and the files are written, although something failed: a connection
   * that breaks at the commit leaves unknown whether it happened, and only the stored round can
   * tell.
   */
  private boolean sealedAllTheSame(RoundRun.Taken taken) {
    long roundId = taken.round().id();
    try {
      if (store.renew(roundId, taken.lease().fence())) {
        return false;
      }
      finish(roundId);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static RuntimeException told(long roundId, Throwable fault) {
    return switch (fault) {
      case RoundFencedException fenced -> fenced;
      case RoundException told -> told;
      case Lease.LeaseLostException lost ->
          new RoundException(
              RoundException.Reason.FAILED,
              "%s; when it is back: axonometer rerun %d".formatted(lost.getMessage(), roundId));
      default ->
          new RoundException(
              RoundException.Reason.FAILED,
              "round %d failed by a fault of ours and stays open: %s; when that is mended: axonometer rerun %d"
                  .formatted(roundId, FailureText.innermost(fault), roundId));
    };
  }

  /**
   * Compiles the path of a query on sockets of our own, so that the first axons are measured like
   * the last. Once a process, and before the round is taken: neither its deadline nor its lease
   * pays for it.
   */
  private synchronized void warmUp(JobDefinition job) {
    if (warm) {
      return;
    }
    var stranger = new Caller(Hotkey.generate(), job.asking().dendriteIp(), Caller.NEWEST_VERSION);
    Ss58Address axon = Hotkey.generate().address();
    SynapseType synapse = job.constantSynapse();
    Question question = Question.of(synapse, job.fields());
    long enoughNanos = System.nanoTime() + WARM_UP_LONGEST.toNanos();
    try (Dendrite dendrite = new Dendrite(job.storing().maxResponseBytes())) {
      int answered =
          WarmUp.run(
              dendrite,
              synapse,
              endpoint ->
                  question.sign(
                      stranger,
                      axon,
                      endpoint,
                      WARM_UP_TIMEOUT,
                      UUID.randomUUID().toString(),
                      nonces.next()),
              WARM_UP_QUERIES,
              WARM_UP_CONCURRENCY,
              () -> !stopping.get() && System.nanoTime() < enoughNanos);
      if (answered == 0 && !stopping.get()) {
        throw new RoundException(
            RoundException.Reason.FAILED,
            "this machine cannot even ask itself: no query to our own loopback socket was answered;"
                + " nobody was asked");
      }
      warm = !stopping.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private JobExecution launch(Job job, long roundId) {
    JobParameters parameters =
        new JobParametersBuilder().addLong("round", roundId).toJobParameters();
    try {
      JobExecution last = repository.getLastJobExecution(job.getName(), parameters);
      if (last == null) {
        forget(repository.getJobInstance(job.getName(), parameters));
      } else {
        recover(last);
      }
      return operator.start(job, parameters);
    } catch (JobExecutionException e) {
      throw new RoundException(
          RoundException.Reason.FAILED,
          "round %d could not be started as a batch job: %s".formatted(roundId, e.getMessage()));
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

  /** Runs it; why it did not end as it should, empty when it did. */
  private Optional<Throwable> fault(Job job, long roundId) {
    try {
      JobExecution execution = launch(job, roundId);
      return execution.getStatus() == BatchStatus.COMPLETED
              || execution.getStatus() == BatchStatus.STOPPED
          ? Optional.empty()
          : Optional.of(fault(execution));
    } catch (RuntimeException e) {
      return Optional.of(known(e));
    }
  }

  private static Throwable fault(JobExecution execution) {
    return faults(execution)
        .map(RoundLauncher::known)
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

  private RoundReport report(long roundId, Duration took) {
    Round round = queries.round(roundId).orElseThrow();
    List<HistoryQueries.OutcomeCount> counts = queries.outcomes(roundId);
    return new RoundReport(
        round, counts, took, files.of(round), queries.snapshotAge(round.id()).orElseThrow());
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

  /** The seal stands before anybody is told of it. */
  private void finish(long roundId) {
    store.makeDurable();
    files.write(roundId);
  }
}
