package org.axonometer.dendrite;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.axonometer.synapse.SynapseReply;
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
  private final @Nullable StreamedReply stream;
  private final CompletableFuture<Void> body = new CompletableFuture<>();
  private final CompletableFuture<Void> enough = new CompletableFuture<>();
  private final Bytes bytes = new Bytes(2_048);

  private Flow.@Nullable Subscription subscription;
  private @Nullable Long handedOverNanos;
  private @Nullable Long startNanos;
  private @Nullable Long firstByteNanos;
  private @Nullable Long endNanos;
  private @Nullable Integer httpStatus;
  private @Nullable Stopped stopped;
  private Map<String, List<String>> headers = Map.of();
  private boolean streams;
  private boolean leaked;
  private @Nullable Long overNanos;

  /**
   * @param stream what takes the body in while it comes; null when the body is wanted whole
   */
  Answer(int maxBodyBytes, @Nullable StreamedReply stream) {
    this.maxBodyBytes = maxBodyBytes;
    this.stream = stream;
  }

  @Nullable StreamedReply stream() {
    return stream;
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
  synchronized void handedOver() {
    handedOverNanos = System.nanoTime();
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
    streams =
        stream != null
            && stopped == null
            && SynapseReply.isStream(info.statusCode(), info.headers().map());
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
  public void onNext(List<ByteBuffer> buffers) {
    take(System.nanoTime(), buffers);
  }

  private synchronized void take(long whenNanos, List<ByteBuffer> buffers) {
    if (stopped != null || overNanos != null) {
      // The exchange was cancelled, and it comes all the same.
      if (subscription != null) {
        subscription.cancel();
      }
      return;
    }
    int before = bytes.size();
    for (ByteBuffer buffer : buffers) {
      int room = maxBodyBytes - bytes.size();
      byte[] part = new byte[Math.min(room, buffer.remaining())];
      buffer.get(part);
      bytes.writeBytes(part);
      if (buffer.hasRemaining()) {
        tooLarge("the body is longer than " + maxBodyBytes + " bytes");
        return;
      }
    }
    if (stream != null
        && streams
        && bytes.size() > before
        && !stream.arrived(whenNanos, bytes.from(before))) {
      tooLarge("the stream has more than " + StreamedReply.MOST_CHUNKS + " chunks");
    }
  }

  /** A buffer whose end can be copied. */
  private static final class Bytes extends ByteArrayOutputStream {
    Bytes(int size) {
      super(size);
    }

    byte[] from(int start) {
      return Arrays.copyOfRange(buf, start, count);
    }
  }

  private void tooLarge(String detail) {
    stopped = new Stopped(Outcome.TOO_LARGE, detail, false);
    stop();
  }

  /** Nobody waits for more: whatever still comes of a stream is dropped. */
  synchronized void over() {
    if (overNanos == null && stream != null) {
      overNanos = System.nanoTime();
      stream.over();
    }
  }

  /** From the hand-over until {@link #over}, or until now. */
  synchronized Duration took() {
    long until = overNanos == null ? System.nanoTime() : overNanos;
    return Duration.ofNanos(handedOverNanos == null ? 0 : until - handedOverNanos);
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

  /**
   * @param localStallMillis of its time, see {@link Exchange.Timings}
   */
  synchronized Exchange.Timings timings(Outcome outcome, @Nullable Integer localStallMillis) {
    return new Exchange.Timings(
        between(handedOverNanos, startNanos),
        between(startNanos, firstByteNanos),
        outcome.latencyKnown() ? between(startNanos, endNanos) : null,
        localStallMillis);
  }

  /** When the query was handed to the client; null when it was not. */
  synchronized @Nullable Long handedOverNanos() {
    return handedOverNanos;
  }

  /** When the request went out; null when it did not. */
  synchronized @Nullable Long startNanos() {
    return startNanos;
  }

  /** When the last byte came; null when it did not. */
  synchronized @Nullable Long endNanos() {
    return endNanos;
  }

  /** How a stream came so far; null when nothing of one did. */
  synchronized @Nullable StreamFigures figures(Outcome outcome) {
    return stream == null || startNanos == null
        ? null
        : stream.figures(startNanos, outcome.latencyKnown() ? endNanos : null);
  }

  // At least 1: a measured duration is never 0, which would read as "none".
  private static @Nullable Long between(@Nullable Long from, @Nullable Long to) {
    return from == null || to == null ? null : Long.valueOf(Math.max(1, to - from));
  }
}
