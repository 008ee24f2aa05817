package org.axonometer.targets;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * One round's stretch of a job's round-robin. Every hotkey has a place on a ring, the SHA-256 of
 * {@code ring:<seed>:<hotkey>}; a turn takes the next ones behind {@code from} and ends at {@code
 * to}, where the job's next turn begins. Whoever joins or leaves moves nobody else.
 *
 * @param seed of the ring: that of the job's first round-robin round
 * @param from a place, 64 lower-case hexadecimal digits
 * @param to the place of the last one taken; {@code from} when nobody was
 */
public record Turn(long seed, String from, String to) {

  private static final Pattern PLACE = Pattern.compile("[0-9a-f]{64}");

  public Turn {
    if (!PLACE.matcher(from).matches() || !PLACE.matcher(to).matches()) {
      throw new IllegalArgumentException("a place has 64 hexadecimal digits");
    }
  }

  /** Before the first round: a new ring, begun at a random place of it. */
  static Turn before(long seed) {
    String start = HexFormat.of().formatHex(SeededOrder.RING.key(seed, "start"));
    return new Turn(seed, start, start);
  }
}
