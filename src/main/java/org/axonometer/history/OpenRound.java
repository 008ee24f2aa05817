package org.axonometer.history;

import java.time.Instant;

/**
 * A round that is not sealed.
 *
 * @param running whether the process that took it lives on this machine
 */
public record OpenRound(long id, String job, Instant openedAt, boolean running) {}
