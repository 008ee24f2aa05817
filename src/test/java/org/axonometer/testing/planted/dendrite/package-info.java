/** A room in order, for the rules of ArchitectureTest. */
@NullMarked
package org.axonometer.testing.planted.dendrite;

import org.jspecify.annotations.NullMarked;
