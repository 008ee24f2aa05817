/**
 * Runs rounds: open, take, ask, seal, report. Start at {@link RoundLauncher}; a query passes {@link
 * Window}, {@link AskOne}, the dendrite, and {@link OutcomeWriter}. The only room that knows Spring
 * Batch.
 */
@NullMarked
package org.axonometer.rounds;

import org.jspecify.annotations.NullMarked;
