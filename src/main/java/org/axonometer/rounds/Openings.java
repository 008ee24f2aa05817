package org.axonometer.rounds;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.axonometer.challenges.Challenges;
import org.axonometer.history.AskableTarget;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryException;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.NewChallenges;
import org.axonometer.history.NewFollowUp;
import org.axonometer.history.NewRound;
import org.axonometer.history.Round;
import org.axonometer.history.RoundKind;
import org.axonometer.history.RoundStore;
import org.axonometer.jobs.ChallengeRule;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.metagraph.KeptSnapshots;
import org.axonometer.wallet.Hotkey;
import org.axonometer.wallet.Keyring;
import org.axonometer.wallet.WalletDirectory;

/** Opens rounds of jobs and follow-ups of sealed rounds: one open round a job. */
final class Openings {
  private final Database database;
  private final RoundStore store;
  private final HistoryQueries queries;
  private final KeptSnapshots snapshots;
  private final Keyring keyring;
  private final Clock clock;
  private final OutsideWork outside = new OutsideWork();

  Openings(Database database, KeptSnapshots snapshots, Keyring keyring, Clock clock) {
    this.database = database;
    this.store = new RoundStore(database);
    this.queries = new HistoryQueries(database);
    this.snapshots = snapshots;
    this.keyring = keyring;
    this.clock = clock;
  }

  /**
   * A new round of the job; its number.
   *
   * @throws RoundException STOPPED when {@link #stop} came before its rows
   */
  long open(JobDefinition job, Path jobFile, Hotkey hotkey, Optional<Instant> fireTime, long seed) {
    RoundSnapshot snapshot =
        outside
            .await(() -> RoundSnapshot.fresh(job, snapshots, clock))
            .checked(
                job,
                queries.lastSnapshot(job.name(), job.network(), job.netuid()),
                clock.instant());
    RoundPlan plan =
        RoundPlan.of(job, snapshot, hotkey.address(), seed, clock, Optional.of(database));
    Challenges challenges = challenges(job, plan);
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

  /** A statement's end is the database's business; only a command is waited for outside of it. */
  private Challenges challenges(JobDefinition job, RoundPlan plan) {
    Supplier<Challenges> making = () -> plan.challenges(job, Optional.of(database));
    boolean byCommand =
        job.challenge().filter(rule -> rule.source() instanceof ChallengeRule.Command).isPresent();
    return byCommand ? outside.await(making) : making.get();
  }

  /** Opens no more rounds, and breaks off what an opening waits for. */
  void stop() {
    outside.stop();
  }

  /**
   * A new round that asks targets of a sealed one again; its number.
   *
   * @param targets in the order of asking
   */
  long followUp(
      RerunPlan plan, List<AskableTarget> targets, long seed, NewChallenges.Maker challenges) {
    Instant now = clock.instant();
    Instant deadline = now.plus(plan.job().asking().roundDeadline());
    String job = plan.round().job();
    return opened(
        job,
        () ->
            store.open(
                new NewFollowUp(plan.round().id(), seed, targets, now, deadline), job, challenges));
  }

  /** The database lets a job have one open round; whoever comes second is told which. */
  private long opened(String job, LongSupplier opening) {
    outside.requireNotStopped();
    try {
      return opening.getAsLong();
    } catch (HistoryException e) {
      requireNoneOpen(job);
      throw e;
    }
  }

  /**
   * @throws RoundException ALREADY_OPEN when the job has an open round
   */
  void requireNoneOpen(String job) {
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

  Hotkey hotkey(JobDefinition.Wallet wallet) {
    return new WalletDirectory(wallet.path()).open(wallet.name(), wallet.hotkey(), keyring);
  }

  /**
   * @throws RoundException NOT_RUNNABLE when the wallet no longer holds the key that opened the
   *     round
   */
  Hotkey sameHotkey(RerunPlan plan) {
    Hotkey hotkey = hotkey(plan.job().wallet());
    if (!hotkey.address().equals(plan.round().ownHotkey())) {
      throw new RoundException(
          RoundException.Reason.NOT_RUNNABLE,
          "round %d was opened by hotkey %s, but the wallet now holds %s"
              .formatted(plan.round().id(), plan.round().ownHotkey(), hotkey.address()));
    }
    return hotkey;
  }
}
