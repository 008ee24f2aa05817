/**
 * Job files: YAML in, {@link JobDefinition} out, every mistake with file and line. Start at {@link
 * JobFile}; {@link JobFolder} finds a file by its job's name. What a key means stands in {@code
 * jobs/README.md}.
 */
@NullMarked
package org.axonometer.jobs;

import org.jspecify.annotations.NullMarked;
