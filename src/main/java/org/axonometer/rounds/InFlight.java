package org.axonometer.rounds;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.axonometer.dendrite.HeapLimit;

/**
 * What all rounds of this process may have in flight together: a number of queries, and the memory
 * their answers may come to need. A query takes the most its answer may have before it is claimed,
 * so that nobody's clock runs while it waits, and gives it back when its end is on the way to the
 * database. Fair and thread-safe.
 */
final class InFlight {
  private final HeapLimit heap;
  private final int most;
  private final Semaphore queries;
  private final Semaphore kibibytes;

  /**
   * @param most queries over all rounds
   */
  InFlight(int most, HeapLimit heap) {
    this.heap = heap;
    this.most = most;
    this.queries = new Semaphore(most, true);
    this.kibibytes = new Semaphore(heap.kibibytesForAnswers(), true);
  }

  /** The most queries a round alone can have in flight, by the limit of its answers. */
  int most(int maxResponseBytes) {
    return Math.min(most, heap.mostInFlight(maxResponseBytes));
  }

  /** Takes room for one more query, waiting up to so long for each of the two; false without. */
  boolean take(int maxResponseBytes, Duration patience) throws InterruptedException {
    // With a timeout, even of 0, nobody is overtaken: a query that needs more gets its turn.
    if (!queries.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    int needed = heap.kibibytesForAQuery(maxResponseBytes);
    if (!kibibytes.tryAcquire(needed, patience.toNanos(), TimeUnit.NANOSECONDS)) {
      queries.release();
      return false;
    }
    return true;
  }

  void giveBack(int count, int maxResponseBytes) {
    queries.release(count);
    kibibytes.release(count * heap.kibibytesForAQuery(maxResponseBytes));
  }
}
