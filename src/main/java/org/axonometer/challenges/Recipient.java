package org.axonometer.challenges;

import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;

/**
 * A target that gets a challenge.
 *
 * @param position its place in the order of asking, from 1
 * @param firstAttempt the number of the attempt the challenge is for, from 1
 */
public record Recipient(Uid uid, Ss58Address hotkey, int position, int firstAttempt) {}
