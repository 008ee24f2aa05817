package org.axonometer.testing;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts every socket a Java process opens: as its selector provider (named by a system property at
 * the process's start) all channels, and after {@link #countPlainSockets} all plain sockets. Passes
 * everything on to the platform's own.
 */
public final class CountedSockets extends SelectorProvider {
  private static final AtomicInteger OPENED = new AtomicInteger();

  private final SelectorProvider platform;

  /** Made by the platform, which finds it by its name. */
  public CountedSockets() {
    try {
      platform =
          (SelectorProvider)
              Class.forName("sun.nio.ch.DefaultSelectorProvider").getMethod("get").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What was opened so far in this process. */
  public static int opened() {
    return OPENED.get();
  }

  /** From now on plain client and server sockets are refused after they are counted. */
  @SuppressWarnings("deprecation") // The one place where a plain socket can be counted.
  public static void countPlainSockets() throws IOException {
    Socket.setSocketImplFactory(CountedSockets::refused);
    java.net.ServerSocket.setSocketFactory(CountedSockets::refused);
    java.net.DatagramSocket.setDatagramSocketImplFactory(
        () -> {
          OPENED.incrementAndGet();
          throw new IllegalStateException("a datagram socket was opened");
        });
  }

  private static java.net.SocketImpl refused() {
    OPENED.incrementAndGet();
    throw new IllegalStateException("a socket was opened");
  }

  @Override
  public DatagramChannel openDatagramChannel() throws IOException {
    OPENED.incrementAndGet();
    return platform.openDatagramChannel();
  }

  @Override
  public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
    OPENED.incrementAndGet();
    return platform.openDatagramChannel(family);
  }

  @Override
  public Pipe openPipe() throws IOException {
    return platform.openPipe();
  }

  @Override
  public AbstractSelector openSelector() throws IOException {
    return platform.openSelector();
  }

  @Override
  public ServerSocketChannel openServerSocketChannel() throws IOException {
    OPENED.incrementAndGet();
    return platform.openServerSocketChannel();
  }

  @Override
  public SocketChannel openSocketChannel() throws IOException {
    OPENED.incrementAndGet();
    return platform.openSocketChannel();
  }
}
