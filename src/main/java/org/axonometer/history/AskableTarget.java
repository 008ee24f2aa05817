package org.axonometer.history;

import java.util.Optional;
import org.axonometer.dendrite.Outcome;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;

/**
 * A target that has an address to ask, and how it stands.
 *
 * @param attempts queries that left the machine, or may have
 * @param outcome of a sealed round the scoring input's; of an open one the last known, UNKNOWN when
 *     queries left and none has an ending; empty = not asked yet
 * @param counts whether it is in the miner's denominator; false in an open round
 * @param unknownAttempts those of the attempts nobody knows the end of, ones still under way
 *     included: when their owner is dead, nobody will
 */
public record AskableTarget(
    Uid uid,
    Ss58Address hotkey,
    AxonEndpoint endpoint,
    int attempts,
    Optional<Outcome> outcome,
    boolean counts,
    int unknownAttempts) {}
