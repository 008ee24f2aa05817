package org.axonometer.metagraph;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** JSON-RPC over HTTP: one POST per question, no redirect. */
final class HttpRpc implements RpcConnection {

  private final HttpClient client;
  private final URI address;

  /** Takes over the client and shuts it down when closed. */
  HttpRpc(HttpClient client, URI address) {
    this.client = client;
    this.address = address;
  }

  @Override
  public InputStream ask(String request, Deadline deadline)
      throws IOException, InterruptedException {
    HttpRequest post =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(request))
            .build();
    HttpResponse<byte[]> response =
        RpcFutures.await(
            client.sendAsync(
                post, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES)),
            deadline);
    if (response.statusCode() != 200) {
      throw new IOException("HTTP status " + response.statusCode());
    }
    return new ByteArrayInputStream(response.body());
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
