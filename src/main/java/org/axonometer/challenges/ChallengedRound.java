package org.axonometer.challenges;

import java.util.List;
import org.axonometer.jobs.JobDefinition;

/**
 * The round that challenges are made for.
 *
 * @param block of its snapshot
 * @param seed the round's own, or a fresh one where challenges are renewed; not negative
 * @param recipients in the order of asking
 * @param renewed whether an open round is given others than it was opened with
 */
public record ChallengedRound(
    JobDefinition job, long block, long seed, List<Recipient> recipients, boolean renewed) {

  public ChallengedRound {
    recipients = List.copyOf(recipients);
  }

  /** The seed of one recipient's challenge. */
  long seedOf(Recipient recipient) {
    return ChallengeSeed.of(seed, recipient.hotkey());
  }
}
