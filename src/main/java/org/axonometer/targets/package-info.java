/**
 * Who is asked, who not, and why; in which order. Pure: what needs the past is passed in as a
 * value. Start at {@link Selection}.
 */
@NullMarked
package org.axonometer.targets;

import org.jspecify.annotations.NullMarked;
