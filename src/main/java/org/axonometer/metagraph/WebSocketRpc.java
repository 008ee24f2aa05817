package org.axonometer.metagraph;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** JSON-RPC over one WebSocket: a text message each way, one question at a time. */
final class WebSocketRpc implements RpcConnection {

  private final HttpClient client;
  private final Inbox inbox = new Inbox();
  private final WebSocket socket;

  /** Connects; takes over the client and shuts it down when closed. */
  WebSocketRpc(HttpClient client, URI address, Deadline deadline)
      throws IOException, InterruptedException {
    this.client = client;
    this.socket =
        RpcFutures.await(client.newWebSocketBuilder().buildAsync(address, inbox), deadline);
  }

  @Override
  public InputStream ask(String request, Deadline deadline)
      throws IOException, InterruptedException {
    CompletableFuture<List<byte[]>> answer = inbox.expect();
    RpcFutures.await(socket.sendText(request, true), deadline);
    List<InputStream> parts = new ArrayList<>();
    RpcFutures.await(answer, deadline).forEach(part -> parts.add(new ByteArrayInputStream(part)));
    return new SequenceInputStream(Collections.enumeration(parts));
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
  }

  /** Gathers the pieces of the one message that is awaited. */
  private static final class Inbox implements WebSocket.Listener {
    private CompletableFuture<List<byte[]>> awaited = new CompletableFuture<>();
    private @Nullable IOException broken;
    private List<byte[]> parts = new ArrayList<>();
    private long bytes;

    synchronized CompletableFuture<List<byte[]>> expect() throws IOException {
      if (broken != null) {
        throw broken;
      }
      awaited = new CompletableFuture<>();
      parts = new ArrayList<>();
      bytes = 0;
      return awaited;
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onText(
        WebSocket socket, CharSequence data, boolean last) {
      byte[] part = data.toString().getBytes(StandardCharsets.UTF_8);
      bytes += part.length;
      if (bytes > MAX_ANSWER_BYTES) {
        fail(socket, "the answer has more than %d bytes".formatted(MAX_ANSWER_BYTES));
        return null;
      }
      parts.add(part);
      if (last) {
        awaited.complete(parts);
        parts = new ArrayList<>();
        bytes = 0;
      }
      socket.request(1);
      return null;
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onBinary(
        WebSocket socket, ByteBuffer data, boolean last) {
      fail(socket, "a binary message");
      return null;
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onClose(
        WebSocket socket, int code, String reason) {
      fail(socket, "the endpoint closed the connection, code " + code);
      return null;
    }

    @Override
    public synchronized void onError(WebSocket socket, Throwable error) {
      fail(socket, error.getClass().getSimpleName() + " " + error.getMessage());
    }

    private void fail(WebSocket socket, String reason) {
      broken = new IOException(reason);
      parts = List.of();
      awaited.completeExceptionally(broken);
      socket.abort();
    }
  }
}
