package org.axonometer.history;

import java.time.Instant;
import java.util.Optional;

/**
 * What of a job may go.
 *
 * @param bodiesBefore bodies of rounds sealed before this; empty = none
 * @param rowsBefore rounds sealed before this, with all their rows; empty = none
 * @param unexported also rounds whose scoring inputs were never exported
 */
public record RetentionRule(
    String job, Optional<Instant> bodiesBefore, Optional<Instant> rowsBefore, boolean unexported) {}
