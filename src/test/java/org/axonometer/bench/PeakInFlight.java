package org.axonometer.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** How many queries {@link FastAxons} had before them at once. */
final class PeakInFlight {

  private PeakInFlight() {}

  /** The most since this was asked last. */
  static int take(int port) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write("GET /peak HTTP/1.1\r\nconnection: close\r\n\r\n".getBytes(US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
      return Integer.parseInt(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }
  }
}
