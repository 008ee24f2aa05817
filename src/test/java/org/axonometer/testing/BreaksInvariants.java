package org.axonometer.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that a test leaves a history that does not hold, and how; {@link HistoriesHold} passes it
 * over.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface BreaksInvariants {

  /** What it breaks. */
  String value();
}
