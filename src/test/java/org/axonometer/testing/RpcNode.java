package org.axonometer.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A chain's JSON-RPC endpoint on loopback, for HTTP and WebSocket on one port. It replays the
 * results it was given, text for text, and keeps what it was asked.
 */
public final class RpcNode implements AutoCloseable {

  public static final String HEAD = "0x" + "a1".repeat(32);

  private final ServerSocket listening;
  private final Map<String, String> results = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
  private final Set<String> hungUpOn = ConcurrentHashMap.newKeySet();
  private final Map<String, String> errors = new ConcurrentHashMap<>();
  private volatile boolean silent;
  private volatile boolean pieces;

  public RpcNode() throws IOException {
    listening = new ServerSocket();
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual().start(this::accept);
  }

  /** A node at this block, whose newest block was made then. */
  public static RpcNode at(long block, Instant time) throws IOException {
    RpcNode node = new RpcNode();
    byte[] millis = ByteBuffer.allocate(8).putLong(Long.reverseBytes(time.toEpochMilli())).array();
    return node.result("chain_getHead", "\"" + HEAD + "\"")
        .result("chain_getBlockHash", "\"" + HEAD + "\"")
        .result(
            "chain_getHeader",
            "{\"digest\":{\"logs\":[\"0x00\"]},\"number\":\"0x%x\"}".formatted(block))
        .result("state_getStorage", "\"0x" + HexFormat.of().formatHex(millis) + "\"");
  }

  /**
   * What to answer.
   *
   * @param method of JSON-RPC, or the runtime function inside {@code state_call}
   * @param json the result as JSON
   */
  public RpcNode result(String method, String json) {
    results.put(method, json);
    return this;
  }

  /** The whole hex text as the chain would answer. */
  public RpcNode hex(String function, String hex) {
    return result(function, "\"" + hex + "\"");
  }

  /** Answers nothing from now on. */
  public RpcNode silent() {
    silent = true;
    return this;
  }

  /** The header of the block with this hash; without it all blocks have the same. */
  public RpcNode headerOf(String hash, String json) {
    return result("chain_getHeader " + hash, json);
  }

  /** Answers this method or function with an error object. */
  public RpcNode error(String method, String json) {
    errors.put(method, json);
    return this;
  }

  /** Takes the question of this method or function and says nothing. */
  public RpcNode silentOn(String method) {
    unanswered.add(method);
    return this;
  }

  /** Closes the connection when it is asked this method or function. */
  public RpcNode hangsUpOn(String method) {
    hungUpOn.add(method);
    return this;
  }

  /** Sends WebSocket messages in several frames. */
  public RpcNode inPieces() {
    pieces = true;
    return this;
  }

  public URI address(String scheme) {
    return URI.create(
        scheme
            + "://127.0.0.1:"
            + ((InetSocketAddress) listening.getLocalSocketAddress()).getPort());
  }

  /** Every request's text, in order. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        DataInputStream in = new DataInputStream(socket.getInputStream())) {
      OutputStream out = socket.getOutputStream();
      while (true) {
        String head = head(in);
        if (head.isEmpty()) {
          return;
        }
        String key = header(head, "Sec-WebSocket-Key");
        if (!key.isEmpty()) {
          webSocket(key, in, out);
          return;
        }
        String length = header(head, "Content-Length");
        String body = new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8);
        if (isUnanswered(body)) {
          continue;
        }
        if (hungUpOn.contains(name(body))) {
          return;
        }
        byte[] answer = answer(body).getBytes(StandardCharsets.UTF_8);
        out.write(
            ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                    + answer.length
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(answer);
        out.flush();
      }
    } catch (IOException e) {
      // The client went away, or the test is over.
    }
  }

  private void webSocket(String key, DataInputStream in, OutputStream out) throws IOException {
    out.write(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: "
                + accept(key)
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
    while (true) {
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte() & 0x7f;
      if (length == 126) {
        length = in.readUnsignedShort();
      }
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes(length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      if ((first & 0x0f) != 1) {
        return;
      }
      String request = new String(payload, StandardCharsets.UTF_8);
      if (isUnanswered(request)) {
        continue;
      }
      if (hungUpOn.contains(name(request))) {
        return;
      }
      byte[] answer = answer(request).getBytes(StandardCharsets.UTF_8);
      if (pieces && answer.length > 10) {
        frame(out, 0x01, answer, 0, 5);
        frame(out, 0x00, answer, 5, 9);
        frame(out, 0x80, answer, 9, answer.length);
      } else {
        frame(out, 0x81, answer, 0, answer.length);
      }
    }
  }

  private static void frame(OutputStream out, int first, byte[] bytes, int from, int to)
      throws IOException {
    int length = to - from;
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (length < 126) {
      frame.write(length);
    } else if (length < 65_536) {
      frame.write(126);
      frame.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
    } else {
      frame.write(127);
      frame.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
    }
    frame.write(bytes, from, length);
    frame.writeTo(out);
    out.flush();
  }

  private boolean isUnanswered(String request) {
    boolean unheard = silent || unanswered.contains(name(request));
    if (unheard) {
      asked.add(request);
    }
    return unheard;
  }

  private static String name(String request) {
    JsonNode parsed = JsonMapper.shared().readTree(request);
    String method = parsed.get("method").stringValue();
    return method.equals("state_call") ? parsed.get("params").get(0).stringValue() : method;
  }

  private String answer(String request) {
    asked.add(request);
    JsonNode parsed = JsonMapper.shared().readTree(request);
    JsonNode first = parsed.get("params").get(0);
    String name = name(request);
    if (first != null && results.containsKey(name + " " + first.asString())) {
      name += " " + first.asString();
    }
    String unknown = "{\"code\":-32601,\"message\":\"no " + name + "\"}";
    String part =
        results.containsKey(name) && !errors.containsKey(name)
            ? "\"result\":" + results.get(name)
            : "\"error\":" + errors.getOrDefault(name, unknown);
    return "{\"jsonrpc\":\"2.0\",\"id\":" + parsed.get("id") + "," + part + "}";
  }

  private static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      head.append((char) c);
      if (head.toString().endsWith("\r\n\r\n")) {
        return head.toString();
      }
    }
    return "";
  }

  private static String header(String head, String name) {
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }
}
