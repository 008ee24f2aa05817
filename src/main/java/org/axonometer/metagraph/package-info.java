/**
 * The metagraph at a block: what is read from a file, checked, and handed on. Start at {@link
 * SnapshotFile}; a list straight from the chain comes in through {@link NeuronsLiteImport}. Reads
 * as a stream under limits, loads no pickle, resolves no name.
 */
@NullMarked
package org.axonometer.metagraph;

import org.jspecify.annotations.NullMarked;
