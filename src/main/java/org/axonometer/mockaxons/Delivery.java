package org.axonometer.mockaxons;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.axonometer.mockaxons.Behaviour.Manner;
import org.jspecify.annotations.Nullable;

/**
 * What leaves on a connection for one query, made before the delay so that nothing but the write is
 * left after it.
 */
interface Delivery {
  int PIECES = 8;
  long BETWEEN_PIECES_MILLIS = 20;

  /** Sends it; whether that was a whole answer, after which the connection is still good. */
  boolean send(Socket socket, HttpRequestReader reader) throws IOException, InterruptedException;

  /**
   * What that manner makes of the true answer.
   *
   * @param answer null when the manner checks nothing, or the SDK would drop the connection
   */
  static Delivery of(Manner manner, @Nullable HttpAnswer answer, boolean keepAlive) {
    return switch (manner) {
      case HANG -> Delivery::hang;
      case HANG_UP -> Delivery::hangUp;
      case RUBBISH -> rubbish();
      case HTML -> whole(badGateway().bytes(keepAlive));
      case ENDLESS -> endless();
      case ANSWER, BLACKLIST, NOT_VERIFIED, FAULT, WRONG_TYPE ->
          ifAny(answer, given -> whole(given.bytes(keepAlive)));
      case RESET -> ifAny(answer, given -> reset(given.bytes(keepAlive)));
      case DRIP -> ifAny(answer, given -> drip(given.bytes(keepAlive)));
      case STREAM, STREAM_HELD_BACK, STREAM_CUT ->
          ifAny(answer, given -> stream(manner, given, keepAlive));
      case BROKEN_JSON -> ifAny(answer, given -> whole(broken(given).bytes(keepAlive)));
      case CLOSED -> throw new IllegalArgumentException("a closed axon delivers nothing");
    };
  }

  private static Delivery ifAny(
      @Nullable HttpAnswer answer, Function<HttpAnswer, Delivery> delivery) {
    return answer == null ? Delivery::hangUp : delivery.apply(answer);
  }

  private static Delivery whole(byte[] message) {
    return (socket, reader) -> {
      socket.getOutputStream().write(message);
      return true;
    };
  }

  private static boolean hang(Socket socket, HttpRequestReader reader) throws IOException {
    reader.drain();
    return false;
  }

  private static boolean hangUp(Socket socket, HttpRequestReader reader) {
    return false;
  }

  private static Delivery reset(byte[] message) {
    return (socket, reader) -> {
      socket.getOutputStream().write(message, 0, message.length - message.length / 4);
      // Time for the peer to read the first part, which a reset may take away from it.
      Thread.sleep(20);
      socket.setSoLinger(true, 0);
      return false;
    };
  }

  private static Delivery endless() {
    byte[] head =
        HttpAnswer.plain(200, "application/json", "").head("transfer-encoding: chunked", false);
    byte[] chunk = new byte[64 * 1024];
    Arrays.fill(chunk, (byte) 'A');
    byte[] frame = "10000\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] end = "\r\n".getBytes(StandardCharsets.US_ASCII);
    return (socket, reader) -> {
      OutputStream out = socket.getOutputStream();
      out.write(head);
      for (int sent = 0; sent < 16 * 1024; sent++) {
        out.write(frame);
        out.write(chunk);
        out.write(end);
      }
      return false;
    };
  }

  private static Delivery rubbish() {
    byte[] bytes = "SSH-2.0-not_an_axon\r\n\0\1\2\3".getBytes(StandardCharsets.US_ASCII);
    return (socket, reader) -> {
      socket.getOutputStream().write(bytes);
      return false;
    };
  }

  private static Delivery drip(byte[] message) {
    return (socket, reader) -> {
      OutputStream out = socket.getOutputStream();
      for (byte one : message) {
        out.write(one);
        Thread.sleep(250);
      }
      return true;
    };
  }

  /** A refusal is whole in any manner. */
  private static Delivery stream(Manner manner, HttpAnswer answer, boolean keepAlive) {
    if (answer.status() != 200) {
      return whole(answer.bytes(keepAlive));
    }
    byte[] body = answer.body();
    return (socket, reader) -> {
      OutputStream out = socket.getOutputStream();
      out.write(answer.head("transfer-encoding: chunked", keepAlive));
      int sent = 0;
      for (int piece = 1; piece <= PIECES; piece++) {
        Thread.sleep(BETWEEN_PIECES_MILLIS);
        int end = body.length * piece / PIECES;
        if (manner == Manner.STREAM_CUT && piece > PIECES / 2) {
          return false;
        }
        if (end > sent && (manner != Manner.STREAM_HELD_BACK || piece == PIECES)) {
          out.write(chunk(Arrays.copyOfRange(body, sent, end)));
          sent = end;
        }
      }
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return true;
    };
  }

  private static byte[] chunk(byte[] bytes) {
    byte[] size = (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] chunk = Arrays.copyOf(size, size.length + bytes.length + 2);
    System.arraycopy(bytes, 0, chunk, size.length, bytes.length);
    chunk[chunk.length - 2] = '\r';
    chunk[chunk.length - 1] = '\n';
    return chunk;
  }

  private static HttpAnswer badGateway() {
    return HttpAnswer.plain(
        502, "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>\r\n");
  }

  private static HttpAnswer broken(HttpAnswer answer) {
    return new HttpAnswer(
        answer.status(), answer.headers(), Arrays.copyOf(answer.body(), answer.body().length / 2));
  }
}
