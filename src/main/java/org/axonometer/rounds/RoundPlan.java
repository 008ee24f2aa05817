package org.axonometer.rounds;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.metagraph.KeptSnapshots;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.SnapshotException;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.targets.Decision;
import org.axonometer.targets.Selection;

/**
 * What a round of a job would do now: every neuron of the snapshot with its decision, and the
 * targets in the order of asking.
 *
 * @param seed decides the sample and the order; the same seed and snapshot give the same plan
 * @param notes what an operator should know of the snapshot
 */
public record RoundPlan(
    MetagraphSnapshot snapshot,
    List<Decision> decisions,
    List<Decision> targets,
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
   */
  public static RoundPlan of(
      JobDefinition job, KeptSnapshots kept, Ss58Address ownHotkey, long seed, Clock clock) {
    RoundSnapshot stored = RoundSnapshot.stored(job, kept);
    return of(job, stored.checked(job, Optional.empty(), clock.instant()), ownHotkey, seed);
  }

  /** Decides every neuron of a snapshot that was checked. */
  static RoundPlan of(JobDefinition job, RoundSnapshot checked, Ss58Address ownHotkey, long seed) {
    MetagraphSnapshot snapshot = checked.snapshot();
    requireListed(job, checked);
    List<Decision> decisions = job.selection().decide(snapshot, ownHotkey, seed);
    return new RoundPlan(
        snapshot, decisions, Selection.inAskingOrder(decisions, seed), seed, checked.notes());
  }

  private static void requireListed(JobDefinition job, RoundSnapshot checked) {
    if (job.selection().who() instanceof Selection.Who.Listed listed) {
      List<String> missing = listed.missingFrom(checked.snapshot());
      if (!missing.isEmpty()) {
        throw new SnapshotException(
            "%s: the job lists %s, which this snapshot does not have"
                .formatted(checked.file(), String.join(", ", missing)));
      }
    }
  }
}
