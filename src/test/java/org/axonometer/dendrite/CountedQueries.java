package org.axonometer.dendrite;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Supplier;
import org.axonometer.synapse.UnsignedRequests;
import org.axonometer.testing.CountedSockets;
import org.axonometer.testing.ScriptedAxon;

/**
 * Asks each hostile axon whose number matches the argument once, in a process whose sockets are
 * counted, and prints how many its query opened; before them a client that follows where it is led.
 */
final class CountedQueries {
  /** Between what was asked and how many it opened. */
  static final String SOCKETS = ": sockets ";

  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private CountedQueries() {}

  public static void main(String[] arguments) throws Exception {
    HttpProperties.set();
    try (ScriptedAxon elsewhere = ScriptedAxon.answering("{}");
        ScriptedAxon leading =
            ScriptedAxon.sending(
                ScriptedAxon.http(302, "", "location: http://" + elsewhere.endpoint()));
        HttpClient following =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build()) {
      int before = CountedSockets.opened();
      following.send(
          HttpRequest.newBuilder(URI.create("http://" + leading.endpoint())).build(),
          BodyHandlers.discarding());
      tell(() -> "a client that follows", before);
      for (HostileAxon axon : HostileAxons.all()) {
        if (axon.id().matches(arguments[0])) {
          ask(axon, elsewhere);
        }
      }
    }
  }

  private static void ask(HostileAxon axon, ScriptedAxon elsewhere) throws InterruptedException {
    try (HostileAxon.Peer peer = axon.open(elsewhere.endpoint())) {
      int before = CountedSockets.opened();
      try (Dendrite dendrite = new Dendrite(MAX_BODY_BYTES)) {
        dendrite.ask(HostileAxons.PROMPT, UnsignedRequests.to(peer.endpoint(), TIMEOUT));
      }
      tell(axon::toString, before);
    }
  }

  private static void tell(Supplier<String> who, int before) {
    System.out.println(who.get() + SOCKETS + (CountedSockets.opened() - before));
  }
}
