/**
 * What is known of rounds, for good: the database, its tables and every SQL statement on them.
 * Start at {@link Database}; rounds are written through {@link RoundStore}, always under the
 * round's fence, and read through {@link HistoryQueries}.
 */
@NullMarked
package org.axonometer.history;

import org.jspecify.annotations.NullMarked;
