package org.axonometer.mockaxons;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One accepted connection: reads queries one after another and treats each as its axon does. */
final class AxonConnection {
  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final Duration REQUEST = Duration.ofSeconds(30);
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final MockAxon axon;
  private final Socket socket;
  private final HttpRequestReader reader;

  AxonConnection(MockAxon axon, Socket socket) throws IOException {
    this.axon = axon;
    this.socket = socket;
    this.reader = new HttpRequestReader(socket, IDLE, REQUEST);
    socket.setTcpNoDelay(true);
  }

  /** Serves until either side has had enough; the caller closes the socket. */
  void serve() throws IOException, InterruptedException {
    boolean goOn = true;
    while (goOn) {
      try {
        HttpRequest request = reader.nextHead();
        goOn = request != null && treat(request);
      } catch (HttpException e) {
        refuse(e);
        return;
      }
    }
  }

  /** Treats one query; whether another may follow on this connection. */
  private boolean treat(HttpRequest request) throws IOException, InterruptedException {
    axon.noteReceived(request);
    if (request.headers().getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      socket.getOutputStream().write(CONTINUE);
    }
    byte[] body = reader.body(request);
    long dueNanos = System.nanoTime() + axon.behaviour().delay().toNanos();
    // The whole answer is made before the delay is over, so that only the write is left then.
    Delivery delivery = axon.prepare(request, body, client());
    waitUntil(dueNanos);
    long lateNanos = System.nanoTime() - dueNanos;
    boolean whole = delivery.send(socket, reader);
    if (whole) {
      axon.noteAnswered(lateNanos);
    }
    return whole && request.keepAlive();
  }

  private InetSocketAddress client() {
    return (InetSocketAddress) socket.getRemoteSocketAddress();
  }

  private void refuse(HttpException e) throws IOException {
    HttpAnswer answer = HttpAnswer.plain(e.status(), "text/plain; charset=utf-8", e.text());
    socket.getOutputStream().write(answer.bytes(false));
    // Closing with unread bytes would reset the connection and take the answer with it.
    socket.shutdownOutput();
    reader.drain(Duration.ofSeconds(1));
  }

  private static void waitUntil(long nanoTime) throws InterruptedException {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      Thread.sleep(Duration.ofNanos(left));
    }
  }
}
