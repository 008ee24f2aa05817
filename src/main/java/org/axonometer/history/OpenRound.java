package org.axonometer.history;

import java.time.Instant;

/**
 * A round that is not sealed.
 *
 * @param running whether a living process asks it
 */
public record OpenRound(long id, String job, Instant openedAt, boolean running) {}
