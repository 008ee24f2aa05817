package org.axonometer.cli;

import java.util.List;
import org.axonometer.history.Database;
import org.axonometer.history.MinerQueries;
import org.axonometer.history.MinerStory;
import org.axonometer.history.Round;
import org.axonometer.history.RoundKind;
import org.axonometer.history.SelectionPast;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.AxonAddress;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.targets.Decision;
import org.axonometer.targets.Past;

/** Why a neuron of a round's snapshot was no target: decided again from what the round froze. */
final class Ineligible {

  private Ineligible() {}

  static String reason(Database database, Round round, MinerStory.SnapshotRow neuron) {
    if (round.kind() == RoundKind.FOLLOW_UP) {
      return "this round asks again only some targets of another one";
    }
    JobDefinition job = JobFile.parse(round.jobSource(), round.jobFile());
    List<Neuron> neurons =
        new MinerQueries(database).neurons(round.id()).stream().map(Ineligible::asNeuron).toList();
    MetagraphSnapshot snapshot =
        new MetagraphSnapshot(
            round.network(),
            round.netuid(),
            round.block(),
            round.openedAt(),
            neurons,
            "0".repeat(64));
    Past past = new SelectionPast(database).before(round, job.selection(), snapshot);
    return job
        .selection()
        .decide(snapshot, round.ownHotkey(), round.seed(), past)
        .decisions()
        .stream()
        .filter(decision -> decision.neuron().uid().equals(neuron.uid()))
        .filter(decision -> !decision.verdict().isEligible())
        .map(Decision::reason)
        .findFirst()
        .orElse("not known: by the frozen job file it would be a target");
  }

  /** What the table does not keep has no part in a decision and is 0. */
  private static Neuron asNeuron(MinerStory.SnapshotRow row) {
    return new Neuron(
        row.uid(),
        row.hotkey(),
        row.coldkey(),
        row.axonIp(),
        new AxonAddress(row.axonIp()).isIpv4() ? 4 : 6,
        row.axonPort(),
        row.axonVersion(),
        0,
        row.stakeRao(),
        row.active(),
        row.validatorPermit(),
        row.incentive(),
        row.dividends(),
        0,
        0,
        row.totalStakeRao(),
        row.registeredBlock());
  }
}
