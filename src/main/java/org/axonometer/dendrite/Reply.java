package org.axonometer.dendrite;

import java.util.Optional;
import java.util.UUID;
import org.axonometer.synapse.AxonSignature;
import org.axonometer.synapse.SignedRequest;
import org.axonometer.synapse.Synapse;

/**
 * What one call of a {@link DendriteClient} gives.
 *
 * @param value the synapse deserialized: all that Python's call returns
 * @param synapse the synapse as the Python dendrite would hold it, the axon's claims merged in
 * @param request what was sent
 * @param exchange what was observed, the axon's claims apart
 * @param signature the axon's in the answer's headers, checked ({@code docs/axon-signatures.md});
 *     empty when no headers came
 * @param errorId what marks its line in the log; empty when Python would have met no exception
 */
public record Reply<T>(
    T value,
    Synapse synapse,
    SignedRequest request,
    Exchange exchange,
    Optional<AxonSignature> signature,
    Optional<UUID> errorId) {}
