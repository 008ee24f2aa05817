/**
 * The wire form of a synapse query, pure: what is sent, how it is hashed and signed, how an answer
 * is read.
 */
@NullMarked
package org.axonometer.synapse;

import org.jspecify.annotations.NullMarked;
