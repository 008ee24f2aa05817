package org.axonometer.mockaxons;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A caller that sees every byte: one connection, requests written and answers read by hand. */
final class RawPeer implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  RawPeer(InetSocketAddress address) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
  }

  record Answer(int status, Map<String, String> headers, String body) {}

  static Answer ask(InetSocketAddress address, byte[] request) throws IOException {
    try (RawPeer peer = new RawPeer(address)) {
      peer.send(request);
      return peer.answer();
    }
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void send(String bytes) throws IOException {
    send(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** One answer with a content-length; EOFException when it ends before. */
  Answer answer() throws IOException {
    String[] lines = head().split("\r\n", -1);
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("body ended after " + body.length + " of " + length);
    }
    int status = Integer.parseInt(lines[0].split(" ", 3)[1]);
    return new Answer(status, headers, new String(body, StandardCharsets.UTF_8));
  }

  /** Everything until the axon closes, at the most that many bytes. */
  byte[] bytes(int most) throws IOException {
    return in.readNBytes(most);
  }

  int read() throws IOException {
    return in.read();
  }

  void readTimeoutMillis(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String head() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("head ended: " + head.toString(StandardCharsets.ISO_8859_1));
      }
      head.write(next);
      String text = head.toString(StandardCharsets.ISO_8859_1);
      if (text.endsWith("\r\n\r\n")) {
        return text.toLowerCase(Locale.ROOT).startsWith("http/1.1 ")
            ? text.substring(0, text.length() - 4)
            : fail(text);
      }
    }
  }

  private static String fail(String text) throws IOException {
    throw new IOException("not HTTP: " + text);
  }
}
