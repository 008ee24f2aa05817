package org.axonometer.dendrite;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.synapse.SignedRequest;
import org.axonometer.synapse.SynapseType;

/**
 * Queries to sockets of our own on loopback, with a canned answer, so that signing, sending and
 * parsing are compiled before the first axon is measured. Nothing of it is recorded, and no other
 * machine is contacted.
 */
public final class WarmUp {
  private static final String BODY = "{\"axon\":{\"status_code\":200},\"computed_body_hash\":\"\"}";

  private WarmUp() {}

  /**
   * Runs the queries and waits for their end.
   *
   * @param request builds and signs a query to the endpoint it is given, with a key of no account
   * @param queries how many in all; 300 is enough for the compilers
   * @param concurrency how many at once, each to a listening socket of its own
   * @param goOn asked before each query; false ends the warm-up early
   * @return how many were answered; none means that this machine cannot even ask itself
   */
  public static int run(
      Dendrite dendrite,
      SynapseType type,
      Function<AxonEndpoint, SignedRequest> request,
      int queries,
      int concurrency,
      BooleanSupplier goOn)
      throws InterruptedException {
    if (queries < 1 || concurrency < 1) {
      throw new IllegalArgumentException(
          "queries and concurrency must be at least 1, were " + queries + " and " + concurrency);
    }
    AtomicInteger left = new AtomicInteger(queries);
    AtomicInteger answered = new AtomicInteger();
    List<Thread> askers = new ArrayList<>();
    try {
      for (int i = 0; i < Math.min(queries, concurrency); i++) {
        askers.add(
            Thread.ofVirtual()
                .name("warm-up-", i)
                .start(
                    () ->
                        ask(
                            dendrite,
                            type,
                            request,
                            () -> goOn.getAsBoolean() && left.getAndDecrement() > 0,
                            answered)));
      }
    } finally {
      for (Thread asker : askers) {
        asker.join();
      }
    }
    return answered.get();
  }

  private static void ask(
      Dendrite dendrite,
      SynapseType type,
      Function<AxonEndpoint, SignedRequest> request,
      BooleanSupplier more,
      AtomicInteger answered) {
    try (ServerSocket listening = new ServerSocket(0, 4, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().name("warm-up-axon").start(() -> answer(listening, answerTo(type)));
      AxonEndpoint axon = new AxonEndpoint(listening.getInetAddress(), listening.getLocalPort());
      while (more.getAsBoolean() && !listening.isClosed()) {
        Exchange exchange = dendrite.ask(type, request.apply(axon));
        // A type with required response fields turns the canned answer down: warm all the same.
        if (exchange.outcome() == Outcome.OK || exchange.outcome() == Outcome.BAD_BODY) {
          answered.incrementAndGet();
        }
      }
    } catch (IOException noSocket) {
      // The others go on; the count says it.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] answerTo(SynapseType type) {
    String kind = type.streaming().isPresent() ? "text/event-stream" : "application/json";
    String head =
        "HTTP/1.1 200 OK\r\n"
            + "content-type: %s\r\n".formatted(kind)
            + "bt_header_axon_status_code: 200\r\n"
            + "bt_header_axon_status_message: Success\r\n"
            + "bt_header_axon_process_time: 0.001\r\n"
            + "content-length: %d\r\n\r\n".formatted(BODY.length());
    return (head + BODY).getBytes(US_ASCII);
  }

  /** Until the socket is closed, or takes no connection for want of a descriptor: then it ends. */
  static void answer(ServerSocket listening, byte[] answer) {
    try (listening) {
      while (true) {
        Socket axon = listening.accept();
        // The client may keep an answered connection for a moment; the next query must not wait for
        // its end.
        Thread.ofVirtual().name("warm-up-answer").start(() -> answer(axon, answer));
      }
    } catch (IOException over) {
      // The warm-up is over, or cannot go on.
    }
  }

  private static void answer(Socket accepted, byte[] answer) {
    try (Socket axon = accepted) {
      axon.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(axon.getInputStream());
      in.skipNBytes(headThenBodyLength(in));
      axon.getOutputStream().write(answer);
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException givenUp) {
      // The client gave up; its query counts as not answered.
    }
  }

  /** Reads a request head and gives the length of the body behind it. */
  private static long headThenBodyLength(InputStream in) throws IOException {
    long length = 0;
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c != '\n') {
        line.append((char) c);
        continue;
      }
      String text = line.toString().strip();
      line.setLength(0);
      if (text.isEmpty()) {
        return length;
      }
      if (text.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Long.parseLong(text.substring(15).strip());
      }
    }
    return length;
  }
}
