package org.axonometer.history;

import java.time.Instant;

/**
 * A round's seal.
 *
 * @param inputsSha256 of the round's JSONL export, byte for byte
 * @param previousSha256 the seal before it of the same job; 64 zeros for the first
 * @param sha256 over the previous seal, the job, the round and the inputs
 */
public record StoredSeal(
    String job,
    long roundId,
    int inputs,
    String inputsSha256,
    String previousSha256,
    String sha256,
    Instant sealedAt) {}
