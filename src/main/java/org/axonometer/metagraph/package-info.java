/**
 * The metagraph at a block: what is read from a file or the chain, checked, and handed on. Start at
 * {@link SnapshotFile}; any form comes in through {@link SnapshotImport}, the chain through {@link
 * ChainFetch}. Reads under limits, builds data only, resolves no name but an endpoint's.
 */
@NullMarked
package org.axonometer.metagraph;

import org.jspecify.annotations.NullMarked;
