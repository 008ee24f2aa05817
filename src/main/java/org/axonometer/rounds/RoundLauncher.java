package org.axonometer.rounds;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.axonometer.challenges.ChallengeException;
import org.axonometer.dendrite.Dendrite;
import org.axonometer.dendrite.HeapLimit;
import org.axonometer.history.AskableTarget;
import org.axonometer.history.Database;
import org.axonometer.history.FailureText;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.NewChallenges;
import org.axonometer.history.Round;
import org.axonometer.history.RoundFencedException;
import org.axonometer.history.RoundOwnedException;
import org.axonometer.history.RoundStore;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.metagraph.KeptSnapshots;
import org.axonometer.scoring.RoundSealing;
import org.axonometer.synapse.Caller;
import org.axonometer.synapse.Nonces;
import org.axonometer.synapse.SeenNonces;
import org.axonometer.targets.Selection;
import org.axonometer.wallet.Hotkey;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;

/**
 * Runs rounds of jobs, or what interrupted ones left over. Safe for many threads, each with a round
 * of another job; {@link #stop} stops all of them.
 */
public final class RoundLauncher {
  private final RoundStore store;
  private final HistoryQueries queries;
  private final RoundFiles files;
  private final Openings openings;
  private final Renewals renewals;
  private final WarmingUp warmingUp;
  private final OwnMeans means;
  private final RoundJob jobs;
  private final BatchRun batch;
  private final Clock clock;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final RoundRun.Bounds bounds;

  RoundLauncher(
      Database database,
      RoundsApplication.Settings settings,
      JobOperator operator,
      JobRepository repository) {
    this.clock = settings.clock();
    var nonces = new Nonces(clock);
    var snapshots =
        new KeptSnapshots(settings.exports().toAbsolutePath().resolveSibling("snapshots"));
    this.store = new RoundStore(database);
    this.queries = new HistoryQueries(database);
    this.files = new RoundFiles(settings.exports(), store, queries, clock);
    this.openings = new Openings(database, snapshots, settings.keyring(), clock);
    this.renewals = new Renewals(database, store);
    this.warmingUp = new WarmingUp(nonces, stopping::get);
    this.means = new OwnMeans(store, settings.mostInFlight(), clock);
    this.jobs = new RoundJob(repository, database.transactionManager(), nonces, new SeenNonces());
    this.batch = new BatchRun(store, operator, repository, clock);
    this.bounds =
        new RoundRun.Bounds(
            stopping,
            new InFlight(settings.mostInFlight(), HeapLimit.ofThisProcess()),
            new BusyAddresses());
  }

  /**
   * Opens a round of the job and runs it to its seal.
   *
   * @throws RoundException ALREADY_OPEN when the job has an open round
   */
  public RoundReport run(JobDefinition job, Path jobFile, long seed, RoundProgress progress) {
    openings.requireNoneOpen(job.name());
    Hotkey hotkey = openings.hotkey(job.wallet());
    warmingUp.forAJob(job);
    long roundId = openings.open(job, jobFile, hotkey, Optional.empty(), seed);
    return execute(roundId, job, hotkey, () -> anew(job), fence -> {}, progress);
  }

  /**
   * Opens a round of the job and asks nobody yet; {@link #resume} runs it.
   *
   * @param fireTime the scheduled time it is for, whose row in the fire ledger is written with it;
   *     empty for a round by hand
   * @return the round's number
   * @throws RoundException ALREADY_OPEN when the job has an open round, STOPPED when {@link #stop}
   *     came before its rows
   */
  public long open(JobDefinition job, Path jobFile, Optional<Instant> fireTime, long seed) {
    openings.requireNoneOpen(job.name());
    return openings.open(job, jobFile, openings.hotkey(job.wallet()), fireTime, seed);
  }

  /**
   * Runs what is left of an open round, on its frozen job and targets. Its deadline begins anew.
   *
   * @param renewal the seed of new challenges; empty = those that are stored
   * @throws RoundException NOT_RUNNABLE when there is no such open round
   * @throws ChallengeException when new ones cannot be made; nothing has happened then
   */
  public RoundReport rerun(long roundId, OptionalLong renewal, RoundProgress progress) {
    Optional<RoundReport> report = missingFiles(roundId);
    if (report.isPresent()) {
      return report.get();
    }
    RerunPlan plan = RerunPlan.of(queries, roundId, Optional.empty());
    Hotkey hotkey = openings.sameHotkey(plan);
    LongConsumer renewing = renewals.ofAnOpenRound(plan, renewal);
    return execute(roundId, plan.job(), hotkey, () -> anew(plan.job()), renewing, progress);
  }

  /** Writes what an end between seal and report left undone; empty when nothing. */
  private Optional<RoundReport> missingFiles(long roundId) {
    Optional<Round> without =
        queries
            .round(roundId)
            .filter(round -> round.state() == Round.State.SEALED)
            .filter(round -> !files.exist(round) || queries.exportedAt(roundId).isEmpty());
    without.ifPresent(round -> files.write(round.id()));
    return without.map(round -> report(round.id(), Duration.ZERO));
  }

  /**
   * Opens a round that asks the chosen targets of a sealed one again, on its frozen job, hotkeys
   * and addresses, in a new order, and runs it to its seal. The sealed round stays as it is.
   *
   * @param renew whether the targets get new challenges, made with this seed, instead of those they
   *     had
   * @throws RoundException NOT_RUNNABLE when there is no such sealed round or nobody to ask,
   *     ALREADY_OPEN when its job has an open round
   * @throws ChallengeException when new challenges cannot be made; no round is opened then
   */
  public RoundReport rerun(
      long roundId, Again again, long seed, boolean renew, RoundProgress progress) {
    RerunPlan plan = RerunPlan.of(queries, roundId, Optional.of(again));
    openings.requireNoneOpen(plan.round().job());
    Hotkey hotkey = openings.sameHotkey(plan);
    warmingUp.forAJob(plan.job());
    List<AskableTarget> targets =
        Selection.inAskingOrder(plan.targets(), AskableTarget::hotkey, seed);
    NewChallenges.Maker challenges =
        renew ? renewals.ofAFollowUp(plan, targets, seed) : renewals.repeated(roundId, targets);
    long followUp = openings.followUp(plan, targets, seed, challenges);
    return execute(followUp, plan.job(), hotkey, () -> anew(plan.job()), fence -> {}, progress);
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
    Hotkey hotkey = openings.sameHotkey(plan);
    return execute(roundId, plan.job(), hotkey, plan.round()::deadline, fence -> {}, progress);
  }

  private RoundReport sealWithoutAsking(Round round) {
    long beganNanos = System.nanoTime();
    try (Lease lease = Lease.take(store, round.id(), round.deadline(), clock)) {
      means.lookAtTheClock(round.id(), lease.fence());
      lease.seal(new RoundSealing(clock));
      finish(round.id());
    } catch (RoundFencedException | RoundOwnedException e) {
      throw new RoundException(RoundException.Reason.TAKEN, FailureText.innermost(e));
    }
    return report(round.id(), Duration.ofNanos(System.nanoTime() - beganNanos));
  }

  /**
   * Claims no more targets, in no round; what is in flight ends by its deadline and is stored. The
   * rounds stay open. A round that is being opened is not, and what its opening waits for is broken
   * off.
   */
  public void stop() {
    stopping.set(true);
    openings.stop();
  }

  private Instant anew(JobDefinition job) {
    return clock.instant().plus(job.asking().roundDeadline());
  }

  private RoundReport execute(
      long roundId,
      JobDefinition job,
      Hotkey hotkey,
      Supplier<Instant> deadline,
      LongConsumer whenTaken,
      RoundProgress progress) {
    long beganNanos = System.nanoTime();
    warmingUp.forAJob(job);
    try (Dendrite dendrite = new Dendrite(job.storing().maxResponseBytes())) {
      var caller = new Caller(hotkey, job.asking().dendriteIp(), Caller.NEWEST_VERSION);
      try (Lease lease = Lease.take(store, roundId, deadline.get(), clock)) {
        whenTaken.accept(lease.fence());
        means.warn(roundId, job);
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

  private void ask(RoundRun.Taken taken, RoundRun.Asker asker, RoundProgress progress) {
    long roundId = taken.round().id();
    var run = new RoundRun(taken, store, asker, progress, bounds);
    means.lookAtTheClock(roundId, taken.lease().fence());
    Job job = jobs.of(run, () -> seal(run), () -> finish(roundId));
    Optional<Throwable> fault = batch.fault(job, roundId, taken.lease().fence());
    // Whatever failed first: a round that is no longer ours is the cause of all that fails.
    Optional<Throwable> cause = taken.lease().loss().<Throwable>map(loss -> loss).or(() -> fault);
    if (cause.isPresent()) {
      if (!sealedAllTheSame(taken)) {
        throw told(roundId, cause.get());
      }
      finish(roundId);
    }
  }

  private void seal(RoundRun run) {
    means.lookAtTheClock(run.round.id(), run.lease.fence());
    run.requireNobodyLeft();
    run.lease.seal(new RoundSealing(clock));
  }

  /**
   * Whether the seal stands although something failed: a connection that breaks at the commit
   * leaves unknown whether it happened, and only the stored round can tell.
   */
  private boolean sealedAllTheSame(RoundRun.Taken taken) {
    try {
      return !store.renew(taken.round().id(), taken.lease().fence());
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

  private RoundReport report(long roundId, Duration took) {
    Round round = queries.round(roundId).orElseThrow();
    List<HistoryQueries.OutcomeCount> counts = queries.outcomes(roundId);
    return new RoundReport(
        round, counts, took, files.of(round), queries.snapshotAge(round.id()).orElseThrow());
  }

  /**
   * The seal stands before anybody is told of it.
   *
   * @throws RoundException FAILED or NOT_RUNNABLE when the files are not written; it is sealed
   */
  private void finish(long roundId) {
    try {
      store.makeDurable();
      files.write(roundId);
    } catch (RoundException e) {
      throw e;
    } catch (RuntimeException e) {
      throw RoundFiles.missing(roundId, FailureText.innermost(e));
    }
  }
}
