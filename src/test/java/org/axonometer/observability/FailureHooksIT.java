package org.axonometer.observability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.axonometer.history.Fire;
import org.axonometer.jobs.JobFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of real commands and of a real address. */
class FailureHooksIT {
  @TempDir private Path folder;
  private final BlockingQueue<Boolean> calls = new ArrayBlockingQueue<>(100);

  private FailureHooks hooks(String onFailure) {
    var hooks = new FailureHooks(Clock.systemUTC(), (job, good) -> calls.add(good));
    String yaml =
        """
        network: local
        netuid: 1
        snapshot: {file: snapshot.json}
        synapse: {name: Dummy, response: {answer: "optional[int]"}}
        on-failure: %s
        """
            .formatted(onFailure);
    hooks.watching(Map.of("mine", JobFile.parse(yaml, folder.resolve("mine.yaml"))));
    return hooks;
  }

  private boolean called() throws InterruptedException {
    Boolean good = calls.poll(60, TimeUnit.SECONDS);
    assertThat(good).isNotNull();
    return Boolean.TRUE.equals(good);
  }

  @Test
  void aCommandGetsTheFailureOnItsInputAndInItsVariables() throws Exception {
    try (FailureHooks hooks =
        hooks(
            "{command: [sh, -c, 'cat > told; echo $AXONOMETER_EVENT $AXONOMETER_ROUND > names']}")) {
      hooks.failed("mine", 7, "the disk\nis full");
      assertThat(called()).isTrue();
      assertThat(Files.readString(folder.resolve("told")))
          .startsWith("{\"event\":\"fault\",\"job\":\"mine\",\"round\":7,")
          .endsWith("\"detail\":\"the disk\"}\n");
      assertThat(Files.readString(folder.resolve("names"))).isEqualTo("fault 7\n");

      hooks.failed("another", 8, "nobody is told");
      hooks.withoutRound("mine", List.of(fire(Fire.Reason.PAUSED)));
      hooks.withoutRound("mine", List.of(fire(Fire.Reason.PAUSED), fire(Fire.Reason.MISSED)));
      assertThat(called()).isTrue();
      assertThat(Files.readString(folder.resolve("told")))
          .contains("\"event\":\"no_round\"", "\"round\":null", "\"reasons\":{\"MISSED\":1}");
      assertThat(calls).isEmpty();
    }
  }

  private static Fire fire(Fire.Reason reason) {
    return Fire.without("mine", Instant.EPOCH, Instant.EPOCH, reason);
  }

  @Test
  void aCommandThatHangsIsKilledAndOneThatFailsIsCounted() throws Exception {
    try (FailureHooks hooks = hooks("{command: [sleep, '600'], timeout: 1s}")) {
      long began = System.nanoTime();
      hooks.failed("mine", 7, "why");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
      assertThat(called()).isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(60));
    }
    try (FailureHooks hooks = hooks("{command: ['false']}")) {
      hooks.failed("mine", 7, "why");
      assertThat(called()).isFalse();
    }
    try (FailureHooks hooks = hooks("{command: [no-such-program]}")) {
      hooks.failed("mine", 7, "why");
      assertThat(called()).isFalse();
    }
  }

  @Test
  void anAddressGetsAPostAndHasToAnswerWithSuccessInTime() throws Exception {
    BlockingQueue<String> posted = new ArrayBlockingQueue<>(10);
    HttpServer server = server(posted);
    try {
      String address = "http://127.0.0.1:" + server.getAddress().getPort();
      try (FailureHooks hooks = hooks("{url: '%s/good'}".formatted(address))) {
        hooks.failed("mine", 7, "why");
        assertThat(called()).isTrue();
        assertThat(posted.take()).startsWith("POST /good {\"event\":\"fault\"").endsWith("}");
      }
      for (String path : List.of("/moved", "/broken", "/silent")) {
        try (FailureHooks hooks = hooks("{url: '%s%s', timeout: 1s}".formatted(address, path))) {
          hooks.failed("mine", 7, "why");
          assertThat(called()).as(path).isFalse();
          assertThat(posted.take()).startsWith("POST " + path + " ");
        }
      }
      assertThat(posted).isEmpty();
    } finally {
      server.stop(0);
    }
  }

  private static HttpServer server(BlockingQueue<String> posted) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8).strip();
          posted.add(exchange.getRequestMethod() + " " + path + " " + body);
          switch (path) {
            case "/good" -> exchange.sendResponseHeaders(204, -1);
            case "/moved" -> {
              exchange.getResponseHeaders().set("Location", "/good");
              exchange.sendResponseHeaders(307, -1);
            }
            case "/broken" -> exchange.sendResponseHeaders(500, -1);
            default -> {
              return;
            }
          }
          exchange.close();
        });
    server.start();
    return server;
  }
}
