package org.axonometer.dendrite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.testing.ClosedPort;
import org.axonometer.testing.ScriptedAxon;

/**
 * One way an axon may behave against us, and how a query to it has to end.
 *
 * @param id its number in the catalogue of faults, such as {@code H04}
 * @param ends the outcomes it may have; more than one only where the peer's and our own timing race
 * @param requestBytes how long a question it is asked; 0 for an ordinary one
 * @param opening starts one, told the address of a listener nobody has a reason to contact
 */
public record HostileAxon(
    String id,
    String behaviour,
    Set<Outcome> ends,
    int requestBytes,
    Function<AxonEndpoint, Peer> opening) {

  /** The deadline where waiting is all that can be done. */
  static final Duration SHORT = Duration.ofMillis(400);

  private static final Duration PATIENT = Duration.ofSeconds(20);

  /** A listening peer; it stays until it is closed. */
  public interface Peer extends AutoCloseable {
    AxonEndpoint endpoint();

    /** Connections it took; -1 where it cannot tell. */
    int accepted();

    @Override
    void close();
  }

  Duration deadline() {
    return ends.contains(Outcome.TIMED_OUT) ? SHORT : PATIENT;
  }

  public Peer open(AxonEndpoint canary) {
    return opening.apply(canary);
  }

  @Override
  public String toString() {
    return id + " " + behaviour;
  }

  static HostileAxon playing(
      String id, String behaviour, ScriptedAxon.Script script, Outcome... ends) {
    return new HostileAxon(id, behaviour, Set.of(ends), 0, _ -> scripted(script));
  }

  /** Reads the request, sends this and closes. */
  static HostileAxon sending(String id, String behaviour, byte[] answer, Outcome... ends) {
    return playing(
        id,
        behaviour,
        connection -> {
          connection.readRequest();
          connection.send(answer).close();
        },
        ends);
  }

  static HostileAxon sending(String id, String behaviour, String answer, Outcome... ends) {
    return sending(id, behaviour, answer.getBytes(UTF_8), ends);
  }

  /** Reads the request, sends this and keeps the connection. */
  static HostileAxon holding(String id, String behaviour, String answer, Outcome... ends) {
    return playing(
        id,
        behaviour,
        connection -> {
          connection.readRequest();
          connection.send(answer);
        },
        ends);
  }

  static HostileAxon opening(
      String id, String behaviour, Function<AxonEndpoint, Peer> opening, Outcome... ends) {
    return new HostileAxon(id, behaviour, Set.of(ends), 0, opening);
  }

  HostileAxon asked(int bytes) {
    return new HostileAxon(id, behaviour, ends, bytes, opening);
  }

  static Peer scripted(ScriptedAxon.Script script) {
    ScriptedAxon axon = ScriptedAxon.playing(script);
    return new Peer() {
      @Override
      public AxonEndpoint endpoint() {
        return axon.endpoint();
      }

      @Override
      public int accepted() {
        return axon.acceptedConnections();
      }

      @Override
      public void close() {
        axon.close();
      }
    };
  }

  /** Nothing is there to contact. */
  static Peer nobody(AxonEndpoint endpoint) {
    return new Peer() {
      @Override
      public AxonEndpoint endpoint() {
        return endpoint;
      }

      @Override
      public int accepted() {
        return -1;
      }

      @Override
      public void close() {
        // Nothing was opened.
      }
    };
  }

  /** Nobody listens, and nobody else will. */
  static Peer closedPort() {
    ClosedPort port = ClosedPort.hold();
    return new Peer() {
      @Override
      public AxonEndpoint endpoint() {
        return port.endpoint();
      }

      @Override
      public int accepted() {
        return -1;
      }

      @Override
      public void close() {
        port.close();
      }
    };
  }

  /** The kernel takes the connection and nobody ever looks at it, as when a host vanishes. */
  static Peer vanished() {
    return new Backlog(1_024, 0);
  }

  /** A listener whose queue is full: the kernel drops every further SYN. */
  static Peer blackHole() {
    return new Backlog(1, 4);
  }

  private static final class Backlog implements Peer {
    private static final int FILLING_MILLIS = 50;
    private final ServerSocket listening;
    private final List<Socket> fillers = new ArrayList<>();

    Backlog(int length, int filling) {
      try {
        listening = new ServerSocket(0, length, InetAddress.ofLiteral("127.0.0.1"));
        for (int i = 0; i < filling && fill(); i++) {
          // Until one finds no room.
        }
      } catch (IOException noSocket) {
        throw new UncheckedIOException(noSocket);
      }
    }

    private boolean fill() {
      Socket filler = new Socket();
      fillers.add(filler);
      try {
        filler.connect(listening.getLocalSocketAddress(), FILLING_MILLIS);
        return true;
      } catch (IOException full) {
        return false;
      }
    }

    @Override
    public AxonEndpoint endpoint() {
      return new AxonEndpoint(listening.getInetAddress(), listening.getLocalPort());
    }

    @Override
    public int accepted() {
      return -1;
    }

    @Override
    public void close() {
      try {
        for (Socket filler : fillers) {
          filler.close();
        }
        listening.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
