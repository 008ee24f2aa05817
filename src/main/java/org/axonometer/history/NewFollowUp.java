package org.axonometer.history;

import java.time.Instant;
import java.util.List;

/**
 * A round about to be opened that asks targets of a sealed one again, with all else of it as it was
 * frozen there: snapshot, job, wallet, hotkeys and addresses.
 *
 * @param follows the sealed round
 * @param seed decided the order of asking; not negative
 * @param targets its targets to ask, in the order of asking; at least one
 */
public record NewFollowUp(
    long follows, long seed, List<AskableTarget> targets, Instant openedAt, Instant deadline) {

  public NewFollowUp {
    if (seed < 0) {
      throw new IllegalArgumentException("seed must not be negative, was " + seed);
    }
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("a follow-up needs a target");
    }
    targets = List.copyOf(targets);
  }
}
