/**
 * The commands an operator types, one class each. Start at {@link Axonometer}. The only room that
 * prints.
 */
@NullMarked
package org.axonometer.cli;

import org.jspecify.annotations.NullMarked;
