package org.axonometer.dendrite;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.axonometer.subnet.AxonEndpoint;

/**
 * This machine's address as the internet sees it. Python looks it up whenever a dendrite is made
 * and cannot work offline; here it is asked for in so many words.
 */
public final class ExternalIp {

  /** Services that answer with nothing but the caller's address, of those Python asks. */
  public static final List<URI> SERVICES =
      List.of(
          URI.create("https://checkip.amazonaws.com"),
          URI.create("https://ifconfig.me/ip"),
          URI.create("https://ident.me"));

  private static final int MOST_BYTES = 64;

  private ExternalIp() {}

  /**
   * Asks one service after another until one answers with an address; contacts nobody else.
   *
   * @param patience for each of them
   * @return the address in digits; empty when none did
   */
  public static Optional<String> detect(List<URI> services, Duration patience)
      throws InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(patience).build()) {
      for (URI service : services) {
        Optional<String> address = ask(client, service, patience);
        if (address.isPresent()) {
          return address;
        }
      }
      return Optional.empty();
    }
  }

  private static Optional<String> ask(HttpClient client, URI service, Duration patience)
      throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(service).timeout(patience).build();
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        String text = new String(body.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII).strip();
        return response.statusCode() == 200
            ? Optional.of(new AxonEndpoint(AxonEndpoint.literal(text), 1).hostText())
            : Optional.empty();
      }
    } catch (IOException | IllegalArgumentException notThisOne) {
      return Optional.empty();
    }
  }
}
