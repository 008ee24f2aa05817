package org.axonometer.history;

import java.util.Optional;
import org.axonometer.subnet.Uid;

/**
 * The request fields of one target, or of all targets of a round.
 *
 * @param uid whose; empty = everyone's who has none of his own
 * @param firstAttempt the attempt it holds from, 1 unless it was renewed in an open round
 * @param seed what it was made with; not negative
 * @param origin where it came from, such as {@code prompts.jsonl:7}
 * @param fields every request field as an ASCII JSON object, constants included
 */
public record Challenge(
    Optional<Uid> uid, int firstAttempt, long seed, String origin, String fields) {

  public Challenge {
    if (firstAttempt < 1 || seed < 0) {
      throw new IllegalArgumentException(
          "first attempt must be 1 or more and the seed 0 or more, were %d and %d"
              .formatted(firstAttempt, seed));
    }
  }
}
