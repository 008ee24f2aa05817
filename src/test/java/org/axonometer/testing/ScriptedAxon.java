package org.axonometer.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonometer.subnet.AxonEndpoint;

/**
 * An axon on a real loopback socket that does what its script says, byte for byte: answers, drips,
 * stays silent, breaks the protocol, closes or resets. It tells what it received and which
 * connections are still open. Each connection is played on a thread of its own; after its script a
 * connection stays open until the other side closes it, unless the script closed it.
 */
public final class ScriptedAxon implements AutoCloseable {

  /** What to do on one connection. An IOException ends it: the other side has gone. */
  @FunctionalInterface
  public interface Script {
    void play(Connection connection) throws IOException, InterruptedException;
  }

  /**
   * A request as it came.
   *
   * @param line the request line
   * @param headers name and value of each header line, in order, as written
   * @param body do not change it
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Request(String line, List<Header> headers, byte[] body) {

    /** The value of the first header of that name, whatever its case. */
    public Optional<String> header(String name) {
      return headers.stream()
          .filter(header -> header.name().equalsIgnoreCase(name))
          .map(Header::value)
          .findFirst();
    }

    /** The body as UTF-8. */
    public String text() {
      return new String(body, UTF_8);
    }
  }

  /** One header line. */
  public record Header(String name, String value) {}

  private final ServerSocket listening;
  private final Script script;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Connection> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();

  private ScriptedAxon(InetAddress address, int backlog, Script script) {
    this.script = script;
    try {
      listening = new ServerSocket();
      listening.setReuseAddress(true);
      listening.bind(new InetSocketAddress(address, 0), backlog);
    } catch (IOException noSocket) {
      throw new UncheckedIOException(noSocket);
    }
    Thread.ofVirtual().name("scripted-axon-" + listening.getLocalPort()).start(this::accept);
  }

  /** Plays the script on every connection, on 127.0.0.1 and a free port. */
  public static ScriptedAxon playing(Script script) {
    return playing(InetAddress.ofLiteral("127.0.0.1"), script);
  }

  /** Plays the script on every connection, on that address and a free port. */
  public static ScriptedAxon playing(InetAddress address, Script script) {
    return new ScriptedAxon(address, 1_024, script);
  }

  /** Reads each request and sends these bytes, then waits for the other side to close. */
  public static ScriptedAxon sending(String answer) {
    return playing(
        connection -> {
          connection.readRequest();
          connection.send(answer);
        });
  }

  /** Answers each request with status 200, the axon's success headers and this JSON. */
  public static ScriptedAxon answering(String json) {
    return sending(success(json));
  }

  /** Accepts, reads the request and never answers. */
  public static ScriptedAxon acceptsAndStaysSilent() {
    return playing(Connection::readRequest);
  }

  /** A whole answer: status line, these header lines, a right Content-Length, the body. */
  public static String http(int status, String body, String... headerLines) {
    StringBuilder answer = new StringBuilder("HTTP/1.1 ").append(status).append(" Status\r\n");
    for (String header : headerLines) {
      answer.append(header).append("\r\n");
    }
    return answer
        .append("content-length: ")
        .append(body.getBytes(UTF_8).length)
        .append("\r\n\r\n")
        .append(body)
        .toString();
  }

  /** What an axon of SDK 7.2 and later sends for a successful forward. */
  public static String success(String json) {
    return http(
        200,
        json,
        "content-type: application/json",
        "bt_header_axon_status_code: 200",
        "bt_header_axon_status_message: Success",
        "bt_header_axon_process_time: 0.05");
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Connection connection = new Connection(listening.accept());
        accepted.incrementAndGet();
        open.add(connection);
        Thread.ofVirtual().name("scripted-connection").start(() -> play(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void play(Connection connection) {
    try {
      script.play(connection);
      connection.awaitPeerClose();
    } catch (IOException | InterruptedException gone) {
      // Expected: the other side closed, or this axon was closed.
    } finally {
      connection.close();
      open.remove(connection);
    }
  }

  /** Where it listens. */
  public AxonEndpoint endpoint() {
    return new AxonEndpoint(listening.getInetAddress(), listening.getLocalPort());
  }

  /** The requests read completely so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Connections accepted so far. */
  public int acceptedConnections() {
    return accepted.get();
  }

  /** Connections neither side has closed. */
  public int openConnections() {
    return open.size();
  }

  /** Waits until no connection is open; false when one still is after that time. */
  public boolean hasNoOpenConnectionsWithin(Duration patience) throws InterruptedException {
    long giveUp = System.nanoTime() + patience.toNanos();
    while (!open.isEmpty()) {
      if (System.nanoTime() - giveUp > 0) {
        return false;
      }
      Thread.sleep(2);
    }
    return true;
  }

  /** Listens no more and cuts every connection. */
  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException alreadyClosed) {
      throw new UncheckedIOException(alreadyClosed);
    }
    open.forEach(Connection::close);
  }

  /** One accepted connection, from the axon's side. */
  public final class Connection {
    private static final int MAX_HEAD_BYTES = 1 << 20;

    private final Socket socket;
    private final InputStream in;

    private Connection(Socket socket) throws IOException {
      this.socket = socket;
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
    }

    /** Reads one request with its body and remembers it. */
    public Request readRequest() throws IOException {
      List<String> lines = readHead();
      List<Header> headers = new ArrayList<>();
      int bodyBytes = 0;
      for (String line : lines.subList(1, lines.size())) {
        int colon = line.indexOf(':');
        Header header = new Header(line.substring(0, colon), line.substring(colon + 1).strip());
        headers.add(header);
        if (header.name().toLowerCase(Locale.ROOT).equals("content-length")) {
          bodyBytes = Integer.parseInt(header.value());
        }
      }
      Request request =
          new Request(lines.getFirst(), List.copyOf(headers), in.readNBytes(bodyBytes));
      requests.add(request);
      return request;
    }

    private List<String> readHead() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
        int next = in.read();
        if (next < 0 || head.size() > MAX_HEAD_BYTES) {
          throw new EOFException("no complete request");
        }
        head.write(next);
        while (next != '\n') {
          next = in.read();
          if (next < 0) {
            throw new EOFException("no complete request");
          }
          head.write(next);
        }
      }
      return head.toString(ISO_8859_1).lines().filter(line -> !line.isEmpty()).toList();
    }

    /** Sends text as UTF-8. */
    public Connection send(String text) throws IOException {
      return send(text.getBytes(UTF_8));
    }

    /** Sends these bytes at once. */
    public Connection send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    }

    /** Sends text one byte at a time, with a pause after each. */
    public Connection drip(String text, Duration pause) throws IOException, InterruptedException {
      for (byte one : text.getBytes(UTF_8)) {
        send(new byte[] {one});
        Thread.sleep(pause);
      }
      return this;
    }

    /** Waits; a slow axon. */
    public Connection pause(Duration time) throws InterruptedException {
      Thread.sleep(time);
      return this;
    }

    /** Closes in order: what was sent arrives, then the end. */
    public void close() {
      try {
        socket.close();
      } catch (IOException alreadyGone) {
        throw new UncheckedIOException(alreadyGone);
      }
    }

    /** Cuts the connection with a TCP reset. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Reads and forgets until the other side closes. */
    public void awaitPeerClose() throws IOException {
      if (!socket.isClosed()) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }
}
