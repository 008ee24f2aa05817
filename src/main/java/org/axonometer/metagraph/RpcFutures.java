package org.axonometer.metagraph;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what the HTTP client promised. */
final class RpcFutures {

  private RpcFutures() {}

  /** The value by the deadline; otherwise the promise is cancelled and the reason thrown. */
  static <T> T await(CompletableFuture<T> promise, RpcConnection.Deadline deadline)
      throws IOException, InterruptedException {
    try {
      return promise.get(deadline.leftNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no answer in time", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String said = cause.getMessage() == null ? "" : " " + cause.getMessage();
      throw new IOException(cause.getClass().getSimpleName() + said, e);
    } finally {
      promise.cancel(true);
    }
  }
}
