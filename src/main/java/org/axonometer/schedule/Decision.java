package org.axonometer.schedule;

import java.time.Instant;
import org.axonometer.history.Fire;

/** What becomes of one scheduled time. */
sealed interface Decision {
  Instant time();

  /** It gets a round, now. */
  record Open(Instant time) implements Decision {}

  /** It gets none. */
  record Skip(Instant time, Fire.Reason reason) implements Decision {}
}
