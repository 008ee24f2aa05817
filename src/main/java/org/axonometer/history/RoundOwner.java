package org.axonometer.history;

import java.time.Instant;

/**
 * The process that asks a round.
 *
 * @param since when it took the round, by the database's clock
 */
public record RoundOwner(String host, long pid, Instant since) {

  @Override
  public String toString() {
    return "process %d on %s since %s".formatted(pid, host, since);
  }
}
