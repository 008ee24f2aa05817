package org.axonometer.synapse;

import org.jspecify.annotations.Nullable;

/**
 * What bittensor.dendrite would have recorded: dendrite.status_code and status_message (protocol
 * 4.4, 4.5).
 */
public record DendriteView(@Nullable Integer statusCode, @Nullable String statusMessage) {}
