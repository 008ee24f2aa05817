/**
 * Makes the request fields of a round's targets where they are no constants: from templates, a file
 * of lines, a statement on the history, or a command. Start at {@link Challenges}. Every challenge
 * is checked against the synapse before the round opens.
 */
@NullMarked
package org.axonometer.challenges;

import org.jspecify.annotations.NullMarked;
