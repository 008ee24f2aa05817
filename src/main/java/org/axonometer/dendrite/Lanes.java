package org.axonometer.dendrite;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.axonometer.subnet.AxonEndpoint;

/**
 * HTTP clients, so given out that no client ever serves one address and port twice and no two
 * queries to it run at once: an answer that an axon sends ahead or leaves behind can never be taken
 * for the answer to another query.
 *
 * <p>A lane is retired after a fixed number of queries, after a smaller number of malformed answers
 * (the client leaks one descriptor for each), or to make room for a new one; the last query on it
 * shuts it down, which frees what leaked. Thread-safe.
 */
final class Lanes implements AutoCloseable {
  static final int MAX_QUERIES = 512;
  static final int MAX_MALFORMED = 32;
  static final int MAX_OPEN = 8;

  private final Supplier<HttpClient> newClient;
  private final ReentrantLock lock = new ReentrantLock();
  private final EndpointTurns endpoints = new EndpointTurns();
  private final List<Lane> open = new ArrayList<>();
  private int alive;
  private long created;
  private boolean closed;

  Lanes(Supplier<HttpClient> newClient) {
    this.newClient = newClient;
  }

  private static final class Lane {
    private final HttpClient client;
    private final Set<AxonEndpoint> served = new HashSet<>();
    private int underWay;
    private int malformed;
    private boolean retired;

    Lane(HttpClient client) {
      this.client = client;
    }
  }

  /** The right to ask one axon once, through one client; to be closed when the query has ended. */
  final class Turn implements AutoCloseable {
    private final EndpointTurns.Turn endpoint;
    private final Lane lane;

    private Turn(EndpointTurns.Turn endpoint, Lane lane) {
      this.endpoint = endpoint;
      this.lane = lane;
    }

    HttpClient client() {
      return lane.client;
    }

    /** The answer was one for which the client leaks a descriptor. */
    void malformed() {
      lock.lock();
      try {
        if (++lane.malformed >= MAX_MALFORMED) {
          retire(lane);
        }
      } finally {
        lock.unlock();
      }
    }

    /** The client itself is broken; nobody else gets it. */
    void broken() {
      lock.lock();
      try {
        retire(lane);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        lane.underWay--;
        shutDownIfDone(lane);
      } finally {
        lock.unlock();
      }
      endpoint.close();
    }
  }

  /** Waits until no other query to that axon is under way. */
  Turn take(AxonEndpoint axon) throws InterruptedException {
    EndpointTurns.Turn endpoint = endpoints.take(axon);
    boolean ready = false;
    try {
      Turn turn = new Turn(endpoint, laneFor(axon));
      ready = true;
      return turn;
    } finally {
      if (!ready) {
        endpoint.close();
      }
    }
  }

  private Lane laneFor(AxonEndpoint axon) {
    lock.lock();
    try {
      if (closed) {
        throw new Dendrite.ClosedDendrite();
      }
      Lane lane =
          open.stream()
              .filter(candidate -> !candidate.served.contains(axon))
              .findFirst()
              .orElseGet(this::newLane);
      lane.served.add(axon);
      lane.underWay++;
      if (lane.served.size() >= MAX_QUERIES) {
        retire(lane);
      }
      return lane;
    } finally {
      lock.unlock();
    }
  }

  private Lane newLane() {
    if (open.size() >= MAX_OPEN) {
      open.stream().min(Comparator.comparingInt(lane -> lane.underWay)).ifPresent(this::retire);
    }
    Lane lane = new Lane(newClient.get());
    open.add(lane);
    alive++;
    created++;
    return lane;
  }

  private void retire(Lane lane) {
    if (!lane.retired) {
      lane.retired = true;
      open.remove(lane);
      shutDownIfDone(lane);
    }
  }

  private void shutDownIfDone(Lane lane) {
    if (lane.retired && lane.underWay == 0) {
      alive--;
      lane.client.shutdownNow();
    }
  }

  /** Lanes not shut down yet. */
  int alive() {
    lock.lock();
    try {
      return alive;
    } finally {
      lock.unlock();
    }
  }

  /** Lanes ever opened. */
  long created() {
    lock.lock();
    try {
      return created;
    } finally {
      lock.unlock();
    }
  }

  /** No more turns; a lane with queries under way is shut down by the last of them. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      List.copyOf(open).forEach(this::retire);
    } finally {
      lock.unlock();
    }
  }
}
