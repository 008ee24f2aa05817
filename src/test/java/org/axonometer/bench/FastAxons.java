package org.axonometer.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Comparator;
import java.util.Locale;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Axons that cost next to nothing: one thread, one port on all of 127.0.0.0/8, a canned answer to
 * {@code Prompt}. An axon's second number says what it is: 127.1.*.* answers at once, 127.2.*.*
 * after 50 ms, 127.3.*.* after 1 s, 127.9.*.* never. {@code bt_header_axon_process_time} is the
 * server's own measure, from the last byte of the request to the writing of the answer. {@code
 * /peak} answers how many requests were unanswered at once at the most since it was asked last.
 *
 * <p>Run as {@code FastAxons <port>}; prints {@code listening} when it does.
 */
public final class FastAxons {
  private static final int LONGEST_REQUEST = 16_384;
  private static final int BACKLOG = 4_096;
  private static final byte[] BODY = body().getBytes(US_ASCII);

  private final Selector selector = Selector.open();
  private final PriorityQueue<Connection> waiting =
      new PriorityQueue<>(Comparator.comparingLong(connection -> connection.dueNanos));
  private int inFlight;
  private int peak;

  private FastAxons() throws IOException {}

  /** The answer of an axon of the official SDK, about 1 KB. */
  private static String body() {
    return """
    {"name":"Prompt","timeout":12.0,"total_size":0,"header_size":0,"dendrite":{"status_code":200,\
    "status_message":"Success"},"axon":{"status_code":200,"status_message":"Success"},"computed_body_hash":"",\
    "roles":["user"],"messages":["What is the time?"],"completion":"%s"}"""
        .formatted("It is late. ".repeat(60));
  }

  private static final class Connection {
    private final SocketChannel channel;
    private final long delayNanos;
    private final ByteBuffer in = ByteBuffer.allocate(LONGEST_REQUEST);
    private long readNanos;
    private long dueNanos;
    private boolean closing;
    private boolean inFlight;
    private boolean asksForPeak;

    Connection(SocketChannel channel) throws IOException {
      this.channel = channel;
      this.delayNanos =
          delayNanos(((InetSocketAddress) channel.getLocalAddress()).getAddress().getAddress()[1]);
    }

    private static long delayNanos(byte kind) {
      return switch (kind) {
        case 2 -> 50_000_000L;
        case 3 -> 1_000_000_000L;
        case 9 -> Long.MAX_VALUE;
        default -> 0;
      };
    }

    /** Whether the request is there as a whole. */
    boolean complete() {
      String text = new String(in.array(), 0, in.position(), US_ASCII);
      int end = text.indexOf("\r\n\r\n");
      if (end < 0) {
        return false;
      }
      String head = text.substring(0, end).toLowerCase(Locale.ROOT);
      asksForPeak = head.startsWith("get /peak ");
      closing = head.contains("connection: close");
      int at = head.indexOf("content-length:");
      int length = 0;
      if (at >= 0) {
        int line = head.indexOf('\r', at);
        length = Integer.parseInt(head.substring(at + 15, line < 0 ? end : line).strip());
      }
      return in.position() >= end + 4 + length;
    }
  }

  public static void main(String[] args) throws IOException {
    StandardInput.endWithIt();
    int port = Integer.parseInt(args[0]);
    try (var listening = ServerSocketChannel.open()) {
      listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listening.bind(new InetSocketAddress("0.0.0.0", port), BACKLOG);
      var axons = new FastAxons();
      listening.configureBlocking(false);
      listening.register(axons.selector, SelectionKey.OP_ACCEPT);
      System.out.println("listening");
      axons.serve(listening);
    }
  }

  private void serve(ServerSocketChannel listening) throws IOException {
    while (true) {
      selector.select(key -> handle(listening, key), pauseMillis());
      long now = System.nanoTime();
      for (@Nullable Connection next = waiting.peek();
          next != null && next.dueNanos - now <= 0;
          next = waiting.peek()) {
        answer(waiting.remove());
      }
    }
  }

  /** 0 waits for ever, which a selector wants to hear so. */
  private long pauseMillis() {
    @Nullable Connection next = waiting.peek();
    return next == null
        ? 0
        : Math.max(1, (next.dueNanos - System.nanoTime() + 999_999) / 1_000_000);
  }

  private void handle(ServerSocketChannel listening, SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        for (@Nullable SocketChannel peer = listening.accept();
            peer != null;
            peer = listening.accept()) {
          peer.configureBlocking(false);
          peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
          var connection = new Connection(peer);
          read(connection);
          if (peer.isOpen()) {
            peer.register(selector, SelectionKey.OP_READ, connection);
          }
        }
      } else {
        read((Connection) key.attachment());
      }
    } catch (IOException e) {
      // A peer that went away, or no descriptor for it: the next one is served all the same.
    }
  }

  private void read(Connection connection) {
    try {
      int count = connection.channel.read(connection.in);
      if (count < 0) {
        waiting.remove(connection);
        ended(connection);
        connection.channel.close();
      } else if (count > 0 && connection.complete()) {
        connection.readNanos = System.nanoTime();
        connection.in.clear();
        if (connection.asksForPeak) {
          byte[] most = Integer.toString(peak).getBytes(US_ASCII);
          peak = inFlight;
          write(connection, head(connection, most.length), most);
          return;
        }
        began(connection);
        if (connection.delayNanos == 0) {
          answer(connection);
        } else if (connection.delayNanos != Long.MAX_VALUE) {
          connection.dueNanos = connection.readNanos + connection.delayNanos;
          waiting.add(connection);
        }
      }
    } catch (IOException gone) {
      ended(connection);
      close(connection);
    }
  }

  private void began(Connection connection) {
    connection.inFlight = true;
    inFlight++;
    peak = Math.max(peak, inFlight);
  }

  private void ended(Connection connection) {
    if (connection.inFlight) {
      connection.inFlight = false;
      inFlight--;
    }
  }

  private void answer(Connection connection) {
    ended(connection);
    write(connection, head(connection, BODY.length), BODY);
  }

  private static String head(Connection connection, int bodyBytes) {
    long took = System.nanoTime() - connection.readNanos;
    return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nname: Prompt\r\n"
        + "bt_header_axon_status_code: 200\r\nbt_header_axon_status_message: Success\r\n"
        + "bt_header_axon_process_time: "
        + java.math.BigDecimal.valueOf(took, 9).toPlainString()
        + "\r\ncontent-length: "
        + bodyBytes
        + "\r\n\r\n";
  }

  private static void write(Connection connection, String head, byte[] body) {
    ByteBuffer out = ByteBuffer.allocate(head.length() + body.length);
    out.put(head.getBytes(US_ASCII)).put(body).flip();
    try {
      connection.channel.write(out);
      if (connection.closing) {
        connection.channel.close();
      }
    } catch (IOException gone) {
      close(connection);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.channel.close();
    } catch (IOException alreadyClosed) {
      // Nothing is left to close.
    }
  }
}
