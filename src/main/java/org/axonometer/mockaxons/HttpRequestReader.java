package org.axonometer.mockaxons;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1.1 requests from one connection, strictly: heads up to 64 KiB, bodies with a length
 * up to 16 MiB, no chunks. A peer that stays silent for the idle time between requests, or takes
 * longer than the request time for one, ends the connection with a SocketTimeoutException.
 */
final class HttpRequestReader {
  static final int MAX_HEAD_BYTES = 64 * 1024;
  static final int MAX_BODY_BYTES = 16 * 1024 * 1024;
  private static final String BAD_REQUEST = "Invalid HTTP request received.";

  private final Socket socket;
  private final InputStream in;
  private final long idleNanos;
  private final long requestNanos;
  private final byte[] buffer = new byte[8192];
  private int position;
  private int limit;
  private long deadlineNanos;

  HttpRequestReader(Socket socket, Duration idle, Duration request) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.idleNanos = idle.toNanos();
    this.requestNanos = request.toNanos();
  }

  /** The next request's head; null when the peer closed instead of sending one. */
  @Nullable HttpRequest nextHead() throws IOException, HttpException {
    deadlineNanos = System.nanoTime() + idleNanos;
    if (position == limit && !fill()) {
      return null;
    }
    deadlineNanos = System.nanoTime() + requestNanos;
    byte[] head = headBytes();
    return parse(new String(head, StandardCharsets.ISO_8859_1));
  }

  /** The whole body of that request. */
  byte[] body(HttpRequest request) throws IOException {
    int wanted = request.bodyBytes();
    byte[] body = new byte[Math.min(wanted, buffer.length)];
    int have = 0;
    while (have < wanted) {
      if (position == limit && !fill()) {
        throw new EOFException("closed after " + have + " of " + wanted + " body bytes");
      }
      int part = Math.min(limit - position, wanted - have);
      if (have + part > body.length) {
        // Grown by what arrived, never by what was announced.
        body = Arrays.copyOf(body, Math.min(wanted, Math.max(2 * body.length, have + part)));
      }
      System.arraycopy(buffer, position, body, have, part);
      position += part;
      have += part;
    }
    return body;
  }

  /** Reads and drops whatever comes, for as long as the peer stays. */
  void drain() throws IOException {
    socket.setSoTimeout(0);
    while (in.read(buffer) >= 0) {
      position = 0;
      limit = 0;
    }
  }

  /** The same for no longer than that. */
  void drain(Duration longest) throws IOException {
    deadlineNanos = System.nanoTime() + longest.toNanos();
    while (fill()) {
      position = limit;
    }
  }

  /** Everything up to the empty line, which is consumed too. */
  private byte[] headBytes() throws IOException, HttpException {
    byte[] head = new byte[1024];
    int length = 0;
    while (true) {
      if (position == limit && !fill()) {
        throw new EOFException("closed inside a request head");
      }
      if (length == MAX_HEAD_BYTES) {
        throw new HttpException(431, "Request head is over " + MAX_HEAD_BYTES + " bytes.");
      }
      if (length == head.length) {
        head = Arrays.copyOf(head, 2 * length);
      }
      head[length++] = buffer[position++];
      if (endsHead(head, length)) {
        return Arrays.copyOf(head, length - 4);
      }
    }
  }

  private static boolean endsHead(byte[] head, int length) {
    return length >= 4
        && head[length - 1] == '\n'
        && head[length - 2] == '\r'
        && head[length - 3] == '\n'
        && head[length - 4] == '\r';
  }

  private boolean fill() throws IOException {
    long left = deadlineNanos - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("request took too long");
    }
    socket.setSoTimeout((int) Math.max(1, left / 1_000_000));
    int read = in.read(buffer);
    position = 0;
    limit = Math.max(read, 0);
    return read > 0;
  }

  private static HttpRequest parse(String head) throws HttpException {
    String[] lines = head.split("\r\n", -1);
    String[] start = lines[0].split(" ", -1);
    if (start.length != 3 || !isToken(start[0]) || !isTarget(start[1])) {
      throw new HttpException(400, BAD_REQUEST);
    }
    boolean modern = start[2].equals("HTTP/1.1");
    if (!modern && !start[2].equals("HTTP/1.0")) {
      throw new HttpException(400, BAD_REQUEST);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      addHeader(headers, lines[i]);
    }
    if (headers.containsKey("transfer-encoding")) {
      throw new HttpException(400, BAD_REQUEST);
    }
    String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    boolean keepAlive = modern && !connection.contains("close");
    int bodyBytes = bodyBytes(headers.getOrDefault("content-length", "0"));
    return new HttpRequest(start[0], start[1], headers, bodyBytes, keepAlive);
  }

  private static void addHeader(Map<String, String> headers, String line) throws HttpException {
    int colon = line.indexOf(':');
    if (colon < 1 || !isToken(line.substring(0, colon))) {
      throw new HttpException(400, BAD_REQUEST);
    }
    String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
    String value = line.substring(colon + 1).strip();
    if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
      throw new HttpException(400, BAD_REQUEST);
    }
    String earlier = headers.putIfAbsent(name, value);
    if (earlier != null && name.equals("content-length") && !earlier.equals(value)) {
      throw new HttpException(400, BAD_REQUEST);
    }
  }

  private static int bodyBytes(String length) throws HttpException {
    if (length.isEmpty() || length.chars().anyMatch(c -> c < '0' || c > '9')) {
      throw new HttpException(400, BAD_REQUEST);
    }
    if (length.length() > 8 || Integer.parseInt(length) > MAX_BODY_BYTES) {
      throw new HttpException(413, "Request body is over " + MAX_BODY_BYTES + " bytes.");
    }
    return Integer.parseInt(length);
  }

  private static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
  }

  private static boolean isTarget(String text) {
    return text.startsWith("/") && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
