package org.axonometer.dendrite;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.synapse.SignedRequest;
import org.axonometer.synapse.Streaming;
import org.axonometer.synapse.SynapseType;
import org.jspecify.annotations.Nullable;

/**
 * Sends signed requests. One per round; safe for many threads.
 *
 * <p>Never two queries to one address and port at once: a second one waits inside {@link #ask}
 * until the first has ended. That wait is part of no measured time and of no deadline, but the
 * nonce of the waiting request ages: a caller who signs only when no query to that axon is under
 * way never waits here.
 */
public final class Dendrite implements AutoCloseable {
  // The client sets these itself and refuses them from us.
  private static final Set<String> CLIENT_HEADERS =
      Set.of("connection", "content-length", "expect", "host", "upgrade");

  private final int maxBodyBytes;
  private final Predicate<AxonEndpoint> routed;
  private final Stalls stalls = Stalls.ofThisProcess();
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("axon-answer-", 0).factory());
  private final Lanes lanes = new Lanes(this::newClient);

  /**
   * IllegalStateException when {@link HttpProperties#set} has not run.
   *
   * @param maxBodyBytes the most of a response body that is read; more is TOO_LARGE
   */
  public Dendrite(int maxBodyBytes) {
    this(maxBodyBytes, LocalRoute::exists);
  }

  Dendrite(int maxBodyBytes, Predicate<AxonEndpoint> routed) {
    if (maxBodyBytes < 1) {
      throw new IllegalArgumentException("maxBodyBytes must be at least 1, was " + maxBodyBytes);
    }
    HttpProperties.require();
    this.maxBodyBytes = maxBodyBytes;
    this.routed = routed;
  }

  private HttpClient newClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .proxy(HttpClient.Builder.NO_PROXY)
        .executor(executor)
        .build();
  }

  /**
   * Asks one axon and waits for the end, on the calling (virtual) thread. Never throws for anything
   * the axon, the network or our own machine does: that is the Outcome. Its deadline begins when
   * the request is handed to the client, and ends the exchange with its connection.
   *
   * @throws InterruptedException never used to stop a query; stopping means asking no more. The
   *     exchange is cancelled and nothing is known of its end
   */
  public Exchange ask(SynapseType type, SignedRequest request) throws InterruptedException {
    return type.streaming().isPresent()
        ? askStreaming(type, request, part -> {})
        : ask(type, request, new Answer(maxBodyBytes, null));
  }

  /**
   * Asks as {@link #ask} and tells the listener what comes while it comes. OK is a stream with
   * status 200 that ended whole before the deadline and is what the type declares; a type that
   * declares no streaming is heard as text and fills no field. An answer that is no stream ends as
   * it would without a listener.
   */
  public Exchange askStreaming(SynapseType type, SignedRequest request, StreamListener listener)
      throws InterruptedException {
    var stream = new StreamedReply(type.streaming().orElse(Streaming.UNDECLARED), listener);
    return ask(type, request, new Answer(maxBodyBytes, stream));
  }

  private Exchange ask(SynapseType type, SignedRequest request, Answer answer)
      throws InterruptedException {
    URI uri = Conclusion.uri(request);
    Conclusion conclusion = new Conclusion(type, request, uri, answer, routed, stalls);
    try (Lanes.Turn turn = lanes.take(request.endpoint())) {
      Exchange exchange = exchange(turn, httpRequest(request, uri, answer), answer, conclusion);
      if (exchange.outcome() == Outcome.LOCAL_FAULT) {
        turn.broken();
      } else if (answer.leaked() || answer.stopped() != null) {
        turn.malformed();
      }
      return exchange;
    } catch (ClosedDendrite closed) {
      throw closed;
    } catch (RuntimeException | VirtualMachineError own) {
      return conclusion.ownFault(own);
    }
  }

  private Exchange exchange(Lanes.Turn turn, HttpRequest http, Answer answer, Conclusion conclusion)
      throws InterruptedException {
    answer.handedOver();
    CompletableFuture<?> exchange = turn.client().sendAsync(http, answer);
    @Nullable Throwable failure = null;
    try {
      await(exchange, answer, conclusion.request().timeout());
    } catch (TimeoutException deadline) {
      failure = deadline;
    } catch (ExecutionException ended) {
      failure = ended.getCause() == null ? ended : ended.getCause();
    } catch (CancellationException cancelled) {
      failure = cancelled;
    } finally {
      // Without effect on a finished exchange; on another one it closes the connection.
      exchange.cancel(true);
    }
    return conclusion.of(failure, answer.took());
  }

  private static void await(CompletableFuture<?> exchange, Answer answer, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<Object> over = CompletableFuture.anyOf(exchange, answer.enough());
    StreamedReply stream = answer.stream();
    if (stream == null) {
      over.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return;
    }
    // The deadline cuts the connection also while a listener takes its time.
    CompletableFuture<Object> cut =
        over.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete(
                (_, _) -> {
                  exchange.cancel(true);
                  answer.over();
                });
    stream.hear();
    cut.get();
  }

  private static HttpRequest httpRequest(SignedRequest request, URI uri, Answer answer) {
    HttpRequest.Builder http =
        HttpRequest.newBuilder(uri)
            .setHeader("accept", "*/*")
            .setHeader("accept-encoding", "identity")
            .setHeader("content-type", "application/json")
            .setHeader("user-agent", "axonometer")
            .POST(answer.starting(request.body()));
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (!CLIENT_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                http.setHeader(name, value);
              }
            });
    return http.build();
  }

  Lanes lanes() {
    return lanes;
  }

  /** Ends the clients; queries still under way keep theirs until they end. */
  @Override
  public void close() {
    lanes.close();
  }

  /** A query after the end of the round: a programming fault. */
  static final class ClosedDendrite extends IllegalStateException {
    ClosedDendrite() {
      super("the dendrite is closed");
    }
  }
}
