package org.axonometer.dendrite;

import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;

/** An axon to ask: the parts of Python's {@code AxonInfo} a query needs. */
public record AxonTarget(AxonEndpoint endpoint, Ss58Address hotkey) {}
