package org.axonometer.observability;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few read-only pages on 127.0.0.1. Two threads; who is slow, or comes when both are busy and
 * others wait, is cut off. A request has to be a GET whose Host is this very address: a page in a
 * browser that found its way here by a name of its own is refused.
 */
final class MonitorServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MonitorServer.class);
  private static final int THREADS = 2;
  private static final int MOST_WAITING = 16;

  /** What the JDK's server reads once, at the first server of a process. */
  private static final Map<String, String> LIMITS =
      Map.of(
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.maxRspTime", "30",
          "sun.net.httpserver.maxReqHeaders", "50",
          "sun.net.httpserver.maxReqHeaderSize", "16384",
          "jdk.httpserver.maxConnections", "64");

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final Set<String> hosts;

  /** One page at the time it is asked for. */
  record Page(int status, String contentType, String text) {}

  /**
   * @param port 0 = any that is free
   * @param pages by path, which has to match in full
   * @throws IOException when the port cannot be had
   */
  MonitorServer(int port, Map<String, Supplier<Page>> pages) throws IOException {
    LIMITS.forEach(System::setProperty);
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    this.server = HttpServer.create(new InetSocketAddress(loopback, port), MOST_WAITING);
    this.hosts = Set.of("127.0.0.1:" + port(), "localhost:" + port());
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().name("monitor-", 1).daemon().factory());
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, pages));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange, Map<String, Supplier<Page>> pages) throws IOException {
    try (exchange) {
      Page page = page(exchange, pages);
      byte[] bytes = page.text().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", page.contentType());
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(page.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Page page(HttpExchange exchange, Map<String, Supplier<Page>> pages) {
    List<String> host = exchange.getRequestHeaders().getOrDefault("Host", List.of());
    if (host.size() != 1 || !hosts.contains(host.getFirst())) {
      return text(403, "ask for http://127.0.0.1:" + port() + " by that address");
    }
    if (!exchange.getRequestMethod().equals("GET")) {
      exchange.getResponseHeaders().set("Allow", "GET");
      return text(405, "GET only");
    }
    Supplier<Page> page = pages.get(exchange.getRequestURI().getRawPath());
    if (page == null) {
      return text(
          404, "there are: " + String.join(", ", pages.keySet().stream().sorted().toList()));
    }
    try {
      return page.get();
    } catch (RuntimeException e) {
      log.warn("{} failed: {}", exchange.getRequestURI().getRawPath(), e.toString());
      return text(500, "failed; see the log");
    }
  }

  private static Page text(int status, String text) {
    return new Page(status, "text/plain; charset=utf-8", text + "\n");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
