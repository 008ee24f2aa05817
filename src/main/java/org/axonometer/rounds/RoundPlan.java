package org.axonometer.rounds;

import java.time.Clock;
import java.util.List;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.SnapshotException;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.targets.Decision;
import org.axonometer.targets.Selection;

/**
 * What a round of a job would do now: every neuron of the snapshot with its decision, and the
 * targets in the order of asking.
 *
 * @param seed decides the sample and the order; the same seed and snapshot give the same plan
 */
public record RoundPlan(
    MetagraphSnapshot snapshot, List<Decision> decisions, List<Decision> targets, long seed) {

  public RoundPlan {
    decisions = List.copyOf(decisions);
    targets = List.copyOf(targets);
  }

  /** Reads and checks the job's snapshot and decides every neuron; contacts nobody. */
  public static RoundPlan of(JobDefinition job, Ss58Address ownHotkey, long seed, Clock clock) {
    MetagraphSnapshot snapshot = checked(job, clock);
    List<Decision> decisions = job.selection().decide(snapshot, ownHotkey, seed);
    return new RoundPlan(snapshot, decisions, Selection.inAskingOrder(decisions, seed), seed);
  }

  private static MetagraphSnapshot checked(JobDefinition job, Clock clock) {
    MetagraphSnapshot snapshot = SnapshotFile.read(job.snapshot().file());
    try {
      snapshot.requireSubnet(job.network(), job.netuid());
      snapshot.requireAge(job.snapshot().maxAge(), clock.instant());
    } catch (SnapshotException e) {
      throw new SnapshotException(job.snapshot().file() + ": " + e.getMessage(), e);
    }
    if (job.selection().who() instanceof Selection.Who.Listed listed) {
      List<String> missing = listed.missingFrom(snapshot);
      if (!missing.isEmpty()) {
        throw new SnapshotException(
            "%s: the job lists %s, which this snapshot does not have"
                .formatted(job.snapshot().file(), String.join(", ", missing)));
      }
    }
    return snapshot;
  }
}
