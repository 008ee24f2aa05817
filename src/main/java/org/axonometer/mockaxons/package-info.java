/**
 * A park of simulated axons on loopback, for the demo, the tests and an operator's rehearsal. Start
 * at {@link MockAxonPark}: {@link ParkSettings} say how many and where, {@link Profile} and {@link
 * Behaviour} what each does with a query. An axon checks and answers as the SDK's does, over plain
 * sockets; since it shares our crypto and wire code, it proves nothing about the wire form.
 */
@NullMarked
package org.axonometer.mockaxons;

import org.jspecify.annotations.NullMarked;
