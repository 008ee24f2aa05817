package org.axonometer.mockaxons;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.mockaxons.Behaviour.Manner;
import org.axonometer.subnet.Uid;
import org.axonometer.wallet.Hotkey;

/**
 * Simulated axons, uids 1..count, each with its own key and its own 127.x.y.z address; uid 0 is the
 * validator that may ask them. A virtual thread for each listener and each connection. Lives until
 * closed, whatever a caller sends. Thread-safe.
 */
public final class MockAxonPark implements AutoCloseable {
  private static final int BACKLOG = 512;

  private final ParkSettings settings;
  private final Clock clock;
  private final ParkKeys keys;
  private final Hotkey validator;
  private final QueryBook book;
  private final List<MockAxon> axons = new ArrayList<>();
  private final List<ServerSocket> listeners = new ArrayList<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final Workers workers = new Workers();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private MockAxonPark(ParkSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.keys = new ParkKeys(settings.seed());
    this.validator = keys.validator();
    this.book = new QueryBook(clock, settings.nonceLog());
  }

  /** Opens a park whose axons behave as its profile says. */
  public static MockAxonPark open(ParkSettings settings) {
    return open(settings, settings.profile().behaviours(settings), Clock.systemUTC());
  }

  /**
   * Opens a park; every axon listens when this returns. ParkException when one cannot, or the nonce
   * log cannot be written.
   *
   * @param behaviours one for each axon in uid order, in place of the profile's
   * @param clock what the axons hold nonces against, and the snapshot's time
   */
  public static MockAxonPark open(ParkSettings settings, List<Behaviour> behaviours, Clock clock) {
    if (behaviours.size() != settings.count()) {
      throw new IllegalArgumentException(
          settings.count() + " axons need as many behaviours, not " + behaviours.size());
    }
    MockAxonPark park = new MockAxonPark(settings, clock);
    try {
      for (int place = 0; place < settings.count(); place++) {
        park.add(place, behaviours.get(place));
      }
      return park;
    } catch (RuntimeException e) {
      park.close();
      throw e;
    }
  }

  /** The snapshot that names them, taken now. */
  public MetagraphSnapshot snapshot() {
    return new ParkSnapshot(settings, keys, validator.address()).of(axons, clock.instant());
  }

  /** The key the snapshot lists at uid 0, with a validator permit. */
  public Hotkey validator() {
    return validator;
  }

  /** What that axon does. */
  public Behaviour behaviour(Uid uid) {
    return axon(uid).behaviour();
  }

  /** What that axon has seen. */
  public Traffic traffic(Uid uid) {
    return axon(uid).traffic();
  }

  /** What all axons have seen. */
  public Traffic traffic() {
    return axons.stream().map(MockAxon::traffic).reduce(Traffic.NONE, Traffic::plus);
  }

  /** The newest 50,000 received queries, oldest first. */
  public List<ReceivedQuery> receivedQueries() {
    return book.newest();
  }

  /** Connections that are open now. */
  public int openConnections() {
    return connections.size();
  }

  /** Frees every port and thread within a second; open connections are cut. */
  @Override
  public void close() {
    threads.shutdown();
    listeners.forEach(MockAxonPark::closeQuietly);
    threads.shutdownNow();
    connections.forEach(MockAxonPark::closeQuietly);
    workers.close();
    try {
      threads.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    book.close();
  }

  private MockAxon axon(Uid uid) {
    if (uid.value() < 1 || uid.value() > axons.size()) {
      throw new IllegalArgumentException("axons are 1.." + axons.size() + ", not " + uid);
    }
    return axons.get(uid.value() - 1);
  }

  private void add(int place, Behaviour behaviour) {
    Uid uid = new Uid(place + 1);
    Hotkey listed = keys.axon(uid);
    Hotkey serving = behaviour.manner() == Manner.NOT_VERIFIED ? keys.formerAxon(uid) : listed;
    ServerSocket listener = bind(ParkAddress.at(settings.addressOffset() + place));
    MockAxon axon =
        new MockAxon(
            uid,
            listed.address(),
            (InetSocketAddress) listener.getLocalSocketAddress(),
            new SynapseAxon(uid, serving, behaviour, clock),
            book,
            workers);
    axons.add(axon);
    if (behaviour.manner() == Manner.CLOSED) {
      closeQuietly(listener);
    } else {
      listeners.add(listener);
      threads.execute(() -> accept(listener, axon));
    }
  }

  private ServerSocket bind(InetAddress host) {
    try {
      ServerSocket listener = new ServerSocket();
      try {
        listener.bind(new InetSocketAddress(host, settings.port()), BACKLOG);
        return listener;
      } catch (IOException e) {
        listener.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ParkException(
          "mock axon cannot listen on %s:%d: %s; choose another port or address range"
              .formatted(host.getHostAddress(), settings.port(), e.getMessage()),
          e);
    }
  }

  private void accept(ServerSocket listener, MockAxon axon) {
    while (!listener.isClosed()) {
      try {
        start(listener.accept(), axon);
      } catch (IOException | RuntimeException e) {
        // Closed, or out of descriptors for a while: other connections end and free some.
        if (!listener.isClosed()) {
          pause();
        }
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  private void start(Socket socket, MockAxon axon) {
    connections.add(socket);
    try {
      threads.execute(() -> serve(socket, axon));
    } catch (RejectedExecutionException e) {
      // The park closes; this socket came too late for its sweep.
      connections.remove(socket);
      closeQuietly(socket);
    }
  }

  private void serve(Socket socket, MockAxon axon) {
    try (socket) {
      new AxonConnection(axon, socket).serve();
    } catch (IOException | RuntimeException e) {
      // The peer left, was too slow or sent what broke us: that ends this connection alone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(socket);
    }
  }
}
