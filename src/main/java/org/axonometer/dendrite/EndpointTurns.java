package org.axonometer.dendrite;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.axonometer.subnet.AxonEndpoint;

/**
 * Lets one at a time have each address and port, in the order they came. Remembers only those
 * somebody has or waits for. Thread-safe.
 */
final class EndpointTurns {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<AxonEndpoint, Queue> queues = new HashMap<>();

  private static final class Queue {
    private final Semaphore free = new Semaphore(1, true);
    private int users;
  }

  /** The right to one address and port, until it is closed. */
  final class Turn implements AutoCloseable {
    private final AxonEndpoint endpoint;
    private final Queue queue;

    private Turn(AxonEndpoint endpoint, Queue queue) {
      this.endpoint = endpoint;
      this.queue = queue;
    }

    @Override
    public void close() {
      leave(endpoint, queue);
      queue.free.release();
    }
  }

  /** Waits until nobody has it. */
  Turn take(AxonEndpoint endpoint) throws InterruptedException {
    Queue queue = join(endpoint);
    try {
      queue.free.acquire();
    } catch (InterruptedException gaveUp) {
      leave(endpoint, queue);
      throw gaveUp;
    }
    return new Turn(endpoint, queue);
  }

  private Queue join(AxonEndpoint endpoint) {
    lock.lock();
    try {
      Queue queue = queues.computeIfAbsent(endpoint, _ -> new Queue());
      queue.users++;
      return queue;
    } finally {
      lock.unlock();
    }
  }

  private void leave(AxonEndpoint endpoint, Queue queue) {
    lock.lock();
    try {
      if (--queue.users == 0) {
        queues.remove(endpoint);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many addresses somebody has or waits for. */
  int size() {
    lock.lock();
    try {
      return queues.size();
    } finally {
      lock.unlock();
    }
  }
}
