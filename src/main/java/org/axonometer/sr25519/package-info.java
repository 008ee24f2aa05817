/**
 * sr25519: Schnorr signatures over Ristretto255 with a Merlin transcript. Bytes in, bytes out.
 * Start at {@link Sr25519}.
 */
@NullMarked
package org.axonometer.sr25519;

import org.jspecify.annotations.NullMarked;
