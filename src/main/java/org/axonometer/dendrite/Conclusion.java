package org.axonometer.dendrite;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.synapse.DendriteView;
import org.axonometer.synapse.ReplyText;
import org.axonometer.synapse.SignedRequest;
import org.axonometer.synapse.SynapseReply;
import org.axonometer.synapse.SynapseType;
import org.jspecify.annotations.Nullable;

/**
 * Turns the end of one query into the exchange that is reported.
 *
 * @param uri where the request goes
 */
record Conclusion(
    SynapseType type,
    SignedRequest request,
    URI uri,
    Answer answer,
    Predicate<AxonEndpoint> routed,
    Stalls stalls) {

  /**
   * So late after the deadline a waiting thread wakes only when the machine or the JVM stood still.
   */
  static final Duration STOOD_STILL = Duration.ofSeconds(1);

  /** Where a request goes, IPv6 in brackets. */
  static URI uri(SignedRequest request) {
    try {
      return new URI(
          "http", request.endpoint().toString(), "/" + request.synapseName(), null, null);
    } catch (URISyntaxException wrong) {
      throw new IllegalArgumentException("no URL from " + request.synapseName(), wrong);
    }
  }

  /**
   * @param failure how the client says it ended; TimeoutException when we stopped waiting, null
   *     when it ended well
   * @param took from the hand-over to the client until the waiting thread went on
   */
  Exchange of(@Nullable Throwable failure, Duration took) {
    Answer.Stopped stopped = answer.stopped();
    if (stopped != null) {
      return exchange(stopped.outcome(), stopped.detail(), stoppedView(stopped));
    }
    Long completed = answer.completedAfterNanos();
    if (completed != null) {
      return completed <= request.timeout().toNanos() ? answered() : late(took);
    }
    return failure instanceof TimeoutException || failure == null ? late(took) : failed(failure);
  }

  /** Something of our own broke before, around or after the exchange. */
  Exchange ownFault(Throwable fault) {
    return exchange(
        Outcome.LOCAL_FAULT,
        "this program failed: " + fault.getClass().getSimpleName() + ": " + fault.getMessage(),
        DendriteView.unknown());
  }

  private Exchange answered() {
    int status = requireStatus();
    byte[] body = answer.bytes();
    SynapseReply reply = reply(status, body);
    Outcome outcome =
        switch (reply.reading()) {
          case ANSWERED -> Outcome.OK;
          case REFUSED -> Outcome.REFUSED;
          case ERROR -> Outcome.AXON_ERROR;
          case BAD_BODY -> Outcome.BAD_BODY;
        };
    return new Exchange(
        outcome,
        reply.detail(),
        status,
        reply,
        reply.view(),
        answer.timings(outcome, ownStalls().longestMillis()),
        answer.headers(),
        body,
        answer.figures(outcome));
  }

  private SynapseReply reply(int status, byte[] body) {
    String url = uri.toString();
    StreamedReply stream = answer.stream();
    return stream == null
        ? SynapseReply.read(type, url, status, answer.headers(), body)
        : SynapseReply.readStream(type, status, answer.headers(), body, stream.complete());
  }

  private int requireStatus() {
    Integer status = answer.httpStatus();
    if (status == null) {
      throw new IllegalStateException("a complete answer without a status");
    }
    return status;
  }

  private Exchange late(Duration took) {
    Duration overdue = took.minus(request.timeout());
    if (overdue.compareTo(STOOD_STILL) > 0) {
      return stoodStill(overdue, "at the deadline");
    }
    OwnStalls own = ownStalls();
    Optional<Duration> stood = own.toBlame(deadlineNanos(own));
    if (stood.isPresent()) {
      return stoodStill(stood.get(), "before or at the deadline");
    }
    String reached =
        !answer.sent()
            ? "while connecting"
            : answer.httpStatus() == null ? "waiting for the headers" : "reading the body";
    String seconds = pythonSeconds();
    return exchange(
        Outcome.TIMED_OUT,
        "no complete answer after " + seconds + " s, " + reached,
        DendriteView.timedOut(seconds));
  }

  private long deadlineNanos(OwnStalls own) {
    Long handedOver = answer.handedOverNanos();
    return handedOver == null ? own.endNanos() : handedOver + request.timeout().toNanos();
  }

  private Exchange stoodStill(Duration length, String when) {
    return exchange(
        Outcome.LOCAL_FAULT,
        "this machine stood still for " + length.toMillis() + " ms " + when,
        DendriteView.unknown());
  }

  /** The timeout as the request itself writes it, which is Python's float. */
  private String pythonSeconds() {
    String sent = request.headers().get("timeout");
    return sent != null ? sent : String.valueOf(request.timeout().toMillis() / 1_000.0);
  }

  private Exchange failed(Throwable failure) {
    Failure.Read read = Failure.read(failure, answer.sent(), request.endpoint(), routed);
    if (read.outcome() == Outcome.BAD_PROTOCOL || read.outcome() == Outcome.TOO_LARGE) {
      answer.leaks();
    }
    if (read.outcome() == Outcome.DISCONNECTED) {
      OwnStalls own = ownStalls();
      Optional<Duration> stood = own.toBlame(own.endNanos());
      if (stood.isPresent()) {
        return stoodStill(stood.get(), "before the connection ended");
      }
    }
    return exchange(read.outcome(), read.detail(), view(read));
  }

  private DendriteView view(Failure.Read read) {
    boolean inBody = answer.httpStatus() != null;
    return switch (read.outcome()) {
      case UNREACHABLE -> DendriteView.unavailable(request.endpoint(), request.synapseName());
      case DISCONNECTED ->
          inBody
              ? DendriteView.payloadError()
              : read.reset() ? DendriteView.reset() : DendriteView.disconnected();
      case BAD_PROTOCOL ->
          inBody
              ? DendriteView.payloadError()
              : DendriteView.notHttp(uri.toString(), read.detail());
      default -> DendriteView.unknown();
    };
  }

  private DendriteView stoppedView(Answer.Stopped stopped) {
    return stopped.pythonToo()
        ? DendriteView.notHttp(uri.toString(), stopped.detail())
        : DendriteView.unknown();
  }

  private OwnStalls ownStalls() {
    return OwnStalls.of(stalls, answer, System.nanoTime());
  }

  private Exchange exchange(Outcome outcome, String detail, DendriteView view) {
    OwnStalls own = ownStalls();
    return new Exchange(
        outcome,
        ReplyText.line(detail),
        answer.httpStatus(),
        null,
        view,
        answer.timings(outcome, own.longestMillis()),
        answer.headers(),
        answer.bytes(),
        answer.figures(outcome));
  }
}
