/**
 * Turns a round's results into scoring inputs, once: {@link RoundJudge} decides outcome and blame,
 * {@link RoundSealing} hashes and chains, {@link ScoringExport} makes the files and {@link
 * WholeFile} writes them. Sets no weights.
 */
@NullMarked
package org.axonometer.scoring;

import org.jspecify.annotations.NullMarked;
