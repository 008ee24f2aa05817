package org.axonometer.mockaxons;

import java.time.Duration;

/**
 * What an axon, or the whole park, has seen since it opened.
 *
 * @param received queries whose head was complete
 * @param verified of those, the ones whose signature and nonce held; manners that check nothing
 *     verify nothing
 * @param answered of those received, the ones whose whole answer was written
 * @param worstLateness the most that such an answer left later than its behaviour says, because
 *     this machine was busy
 */
public record Traffic(long received, long verified, long answered, Duration worstLateness) {

  static final Traffic NONE = new Traffic(0, 0, 0, Duration.ZERO);

  Traffic plus(Traffic other) {
    return new Traffic(
        received + other.received,
        verified + other.verified,
        answered + other.answered,
        worstLateness.compareTo(other.worstLateness) > 0 ? worstLateness : other.worstLateness);
  }
}
