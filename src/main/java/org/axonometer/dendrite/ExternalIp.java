package org.axonometer.dendrite;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonometer.subnet.AxonEndpoint;

/**
 * This machine's address as the internet sees it. Python looks it up whenever a dendrite is made
 * and cannot work offline; here it is asked for in so many words.
 */
public final class ExternalIp {

  /**
   * Services that answer with nothing but the caller's address over TLS, of those Python asks. Left
   * out are myip.dnsomatic.com, which Python asks without TLS, and Wikipedia, of whose front page
   * it reads a header.
   */
  public static final List<URI> SERVICES =
      List.of(
          URI.create("https://checkip.amazonaws.com"),
          URI.create("https://ifconfig.me/ip"),
          URI.create("https://ipinfo.io/ip"),
          URI.create("https://ident.me"));

  private static final int MOST_BYTES = 64;

  private ExternalIp() {}

  /**
   * Asks one service after another until one answers with an address; contacts nobody else.
   *
   * @param patience for each of them, its whole answer included
   * @return the address in digits; empty when none did
   */
  public static Optional<String> detect(List<URI> services, Duration patience)
      throws InterruptedException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(patience).build();
    try {
      for (URI service : services) {
        Optional<String> address = ask(client, service, patience);
        if (address.isPresent()) {
          return address;
        }
      }
      return Optional.empty();
    } finally {
      client.shutdownNow();
    }
  }

  private static Optional<String> ask(HttpClient client, URI service, Duration patience)
      throws InterruptedException {
    CompletableFuture<HttpResponse<String>> asked =
        client.sendAsync(
            HttpRequest.newBuilder(service).build(),
            BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.US_ASCII), MOST_BYTES));
    try {
      HttpResponse<String> response = asked.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return response.statusCode() == 200
          ? Optional.of(
              new AxonEndpoint(AxonEndpoint.literal(response.body().strip()), 1).hostText())
          : Optional.empty();
    } catch (ExecutionException | TimeoutException | IllegalArgumentException notThisOne) {
      return Optional.empty();
    } finally {
      asked.cancel(true); // closes the connection of one that is late
    }
  }
}
