/**
 * Asks axons and reports what happened. Start at {@link Dendrite}; every end of a query is an
 * {@link Outcome}. Holds the only HTTP client that talks to axons. Knows nothing of rounds, storage
 * or scheduling.
 */
@NullMarked
package org.axonometer.dendrite;

import org.jspecify.annotations.NullMarked;
