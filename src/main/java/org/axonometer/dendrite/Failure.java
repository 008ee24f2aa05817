package org.axonometer.dendrite;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.axonometer.subnet.AxonEndpoint;

/**
 * The exception of a failed exchange, read as an outcome. The client tells most ends apart by the
 * text of an IOException only; those texts are its own, in English in every locale, and each has a
 * test against a real socket. What the operating system says is read by exception type.
 */
final class Failure {
  private static final int MAX_CAUSES = 16;
  private static final Pattern STATUS_LINE_SO_FAR =
      Pattern.compile("parsing HTTP/1\\.1 status line, receiving \\[(.*)", Pattern.DOTALL);
  private static final List<String> BROKEN_FRAMING =
      List.of(
          "invalid content",
          "invalid chunk header",
          "Chunk header size too long",
          "Illegal character in chunk size",
          "unexpected content length header with 204 response");
  private static final List<String> CLIENT_GONE =
      List.of("shutdownNow", "selector manager closed", "HttpClient is closed");
  private static final List<String> OUT_OF_OWN_MEANS =
      List.of("too many open files", "not permitted", "buffer space", "allocate memory");

  private final List<Throwable> chain = new ArrayList<>();
  private final boolean sent;

  private Failure(Throwable failure, boolean sent) {
    for (Throwable cause = failure;
        cause != null && chain.size() < MAX_CAUSES;
        cause = cause.getCause()) {
      chain.add(cause);
    }
    this.sent = sent;
  }

  /** An outcome with the line that says why, not sanitised. */
  record Read(Outcome outcome, String detail, boolean reset) {}

  /**
   * @param sent whether the request was on its way
   * @param routed whether this machine has a route to an axon, see {@link LocalRoute}
   */
  static Read read(
      Throwable failure, boolean sent, AxonEndpoint axon, Predicate<AxonEndpoint> routed) {
    return new Failure(failure, sent).read(axon, routed);
  }

  private Read read(AxonEndpoint axon, Predicate<AxonEndpoint> routed) {
    Optional<VirtualMachineError> machine = first(VirtualMachineError.class);
    if (machine.isPresent() || first(RejectedExecutionException.class).isPresent()) {
      return as(Outcome.LOCAL_FAULT, "this machine failed");
    }
    if (first(ProtocolException.class).isPresent()) {
      return begins("Header size too big")
          ? as(Outcome.TOO_LARGE, "the headers are too large")
          : as(Outcome.BAD_PROTOCOL, "not HTTP/1.1");
    }
    if (says("Data received while in pool")) {
      return as(Outcome.UNKNOWN, "the client lost an answer that may have come");
    }
    if (CLIENT_GONE.stream().anyMatch(this::says)) {
      return as(sent ? Outcome.UNKNOWN : Outcome.LOCAL_FAULT, "the client was shut down");
    }
    if (first(ConnectException.class).isPresent()) {
      return connecting(axon, routed);
    }
    if (BROKEN_FRAMING.stream().anyMatch(this::says) || startedUnlikeHttp()) {
      return as(Outcome.BAD_PROTOCOL, "broken framing");
    }
    if (first(IOException.class).isPresent()) {
      return as(Outcome.DISCONNECTED, "the connection ended early");
    }
    // The client's parser broke on what it was sent, a Content-Length beyond 64 bits for one.
    return sent
        ? as(Outcome.BAD_PROTOCOL, "unreadable headers or body")
        : as(Outcome.LOCAL_FAULT, "the query could not be sent");
  }

  private Read connecting(AxonEndpoint axon, Predicate<AxonEndpoint> routed) {
    if (saysInAnyCase("reset")) {
      // Somebody was there to reset it: the connection stood and was torn down at once.
      return as(Outcome.DISCONNECTED, "the connection ended at once");
    }
    boolean own =
        first(BindException.class).isPresent()
            || OUT_OF_OWN_MEANS.stream().anyMatch(this::saysInAnyCase)
            || (systemSaysUnreachable() && !routed.test(axon));
    return own
        ? as(Outcome.LOCAL_FAULT, "this machine cannot connect")
        : as(Outcome.UNREACHABLE, "no connection");
  }

  private boolean systemSaysUnreachable() {
    return chain.stream()
        .anyMatch(
            cause ->
                cause instanceof NoRouteToHostException
                    || cause.getClass().equals(SocketException.class));
  }

  /** Whether it closed after bytes that begin no HTTP/1 answer. */
  private boolean startedUnlikeHttp() {
    for (Throwable cause : chain) {
      Matcher line = STATUS_LINE_SO_FAR.matcher(String.valueOf(cause.getMessage()));
      if (line.find()) {
        String begin = line.group(1).substring(0, Math.min(7, line.group(1).length()));
        int end = begin.indexOf(']');
        return !"HTTP/1.".startsWith(end < 0 ? begin : begin.substring(0, end));
      }
    }
    return false;
  }

  private <T> Optional<T> first(Class<T> type) {
    return chain.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  private boolean begins(String text) {
    return chain.stream().anyMatch(cause -> String.valueOf(cause.getMessage()).startsWith(text));
  }

  /**
   * Whether the client itself says so. A message that quotes what the axon sent is the axon's word
   * and is passed over.
   */
  private boolean says(String text) {
    return chain.stream()
        .map(cause -> String.valueOf(cause.getMessage()))
        .anyMatch(message -> message.contains(text) && !quotes(message));
  }

  private static boolean quotes(String message) {
    return message.contains("\"") || message.contains("receiving [");
  }

  private boolean saysInAnyCase(String text) {
    return chain.stream()
        .anyMatch(
            cause -> String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains(text));
  }

  private Read as(Outcome outcome, String what) {
    String cause =
        chain.reversed().stream()
            .map(Throwable::getMessage)
            .filter(message -> message != null && !message.isBlank())
            .findFirst()
            .orElse(chain.getLast().getClass().getSimpleName());
    return new Read(outcome, what + ": " + cause, sent && first(SocketException.class).isPresent());
  }
}
