package org.axonometer.rounds;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.axonometer.challenges.ChallengeException;
import org.axonometer.challenges.ChallengedRound;
import org.axonometer.challenges.Challenges;
import org.axonometer.challenges.Recipient;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.HistoryQueries.UsedSnapshot;
import org.axonometer.history.SelectionPast;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.metagraph.KeptSnapshots;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.SnapshotException;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.targets.Chosen;
import org.axonometer.targets.Decision;
import org.axonometer.targets.Past;
import org.axonometer.targets.Selection;
import org.axonometer.targets.Turn;

/**
 * What a round of a job would do now: every neuron of the snapshot with its decision, and the
 * targets in the order of asking.
 *
 * @param turn of a round-robin: the stretch of the ring it takes
 * @param seed decides whatever is random; the same seed, snapshot and history give the same plan
 * @param notes what an operator should know of the snapshot
 */
public record RoundPlan(
    MetagraphSnapshot snapshot,
    List<Decision> decisions,
    List<Decision> targets,
    Optional<Turn> turn,
    long seed,
    List<String> notes) {

  public RoundPlan {
    notes = List.copyOf(notes);
    decisions = List.copyOf(decisions);
    targets = List.copyOf(targets);
  }

  /**
   * Reads and checks the snapshot that is there and decides every neuron; contacts nobody.
   *
   * @param kept the snapshots that jobs with {@code snapshot: fetch} took
   * @param history empty when no round was ever run
   * @throws SnapshotException when a round would be refused for its snapshot
   */
  public static RoundPlan of(
      JobDefinition job,
      KeptSnapshots kept,
      Ss58Address ownHotkey,
      long seed,
      Clock clock,
      Optional<Database> history) {
    Optional<UsedSnapshot> last =
        history.flatMap(
            database ->
                new HistoryQueries(database).lastSnapshot(job.name(), job.network(), job.netuid()));
    RoundSnapshot checked = RoundSnapshot.stored(job, kept).checked(job, last, clock.instant());
    return of(job, checked, ownHotkey, seed, clock, history);
  }

  /** Decides every neuron of a snapshot that was checked. */
  static RoundPlan of(
      JobDefinition job,
      RoundSnapshot checked,
      Ss58Address ownHotkey,
      long seed,
      Clock clock,
      Optional<Database> history) {
    MetagraphSnapshot snapshot = checked.snapshot();
    requireListed(job, checked);
    Past past =
        history
            .map(
                database ->
                    new SelectionPast(database)
                        .of(job.name(), job.selection(), snapshot, clock.instant()))
            .orElseGet(() -> Past.none(clock.instant()));
    Chosen chosen =
        job.selection()
            .at(
                OwnAddresses.of(
                    job.asking().dendriteIp(), history.map(Database::servedAt).orElseGet(Set::of)))
            .decide(snapshot, ownHotkey, seed, past);
    return new RoundPlan(
        snapshot,
        chosen.decisions(),
        Selection.inAskingOrder(chosen.decisions(), seed),
        chosen.turn(),
        seed,
        checked.notes());
  }

  /** Those that are asked, with their places in the order. */
  public List<Recipient> recipients() {
    List<Recipient> recipients = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      Decision target = targets.get(i);
      if (target.verdict() == Decision.Verdict.ASK) {
        recipients.add(new Recipient(target.neuron().uid(), target.neuron().hotkey(), i + 1, 1));
      }
    }
    return recipients;
  }

  /**
   * What they are asked; contacts nobody, but reads what the job names, and runs its command.
   *
   * @param database the history; empty where there is none yet
   * @throws ChallengeException when the job's source does not give what is needed
   */
  public Challenges challenges(JobDefinition job, Optional<Database> database) {
    return Challenges.of(
        new ChallengedRound(job, snapshot.block(), seed, recipients(), false), database);
  }

  private static void requireListed(JobDefinition job, RoundSnapshot checked) {
    List<String> missing = job.selection().listed().missingFrom(checked.snapshot());
    if (!missing.isEmpty()) {
      throw new SnapshotException(
          "%s: the job lists %s, which this snapshot does not have"
              .formatted(checked.file(), String.join(", ", missing)));
    }
  }
}
