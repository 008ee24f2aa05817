/**
 * The wire form of a synapse query, pure: what is sent, how it is hashed and signed, how an answer
 * is read. Start at {@link Question} for what is sent and at {@link SynapseReply} for what comes
 * back; {@link SynapseType} says what a synapse looks like.
 */
@NullMarked
package org.axonometer.synapse;

import org.jspecify.annotations.NullMarked;
