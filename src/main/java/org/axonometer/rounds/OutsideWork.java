package org.axonometer.rounds;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What threads wait for outside of this process and its database: the chain, an operator's command.
 * A stop interrupts that and nothing else, because a thread that is interrupted while it writes can
 * break the database's file for everybody.
 */
final class OutsideWork {
  private final Set<Thread> waiting = new HashSet<>();
  private boolean stopped;

  /**
   * Does the work on this thread.
   *
   * @throws RoundException STOPPED when it was interrupted, or would have to begin after the stop
   */
  <T> T await(Supplier<T> work) {
    begin();
    try {
      return work.get();
    } catch (RuntimeException e) {
      requireNotStopped();
      throw e;
    } finally {
      end();
    }
  }

  synchronized void requireNotStopped() {
    if (stopped) {
      throw new RoundException(
          RoundException.Reason.STOPPED,
          "stopped before a round was opened; nobody was asked, and there is nothing to finish");
    }
  }

  synchronized void stop() {
    stopped = true;
    waiting.forEach(Thread::interrupt);
  }

  private synchronized void begin() {
    requireNotStopped();
    waiting.add(Thread.currentThread());
  }

  /** What comes next on this thread may be a write, which has to go on undisturbed. */
  private synchronized void end() {
    waiting.remove(Thread.currentThread());
    if (stopped) {
      Thread.interrupted();
    }
  }
}
