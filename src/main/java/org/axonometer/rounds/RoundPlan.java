package org.axonometer.rounds;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.axonometer.history.Database;
import org.axonometer.history.SelectionPast;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.SnapshotException;
import org.axonometer.metagraph.SnapshotFile;
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
 */
public record RoundPlan(
    MetagraphSnapshot snapshot,
    List<Decision> decisions,
    List<Decision> targets,
    Optional<Turn> turn,
    long seed) {

  public RoundPlan {
    decisions = List.copyOf(decisions);
    targets = List.copyOf(targets);
  }

  /**
   * Reads and checks the job's snapshot and decides every neuron; contacts nobody.
   *
   * @param history empty when no round was ever run
   */
  public static RoundPlan of(
      JobDefinition job,
      Ss58Address ownHotkey,
      long seed,
      Clock clock,
      Optional<Database> history) {
    MetagraphSnapshot snapshot = checked(job, clock);
    Past past =
        history
            .map(
                database ->
                    new SelectionPast(database)
                        .of(job.name(), job.selection(), snapshot, clock.instant()))
            .orElseGet(() -> Past.none(clock.instant()));
    Chosen chosen =
        job.selection()
            .at(OwnAddresses.of(job.asking().dendriteIp(), history.flatMap(Database::servedAt)))
            .decide(snapshot, ownHotkey, seed, past);
    return new RoundPlan(
        snapshot,
        chosen.decisions(),
        Selection.inAskingOrder(chosen.decisions(), seed),
        chosen.turn(),
        seed);
  }

  private static MetagraphSnapshot checked(JobDefinition job, Clock clock) {
    MetagraphSnapshot snapshot = SnapshotFile.read(job.snapshot().file());
    try {
      snapshot.requireSubnet(job.network(), job.netuid());
      snapshot.requireAge(job.snapshot().maxAge(), clock.instant());
    } catch (SnapshotException e) {
      throw new SnapshotException(job.snapshot().file() + ": " + e.getMessage(), e);
    }
    List<String> missing = job.selection().listed().missingFrom(snapshot);
    if (!missing.isEmpty()) {
      throw new SnapshotException(
          "%s: the job lists %s, which this snapshot does not have"
              .formatted(job.snapshot().file(), String.join(", ", missing)));
    }
    return snapshot;
  }
}
