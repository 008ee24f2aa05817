package org.axonometer.rounds;

import java.time.Clock;
import java.time.Duration;
import org.axonometer.dendrite.HeapLimit;
import org.axonometer.history.RoundStore;
import org.axonometer.jobs.JobDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of what this machine and process do not have for a round.
 *
 * @param mostInFlight queries on their way at once, over all rounds
 */
record OwnMeans(RoundStore store, int mostInFlight, Clock clock) {
  private static final Logger log = LoggerFactory.getLogger(OwnMeans.class);

  /** Axons take nonces that are up to four seconds and a timeout old. */
  private static final Duration CLOCKS_AGREE = Duration.ofSeconds(2);

  /**
   * Looks whether our clock is the database's, which another machine may have, and notes on the
   * round when it is not. In a transaction only as its first statement: the database's time is that
   * of its beginning.
   */
  void lookAtTheClock(long roundId, long fence) {
    Duration ahead = store.databaseAhead(clock);
    if (ahead.abs().compareTo(CLOCKS_AGREE) > 0) {
      store.doubtClock(roundId, fence);
      log.warn(
          "round={} the database's clock is {} s {} ours; one of them is wrong, and a refused nonce is counted as our fault",
          roundId,
          ahead.abs().toSeconds(),
          ahead.isNegative() ? "behind" : "ahead of");
    }
  }

  /** What the job itself warns of, and where it may ask for more at once than there is. */
  void warn(long roundId, JobDefinition job) {
    job.warnings().forEach(warning -> log.warn("round={} job={} {}", roundId, job.name(), warning));
    if (job.asking().concurrency() > mostInFlight) {
      log.warn(
          "round={} job={} at most {} queries in flight instead of {}: see --max-in-flight and ulimit -n",
          roundId,
          job.name(),
          mostInFlight,
          job.asking().concurrency());
    }
    warnOfTheHeap(roundId, job);
  }

  private static void warnOfTheHeap(long roundId, JobDefinition job) {
    HeapLimit heap = HeapLimit.ofThisProcess();
    int most = heap.mostInFlight(job.storing().maxResponseBytes());
    if (job.asking().concurrency() > most) {
      log.warn(
          "round={} job={} at most {} queries in flight instead of {}: answers of up to {} KiB each (store.max-response) and a heap of {} MiB; give Java more with AXONOMETER_JAVA_OPTS=-Xmx2g or lower store.max-response",
          roundId,
          job.name(),
          most,
          job.asking().concurrency(),
          job.storing().maxResponseBytes() / 1_024,
          heap.mebibytes());
    }
  }
}
