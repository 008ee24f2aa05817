/**
 * What a monitor needs of {@code serve}: metrics and health on loopback, calls when a job fails,
 * the form of log lines. Start at {@link Monitoring}. Listens to the scheduler and reads the
 * history; only cli, which puts the program together, knows this room. The only room that knows
 * Micrometer.
 */
@NullMarked
package org.axonometer.observability;

import org.jspecify.annotations.NullMarked;
