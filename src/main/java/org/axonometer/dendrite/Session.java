package org.axonometer.dendrite;

import java.lang.ref.Cleaner;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The engine of a {@link DendriteClient}: made at the first call, ended when it is closed and no
 * call is on it any more, made again by the next call. A client that is forgotten unclosed has its
 * engine ended by the garbage collector, some time. Thread-safe.
 */
final class Session implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final Engine engine;

  Session(int maxBodyBytes) {
    this.engine = new Engine(maxBodyBytes);
    CLEANER.register(this, engine::retire);
  }

  /** One call's hold on the engine. */
  record Lease(Engine engine, Use use) implements AutoCloseable {
    Dendrite dendrite() {
      return use.dendrite;
    }

    @Override
    public void close() {
      engine.leave(use);
    }
  }

  private static final class Use {
    private final Dendrite dendrite;
    private int calls;
    private boolean retired;

    Use(Dendrite dendrite) {
      this.dendrite = dendrite;
    }
  }

  /** What must not know the session, or the session would never be forgotten. */
  private static final class Engine {
    private final int maxBodyBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Use current;

    Engine(int maxBodyBytes) {
      this.maxBodyBytes = maxBodyBytes;
    }

    Lease lease() {
      lock.lock();
      try {
        Use use = current == null ? new Use(new Dendrite(maxBodyBytes)) : current;
        current = use;
        use.calls++;
        return new Lease(this, use);
      } finally {
        lock.unlock();
      }
    }

    void leave(Use use) {
      lock.lock();
      try {
        use.calls--;
        closeIfDone(use);
      } finally {
        lock.unlock();
      }
    }

    void retire() {
      lock.lock();
      try {
        if (current != null) {
          current.retired = true;
          closeIfDone(current);
          current = null;
        }
      } finally {
        lock.unlock();
      }
    }

    private static void closeIfDone(Use use) {
      if (use.retired && use.calls == 0) {
        use.dendrite.close();
      }
    }

    boolean isOpen() {
      lock.lock();
      try {
        return current != null;
      } finally {
        lock.unlock();
      }
    }
  }

  Lease lease() {
    return engine.lease();
  }

  boolean isOpen() {
    return engine.isOpen();
  }

  /** Without effect when there is none. */
  @Override
  public void close() {
    engine.retire();
  }
}
