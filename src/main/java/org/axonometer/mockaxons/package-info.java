/**
 * A park of simulated axons on loopback, for the demo, the tests and an operator's rehearsal. Start
 * at {@link MockAxonPark}.
 */
@NullMarked
package org.axonometer.mockaxons;

import org.jspecify.annotations.NullMarked;
