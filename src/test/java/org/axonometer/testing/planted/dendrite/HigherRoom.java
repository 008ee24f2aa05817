package org.axonometer.testing.planted.dendrite;

import org.jspecify.annotations.Nullable;

/** What a lower room must not know. */
public record HigherRoom(@Nullable String name) {}
