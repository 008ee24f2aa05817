package org.axonometer.history;

import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;

/**
 * A target still to be asked.
 *
 * @param position its place in the round's random order, from 1
 * @param attemptsMade attempts of this round so far, released ones included: the next one's number
 *     is one higher
 * @param attemptsLeft queries it may still get in this round
 */
public record PlannedTarget(
    Uid uid,
    Ss58Address hotkey,
    AxonEndpoint endpoint,
    int position,
    int attemptsMade,
    int attemptsLeft) {

  /** The same target after one more query. */
  public PlannedTarget askedOnce() {
    return new PlannedTarget(uid, hotkey, endpoint, position, attemptsMade + 1, attemptsLeft - 1);
  }
}
