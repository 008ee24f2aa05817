/**
 * Job files: YAML in, {@link JobDefinition} out, every mistake with file and line. Start at {@link
 * JobFile}.
 */
@NullMarked
package org.axonometer.jobs;

import org.jspecify.annotations.NullMarked;
