/**
 * The metagraph at a block: what is read from a file, checked, and handed on. Start at {@link
 * SnapshotFile}.
 */
@NullMarked
package org.axonometer.metagraph;

import org.jspecify.annotations.NullMarked;
