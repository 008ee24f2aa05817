package org.axonometer.cli;

import java.util.List;
import org.axonometer.history.MinerQueries;
import org.axonometer.history.MinerStory;
import org.axonometer.history.Round;
import org.axonometer.history.RoundKind;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.targets.Decision;

/** Why a neuron of a round's snapshot was no target: decided again from what the round froze. */
final class Ineligible {

  private Ineligible() {}

  static String reason(Round round, MinerQueries miners, MinerStory.SnapshotRow neuron) {
    if (round.kind() == RoundKind.FOLLOW_UP) {
      return "this round asks again only some targets of another one";
    }
    JobDefinition job = JobFile.parse(round.jobSource(), round.jobFile());
    List<Neuron> neurons = miners.neurons(round.id()).stream().map(Ineligible::asNeuron).toList();
    MetagraphSnapshot snapshot =
        new MetagraphSnapshot(
            round.network(),
            round.netuid(),
            round.block(),
            round.openedAt(),
            neurons,
            "0".repeat(64));
    return job.selection().decide(snapshot, round.ownHotkey(), round.seed()).stream()
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
        4,
        row.axonPort(),
        row.axonVersion(),
        0,
        row.stakeRao(),
        row.active(),
        row.validatorPermit(),
        0,
        0,
        0,
        0);
  }
}
