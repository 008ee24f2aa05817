package org.axonometer.history;

/**
 * One attempt, made durable before its query leaves.
 *
 * @param nonceNanos epoch nanoseconds, unique
 */
public record Claim(PlannedTarget target, int attempt, String uuid, long nonceNanos) {}
