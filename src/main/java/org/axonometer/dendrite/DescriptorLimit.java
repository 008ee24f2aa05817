package org.axonometer.dendrite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How many file descriptors this process may have open, and what that means for queries.
 *
 * @param descriptors the soft limit; {@link Long#MAX_VALUE} for none
 */
public record DescriptorLimit(long descriptors) {
  /**
   * What the program holds open besides its queries: jar, database, pool, logs, and what broken
   * answers leave open until their lane is shut down.
   */
  public static final long OF_OUR_OWN = 256;

  /** A query's socket, and the selector of the client it goes through. */
  public static final long A_QUERY = 4;

  /** Of this very process; empty without a /proc. */
  public static Optional<DescriptorLimit> ofThisProcess() {
    try {
      return Files.readAllLines(Path.of("/proc/self/limits")).stream()
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.substring("Max open files".length()).strip().replaceFirst("\\s.*", ""))
          .map(soft -> soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft))
          .map(DescriptorLimit::new)
          .findFirst();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** How many queries may be in flight at once; 0 when there is no room for any. */
  public int mostInFlight() {
    return Math.clamp((descriptors - OF_OUR_OWN) / A_QUERY, 0, Integer.MAX_VALUE);
  }
}
