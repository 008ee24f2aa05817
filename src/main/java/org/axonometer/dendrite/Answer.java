package org.axonometer.dendrite;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * What has come back of one query so far, with the moments it came, stamped in the client's own
 * threads as {@link System#nanoTime}. Reading it is safe at any time from any thread; a query that
 * is given up leaves what came before.
 */
final class Answer implements HttpResponse.BodyHandler<Void>, HttpResponse.BodySubscriber<Void> {

  /**
   * Why we stopped reading.
   *
   * @param pythonToo whether the Python dendrite would have refused those headers as well
   */
  record Stopped(Outcome outcome, String detail, boolean pythonToo) {}

  private final int maxBodyBytes;
  private final CompletableFuture<Void> body = new CompletableFuture<>();
  private final CompletableFuture<Void> enough = new CompletableFuture<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(2_048);

  private Flow.@Nullable Subscription subscription;
  private @Nullable Long handedOverNanos;
  private @Nullable Long startNanos;
  private @Nullable Long firstByteNanos;
  private @Nullable Long endNanos;
  private @Nullable Integer httpStatus;
  private @Nullable Stopped stopped;
  private Map<String, List<String>> headers = Map.of();
  private boolean leaked;

  Answer(int maxBodyBytes) {
    this.maxBodyBytes = maxBodyBytes;
  }

  /** The body to send; its subscription, which comes after the connect, starts the latency. */
  HttpRequest.BodyPublisher starting(byte[] requestBody) {
    HttpRequest.BodyPublisher publisher = HttpRequest.BodyPublishers.ofByteArray(requestBody);
    return new HttpRequest.BodyPublisher() {
      @Override
      public long contentLength() {
        return publisher.contentLength();
      }

      @Override
      public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        started();
        publisher.subscribe(subscriber);
      }
    };
  }

  /** The query is handed to the client now. */
  synchronized long handedOver() {
    long now = System.nanoTime();
    handedOverNanos = now;
    return now;
  }

  private synchronized void started() {
    if (startNanos == null) {
      startNanos = System.nanoTime();
    }
  }

  /** The headers are there. */
  @Override
  public synchronized HttpResponse.BodySubscriber<Void> apply(HttpResponse.ResponseInfo info) {
    firstByteNanos = System.nanoTime();
    httpStatus = info.statusCode();
    headers = info.headers().map();
    stopped = Framing.check(info.headers());
    return this;
  }

  @Override
  public CompletionStage<Void> getBody() {
    return body;
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription source) {
    subscription = source;
    if (stopped == null) {
      source.request(Long.MAX_VALUE);
    } else {
      stop();
    }
  }

  @Override
  public synchronized void onNext(List<ByteBuffer> buffers) {
    if (stopped != null) {
      // The exchange was cancelled, and it comes all the same.
      if (subscription != null) {
        subscription.cancel();
      }
      return;
    }
    for (ByteBuffer buffer : buffers) {
      int room = maxBodyBytes - bytes.size();
      byte[] part = new byte[Math.min(room, buffer.remaining())];
      buffer.get(part);
      bytes.writeBytes(part);
      if (buffer.hasRemaining()) {
        stopped =
            new Stopped(
                Outcome.TOO_LARGE, "the body is longer than " + maxBodyBytes + " bytes", false);
        stop();
        return;
      }
    }
  }

  /**
   * What still comes is passed over until the asker cancels the exchange, which closes the
   * connection, as at a deadline. Cancelling the subscription here would leave an endless answer's
   * connection open.
   */
  private void stop() {
    enough.complete(null);
  }

  /** Completes when we stop reading before the end. */
  CompletableFuture<Void> enough() {
    return enough;
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    synchronized (this) {
      if (stopped == null) {
        endNanos = System.nanoTime();
      }
    }
    body.complete(null);
  }

  /** The client broke over what it read, which costs it a descriptor until it is shut down. */
  synchronized void leaks() {
    leaked = true;
  }

  synchronized boolean leaked() {
    return leaked;
  }

  /** Whether the request was on its way, so that the axon may have got it. */
  synchronized boolean sent() {
    return startNanos != null;
  }

  /** Nanoseconds from the hand-over to the last byte of the body; null when it did not come. */
  synchronized @Nullable Long completedAfterNanos() {
    return between(handedOverNanos, endNanos);
  }

  synchronized @Nullable Stopped stopped() {
    return stopped;
  }

  synchronized @Nullable Integer httpStatus() {
    return httpStatus;
  }

  synchronized Map<String, List<String>> headers() {
    return headers;
  }

  synchronized byte[] bytes() {
    return bytes.toByteArray();
  }

  synchronized Exchange.Timings timings(Outcome outcome) {
    return new Exchange.Timings(
        between(handedOverNanos, startNanos),
        between(startNanos, firstByteNanos),
        outcome.latencyKnown() ? between(startNanos, endNanos) : null);
  }

  // At least 1: a measured duration is never 0, which would read as "none".
  private static @Nullable Long between(@Nullable Long from, @Nullable Long to) {
    return from == null || to == null ? null : Long.valueOf(Math.max(1, to - from));
  }
}
