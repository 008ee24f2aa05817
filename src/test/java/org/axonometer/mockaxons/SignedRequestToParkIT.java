package org.axonometer.mockaxons;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.axonometer.metagraph.Neuron;
import org.axonometer.mockaxons.Behaviour.Manner;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.synapse.Caller;
import org.axonometer.synapse.Nonces;
import org.axonometer.synapse.SignedRequest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SignedRequestToParkIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private final Nonces nonces = new Nonces(Clock.systemUTC());

  @Test
  void answersAPromptWithItsHashAndTheMessageBackwards() throws Exception {
    try (MockAxonPark park = MockAxonPark.open(ParkSettings.of(2, Profile.HONEST));
        HttpClient client = client()) {
      ObjectNode fields =
          (ObjectNode)
              JSON.readTree(
                  "{\"roles\":[\"user\"],\"messages\":[\"it's \\u200d \\\"caf\u00e9\\\"\"]}");
      SignedRequest request = request(park, 2, ServedSynapse.PROMPT, fields);

      HttpResponse<String> response = client.send(http(request), BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("computed_body_hash")).contains(request.bodyHash());
      assertThat(JSON.readTree(response.body()).get("completion").stringValue())
          .isEqualTo("axon 2: \"\u00e9fac\" \u200d s'ti");
      assertThat(JSON.readTree(response.body()).at("/axon/status_code").intValue()).isEqualTo(200);
      assertThat(JSON.readTree(response.body()).at("/dendrite/hotkey").stringValue())
          .isEqualTo(park.validator().address().text());
    }
  }

  @Test
  void answersTheOthersWhile100Hang() throws Exception {
    List<Behaviour> behaviours = new ArrayList<>();
    behaviours.addAll(Collections.nCopies(100, Behaviour.of(Manner.HANG)));
    behaviours.addAll(Collections.nCopies(156, Behaviour.answersAfter(Duration.ofMillis(50))));
    ObjectNode fields = (ObjectNode) JSON.readTree("{\"dummy_input\":4}");
    // The park closes first, which ends the hanging queries the threads wait for.
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        MockAxonPark park =
            MockAxonPark.open(
                ParkSettings.of(256, Profile.HONEST), behaviours, Clock.systemUTC())) {
      List<Future<Integer>> statuses =
          IntStream.rangeClosed(1, 256)
              .mapToObj(uid -> request(park, uid, ServedSynapse.DUMMY, fields))
              .map(request -> threads.submit(() -> status(request)))
              .toList();
      for (Future<Integer> status : statuses.subList(100, 256)) {
        assertThat(status.get()).isEqualTo(200);
      }

      assertThat(statuses.subList(0, 100)).noneMatch(Future::isDone);
      // The park counts an answer once it has written it, a moment after the client may have it.
      long giveUp = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (park.traffic().answered() < 156 && System.nanoTime() < giveUp) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(park.traffic())
          .extracting(Traffic::verified, Traffic::answered)
          .containsExactly(156L, 156L);
    }
  }

  /** 0 when the axon gave none. */
  private static int status(SignedRequest request) throws InterruptedException {
    try (HttpClient client = client()) {
      return client.send(http(request), BodyHandlers.ofString()).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  private SignedRequest request(
      MockAxonPark park, int uid, ServedSynapse synapse, ObjectNode fields) {
    Neuron neuron = park.snapshot().neurons().get(uid);
    return SignedRequest.sign(
        synapse.type(),
        fields,
        new Caller(park.validator(), "127.0.0.1", 10_002_000),
        neuron.hotkey(),
        new AxonEndpoint(ParkAddress.at(uid - 1), neuron.axonPort()),
        Duration.ofSeconds(12),
        UUID.randomUUID().toString(),
        nonces.next());
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private static java.net.http.HttpRequest http(SignedRequest request) {
    java.net.http.HttpRequest.Builder builder =
        java.net.http.HttpRequest.newBuilder(
                URI.create("http://" + request.endpoint() + "/" + request.synapseName()))
            .POST(BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(builder::header);
    return builder.build();
  }
}
