package org.axonometer.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.axonometer.subnet.AxonEndpoint;

/**
 * A port of 127.0.0.1 that refuses connections until it is closed: it is bound, so that the system
 * gives it to nobody else, and nobody listens.
 */
public final class ClosedPort implements AutoCloseable {
  private final Socket bound = new Socket();

  private ClosedPort() {}

  public static ClosedPort hold() {
    var port = new ClosedPort();
    try {
      port.bound.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    } catch (IOException noSocket) {
      throw new UncheckedIOException(noSocket);
    }
    return port;
  }

  public AxonEndpoint endpoint() {
    return new AxonEndpoint(bound.getLocalAddress(), bound.getLocalPort());
  }

  @Override
  public void close() {
    try {
      bound.close();
    } catch (IOException notClosed) {
      throw new UncheckedIOException(notClosed);
    }
  }
}
