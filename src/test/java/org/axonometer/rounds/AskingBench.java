package org.axonometer.rounds;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonometer.bench.Figures;
import org.axonometer.dendrite.Dendrite;
import org.axonometer.dendrite.Exchange;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.synapse.Caller;
import org.axonometer.synapse.Nonces;
import org.axonometer.synapse.Question;
import org.axonometer.synapse.SignedRequest;
import org.axonometer.wallet.WalletDirectory;

/**
 * What a round costs without its history: {@code nothing} signs, asks, reads and picks the scoring
 * fields at the pace of a round and forgets them; {@code unpaced} does that as fast as it can;
 * {@code bare} is the JDK's client alone, a new connection for each query, with requests that were
 * made before. Prints a line for each repetition.
 *
 * <p>Run as {@code AskingBench nothing|unpaced|bare <folder> <repetitions>}.
 */
public final class AskingBench {
  private final JobDefinition job;
  private final List<Neuron> targets;
  private final Caller caller;
  private final Question question;
  private final Nonces nonces = new Nonces(Clock.systemUTC());

  private AskingBench(Path folder) {
    this.job = JobFile.read(folder.resolve("jobs").resolve("bench.yaml"));
    MetagraphSnapshot snapshot = SnapshotFile.read(folder.resolve("snapshot.json"));
    this.targets = snapshot.neurons();
    this.caller =
        new Caller(
            new WalletDirectory(folder.resolve("wallets")).open("default", "default"),
            job.asking().dendriteIp(),
            10_002_000);
    this.question = Question.of(job.synapse(), job.fields());
  }

  /** One query to one axon; whether it was answered. */
  private interface Query {
    boolean ask(int target) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    HttpProperties.set();
    var bench = new AskingBench(Path.of(args[1]));
    for (int i = 0; i < Integer.parseInt(args[2]); i++) {
      switch (args[0]) {
        case "nothing" -> bench.asked(true);
        case "unpaced" -> bench.asked(false);
        default -> bench.bare();
      }
    }
  }

  private void asked(boolean paced) throws Exception {
    var figures = new Figures();
    var pace = new Pace();
    try (var dendrite = new Dendrite(job.storing().maxResponseBytes())) {
      all(
          figures,
          target -> {
            SignedRequest request = paced ? sign(target, pace.take()) : sign(target);
            Exchange exchange = dendrite.ask(job.synapse(), request);
            return !AnswerFields.of(job.scoring().fields(), exchange).isEmpty()
                && exchange.outcome() == Outcome.OK;
          });
    }
  }

  private SignedRequest sign(int target, Pace.Turn turn) {
    SignedRequest signed = sign(target);
    turn.pass();
    return signed;
  }

  private SignedRequest sign(int target) {
    Neuron neuron = targets.get(target);
    AxonEndpoint axon = neuron.endpoint().orElseThrow();
    String uuid = UUID.randomUUID().toString();
    return question.sign(
        caller, neuron.hotkey(), axon, job.asking().timeout(), uuid, nonces.next());
  }

  private void bare() throws Exception {
    List<HttpRequest> requests = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      requests.add(request(sign(i)));
    }
    var figures = new Figures();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(threads)
                .build()) {
      all(
          figures,
          target ->
              client
                      .send(requests.get(target), HttpResponse.BodyHandlers.ofByteArray())
                      .statusCode()
                  == 200);
    }
  }

  private static HttpRequest request(SignedRequest signed) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://" + signed.endpoint() + "/" + signed.synapseName()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(signed.body()));
    signed.headers().forEach(request::setHeader);
    return request.build();
  }

  private void all(Figures figures, Query query) throws Exception {
    var answered = new AtomicInteger();
    var slots = new Semaphore(job.asking().concurrency());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < targets.size(); i++) {
        int target = i;
        slots.acquire();
        threads.execute(
            () -> {
              try {
                answered.addAndGet(query.ask(target) ? 1 : 0);
              } catch (Exception notAnswered) {
                System.err.println(notAnswered);
              } finally {
                slots.release();
              }
            });
      }
    }
    figures.print(() -> Map.of("targets", targets.size(), "ok", answered.get()));
  }
}
