package org.axonometer.mockaxons;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * The few threads that check signatures and make answers, one for each processor. On the virtual
 * threads of the connections, which are not preempted, that work would hold up reading and the ends
 * of delays.
 */
final class Workers implements AutoCloseable {
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          Runtime.getRuntime().availableProcessors(),
          Thread.ofPlatform().daemon().name("mock-axon-worker-", 1).factory());

  /** Runs it there and waits. InterruptedException also when the workers have stopped. */
  <T> T run(Callable<T> work) throws InterruptedException {
    try {
      return threads.submit(work).get();
    } catch (RejectedExecutionException e) {
      throw new InterruptedException("the park is closed");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a query broke its axon", e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
