package org.axonometer.observability;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonometer.challenges.CommandRun;
import org.axonometer.jobs.ChallengeRule;
import org.axonometer.jobs.FailureHook;

/** One call of an {@code on-failure}; what it fails of is an exception. See ADR 0018. */
final class HookCall {
  /** What a command may print is thrown away; this much it may. */
  private static final int MOST_PRINTED_BYTES = 1_048_576;

  private HookCall() {}

  static void make(FailureHook hook, byte[] json, Map<String, String> variables) {
    switch (hook.target()) {
      case FailureHook.Command(var words, var folder) ->
          new CommandRun(
                  "on-failure",
                  new ChallengeRule.Command(words, folder),
                  variables,
                  new ChallengeRule.Limits(hook.timeout(), MOST_PRINTED_BYTES, MOST_PRINTED_BYTES))
              .output(json);
      case FailureHook.Url url -> post(url, json, hook.timeout());
    }
  }

  private static void post(FailureHook.Url url, byte[] json, Duration timeout) {
    HttpURLConnection connection = connection(url.uri(), timeout, json.length);
    CompletableFuture<Integer> status = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                try (OutputStream body = connection.getOutputStream()) {
                  body.write(json);
                }
                status.complete(connection.getResponseCode());
              } catch (IOException | RuntimeException e) {
                status.completeExceptionally(e);
              }
            });
    try {
      int code = status.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (code / 100 != 2) {
        throw new IllegalStateException(url + " answered " + code);
      }
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          url + " has not answered within on-failure.timeout of " + timeout, e);
    } catch (ExecutionException e) {
      // Its text may hold the whole address.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(
          url + " cannot be told: " + cause.getClass().getSimpleName(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(url + ": interrupted", e);
    } finally {
      connection.disconnect();
    }
  }

  /** Follows nothing, knows no proxy, and sends once. */
  private static HttpURLConnection connection(URI uri, Duration timeout, int bytes) {
    try {
      var connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
      connection.setRequestMethod("POST");
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout(Math.toIntExact(timeout.toMillis()));
      connection.setReadTimeout(Math.toIntExact(timeout.toMillis()));
      connection.setFixedLengthStreamingMode(bytes);
      connection.setRequestProperty("Content-Type", "application/json");
      connection.setRequestProperty("Connection", "close");
      connection.setDoOutput(true);
      return connection;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
