package org.axonometer.history;

import java.time.Duration;
import java.time.Instant;

/**
 * How a sealed round went.
 *
 * @param jobSource the job file's text, frozen at the opening
 * @param ok targets that answered
 * @param counted targets in the miners' denominator
 */
public record RoundRate(
    long roundId, String jobSource, Instant openedAt, Instant sealedAt, int ok, int counted) {

  /** The share of the denominator that answered, 0.0 to 1.0; 0.0 when nobody counts. */
  public double success() {
    return counted == 0 ? 0.0 : (double) ok / counted;
  }

  /** Whether it came up to a success threshold; never when nobody counts. */
  boolean reached(double threshold) {
    return counted > 0 && success() >= threshold;
  }

  /** From the opening to the seal. */
  public Duration took() {
    return Duration.between(openedAt, sealedAt);
  }
}
