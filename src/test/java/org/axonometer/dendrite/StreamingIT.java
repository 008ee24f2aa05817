package org.axonometer.dendrite;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.axonometer.synapse.DendriteView;
import org.axonometer.synapse.PythonType;
import org.axonometer.synapse.Streaming;
import org.axonometer.synapse.Streaming.Parser;
import org.axonometer.synapse.SynapseType;
import org.axonometer.synapse.UnsignedRequests;
import org.axonometer.testing.ScriptedAxon;
import org.axonometer.testing.ScriptedAxon.Connection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Streamed answers, against real sockets. */
class StreamingIT {
  private static final int MAX_BODY_BYTES = 100_000;
  private static final Duration PATIENT = ofSeconds(10);
  private static final Duration SHORT = ofMillis(400);
  private static final String STREAM_HEAD =
      """
      HTTP/1.1 200 OK\r
      content-type: text/event-stream\r
      bt_header_axon_status_code: 200\r
      bt_header_axon_status_message: Success\r
      transfer-encoding: chunked\r
      \r
      """;

  private static Dendrite dendrite;

  @BeforeAll
  static void open() {
    HttpProperties.set();
    dendrite = new Dendrite(MAX_BODY_BYTES);
  }

  @AfterAll
  static void close() {
    dendrite.close();
  }

  private static SynapseType type(Parser parser, PythonType field) {
    return new SynapseType(
        "Dummy",
        List.of(new SynapseType.Field("dummy_input", PythonType.Plain.INT, true, null)),
        List.of(new SynapseType.Field("completion", new PythonType.OptionalOf(field), false, null)),
        List.of(),
        Optional.of(new Streaming(parser, Optional.of("completion"))));
  }

  private static final SynapseType TEXT = type(Parser.TEXT, PythonType.Plain.STR);

  /** An exchange and what its listener heard. */
  private record Heard(Exchange exchange, List<String> texts) {
    String completion() {
      return Objects.requireNonNull(exchange.reply()).fields().get("completion").toString();
    }

    StreamFigures figures() {
      return Objects.requireNonNull(exchange.stream());
    }
  }

  private static Heard ask(SynapseType type, Duration timeout, ScriptedAxon.Script script)
      throws InterruptedException {
    List<String> texts = new ArrayList<>();
    try (ScriptedAxon axon = ScriptedAxon.playing(script)) {
      Exchange exchange =
          dendrite.askStreaming(
              type, UnsignedRequests.to(axon.endpoint(), timeout), part -> texts.add(part.text()));
      // The connection of a stream that is given up is closed.
      if (!exchange.outcome().latencyKnown()) {
        assertThat(axon.hasNoOpenConnectionsWithin(PATIENT)).isTrue();
      }
      return new Heard(exchange, texts);
    }
  }

  private static void chunk(Connection connection, String hex) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    connection.send(
        join(
            (Integer.toHexString(bytes.length) + "\r\n")
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII),
            bytes,
            new byte[] {'\r', '\n'}));
  }

  private static void text(Connection connection, String text) throws IOException {
    chunk(
        connection,
        HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  private static byte[] join(byte[]... parts) {
    var all = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static void end(Connection connection) throws IOException {
    connection.send("0\r\n\r\n");
  }

  @Test
  void hearsEachChunkWhileTheAxonStillWrites() throws Exception {
    var asker = new AtomicReference<>(Thread.currentThread());
    List<Long> heardAt = new ArrayList<>();
    try (ScriptedAxon axon =
        ScriptedAxon.playing(
            connection -> {
              connection.readRequest();
              connection.send(STREAM_HEAD);
              for (String word : List.of("one ", "two ", "three")) {
                text(connection, word);
                connection.pause(ofMillis(100));
              }
              end(connection);
            })) {
      List<String> texts = new ArrayList<>();
      long began = System.nanoTime();
      Exchange exchange =
          dendrite.askStreaming(
              TEXT,
              UnsignedRequests.to(axon.endpoint(), PATIENT),
              part -> {
                assertThat(Thread.currentThread()).isSameAs(asker.get());
                heardAt.add(System.nanoTime() - began);
                texts.add(part.text());
              });
      long took = System.nanoTime() - began;

      assertThat(exchange.outcome()).as(exchange.detail()).isEqualTo(Outcome.OK);
      assertThat(texts).containsExactly("one ", "two ", "three");
      assertThat(took - heardAt.getFirst()).isGreaterThan(ofMillis(250).toNanos());
      var heard = new Heard(exchange, texts);
      assertThat(heard.completion()).isEqualTo("\"one two three\"");
      assertThat(exchange.view()).isEqualTo(new DendriteView(200, "Success"));
      StreamFigures figures = heard.figures();
      assertThat(figures.chunks()).isEqualTo(3);
      assertThat(Objects.requireNonNull(figures.gapP50Nanos())).isGreaterThan(80_000_000L);
      assertThat(Objects.requireNonNull(figures.gapMaxNanos()))
          .isGreaterThanOrEqualTo(Objects.requireNonNull(figures.gapP50Nanos()));
      assertThat(figures.firstChunkNanos())
          .isGreaterThanOrEqualTo(Objects.requireNonNull(exchange.timings().firstByteNanos()))
          .isLessThan(Objects.requireNonNull(exchange.timings().totalNanos()));
      assertThat(figures.lastBytesShare()).isZero();
    }
  }

  @Test
  void keepsACharacterWholeThatIsSplitBetweenChunks() throws InterruptedException {
    Heard heard =
        ask(
            TEXT,
            PATIENT,
            connection -> {
              connection.readRequest();
              connection.send(STREAM_HEAD);
              chunk(connection, "61 f0 9f");
              connection.pause(ofMillis(60));
              chunk(connection, "91 a9 62");
              end(connection);
            });
    assertThat(heard.texts()).containsExactly("a", "👩b");
    assertThat(heard.completion()).isEqualTo("\"a👩b\"");
  }

  @Test
  void readsLinesAndJsonLines() throws InterruptedException {
    ScriptedAxon.Script script =
        connection -> {
          connection.readRequest();
          connection.send(STREAM_HEAD);
          text(connection, "{\"t\": \"a");
          connection.pause(ofMillis(30));
          text(connection, "\"}\r\n[1]\n");
          end(connection);
        };
    assertThat(
            ask(type(Parser.LINES, new PythonType.ListOf(PythonType.Plain.STR)), PATIENT, script)
                .completion())
        .isEqualTo("[\"{\\\"t\\\": \\\"a\\\"}\",\"[1]\"]");
    assertThat(
            ask(
                    type(Parser.JSON_LINES, new PythonType.ListOf(PythonType.Plain.ANY)),
                    PATIENT,
                    script)
                .completion())
        .isEqualTo("[{\"t\":\"a\"},[1]]");
  }

  @Test
  void checksTheWholeAgainstTheFieldsType() throws InterruptedException {
    Heard heard =
        ask(
            type(Parser.JSON_LINES, new PythonType.ListOf(PythonType.Plain.INT)),
            PATIENT,
            connection -> {
              connection.readRequest();
              connection.send(STREAM_HEAD);
              text(connection, "1\n\"two\"\n");
              end(connection);
            });
    assertThat(heard.exchange().outcome()).isEqualTo(Outcome.BAD_BODY);
    assertThat(heard.exchange().detail()).contains("completion");
    assertThat(heard.figures().chunks()).isEqualTo(1);
  }

  @Test
  void believesNoChunkOfARefusal() throws InterruptedException {
    String refusal =
        ScriptedAxon.http(
            403,
            "{\"message\":\"Forbidden. Key is blacklisted: no.\"}",
            "content-type: application/json",
            "bt_header_axon_status_code: 403",
            "bt_header_axon_status_message: Forbidden. Key is blacklisted: no.");
    Heard heard =
        ask(
            TEXT,
            PATIENT,
            connection -> {
              connection.readRequest();
              connection.send(refusal);
            });
    assertThat(heard.texts()).isEmpty();
    assertThat(heard.exchange().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(heard.exchange().stream()).isNull();
    assertThat(heard.exchange().view())
        .isEqualTo(new DendriteView(403, "Forbidden. Key is blacklisted: no."));
  }

  @Test
  void believesNoChunkOfAnotherHeaderStatusOrContentType() throws InterruptedException {
    Heard failed =
        ask(
            TEXT,
            PATIENT,
            connection -> {
              connection.readRequest();
              connection.send(STREAM_HEAD.replace("status_code: 200", "status_code: 500"));
              text(connection, "sorry");
              end(connection);
            });
    assertThat(failed.texts()).isEmpty();
    assertThat(failed.exchange().outcome()).isEqualTo(Outcome.AXON_ERROR);
    Heard page =
        ask(
            TEXT,
            PATIENT,
            connection -> {
              connection.readRequest();
              connection.send(ScriptedAxon.http(200, "<html>hello", "content-type: text/html"));
            });
    assertThat(page.texts()).isEmpty();
    assertThat(page.exchange().outcome()).isEqualTo(Outcome.BAD_BODY);
    assertThat(page.exchange().detail()).contains("text/event-stream").contains("text/html");
  }

  @Test
  void endsAtTheOneDeadlineHoweverOftenChunksCome() throws InterruptedException {
    long before = System.nanoTime();
    Heard heard =
        ask(
            TEXT,
            SHORT,
            connection -> {
              connection.readRequest();
              connection.send(STREAM_HEAD);
              while (true) {
                text(connection, "more ");
                connection.pause(ofMillis(30));
              }
            });
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(SHORT, PATIENT);
    assertThat(heard.exchange().outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(heard.exchange().timings().totalNanos()).isNull();
    assertThat(heard.texts()).hasSizeGreaterThan(2);
    assertThat(heard.figures().chunks()).isEqualTo(heard.texts().size());
    assertThat(heard.figures().lastBytesShare()).isNull();
    assertThat(heard.exchange().view())
        .isEqualTo(new DendriteView(408, "Request timeout after 0.4 seconds"));
  }

  @Test
  void cutsTheConnectionAtTheDeadlineWhileTheListenerIsStuck() throws Exception {
    try (ScriptedAxon axon =
        ScriptedAxon.playing(
            connection -> {
              connection.readRequest();
              connection.send(STREAM_HEAD);
              text(connection, "first");
              connection.awaitPeerClose();
            })) {
      Exchange exchange =
          dendrite.askStreaming(
              TEXT,
              UnsignedRequests.to(axon.endpoint(), SHORT),
              part -> {
                try {
                  assertThat(axon.hasNoOpenConnectionsWithin(PATIENT)).isTrue();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(exchange.outcome()).as(exchange.detail()).isEqualTo(Outcome.TIMED_OUT);
    }
  }

  @Test
  void callsAStreamThatWasCutShortDisconnectedAndTellsWhatCame() throws InterruptedException {
    Heard heard =
        ask(
            TEXT,
            PATIENT,
            connection -> {
              connection.readRequest();
              connection.send(STREAM_HEAD);
              text(connection, "half of ");
              connection.pause(ofMillis(50));
              connection.close();
            });
    assertThat(heard.exchange().outcome())
        .as(heard.exchange().detail())
        .isEqualTo(Outcome.DISCONNECTED);
    assertThat(heard.texts()).containsExactly("half of ");
    assertThat(heard.figures().chunks()).isEqualTo(1);
    assertThat(heard.exchange().view().statusCode()).isEqualTo(400);
  }

  @Test
  void callsBrokenFramingInTheMiddleOfAStreamBadProtocol() throws InterruptedException {
    Heard heard =
        ask(
            TEXT,
            PATIENT,
            connection -> {
              connection.readRequest();
              connection.send(STREAM_HEAD);
              text(connection, "good");
              connection.pause(ofMillis(50));
              connection.send("ZZ\r\nbad\r\n");
            });
    assertThat(heard.exchange().outcome()).isEqualTo(Outcome.BAD_PROTOCOL);
  }

  @Test
  void stopsReadingAtTheByteCap() throws InterruptedException {
    Heard heard =
        ask(
            TEXT,
            PATIENT,
            connection -> {
              connection.readRequest();
              connection.send(STREAM_HEAD);
              while (true) {
                text(connection, "x".repeat(8_000));
              }
            });
    assertThat(heard.exchange().outcome()).isEqualTo(Outcome.TOO_LARGE);
    assertThat(heard.exchange().body()).hasSize(MAX_BODY_BYTES);
    assertThat(String.join("", heard.texts()).length()).isLessThanOrEqualTo(MAX_BODY_BYTES);
  }

  @Test
  void countsAChunkForEachArrivalNotForEachHttpChunk() throws InterruptedException {
    Heard heard =
        ask(
            TEXT,
            PATIENT,
            connection -> {
              connection.readRequest();
              connection.send(STREAM_HEAD);
              connection.pause(ofMillis(50));
              connection.send("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n");
            });
    assertThat(heard.exchange().outcome()).isEqualTo(Outcome.OK);
    assertThat(heard.completion()).isEqualTo("\"abc\"");
    assertThat(heard.figures().chunks()).isEqualTo(1);
    assertThat(heard.figures().gapP50Nanos()).isNull();
    assertThat(heard.figures().lastBytesShare()).isEqualTo(1.0);
  }

  @Test
  void takesAnEmptyStreamAndOneThatIsNotUtf8ForABadBody() throws InterruptedException {
    Heard empty =
        ask(
            TEXT,
            PATIENT,
            connection -> {
              connection.readRequest();
              connection.send(STREAM_HEAD);
              end(connection);
            });
    assertThat(empty.exchange().outcome()).isEqualTo(Outcome.BAD_BODY);
    assertThat(empty.exchange().detail()).isEqualTo("the stream is empty");
    Heard latin =
        ask(
            TEXT,
            PATIENT,
            connection -> {
              connection.readRequest();
              connection.send(STREAM_HEAD);
              chunk(connection, "61 e9 20");
              end(connection);
            });
    assertThat(latin.exchange().outcome()).isEqualTo(Outcome.BAD_BODY);
    assertThat(latin.exchange().detail()).isEqualTo("the stream is not UTF-8 at byte 1");
    assertThat(latin.exchange().timings().totalNanos()).isPositive();
  }

  @Test
  void readsAStreamingTypeWithoutAListenerToo() throws InterruptedException {
    try (ScriptedAxon axon =
        ScriptedAxon.playing(
            connection -> {
              connection.readRequest();
              connection.send(STREAM_HEAD);
              text(connection, "hello");
              end(connection);
            })) {
      Exchange exchange = dendrite.ask(TEXT, UnsignedRequests.to(axon.endpoint(), PATIENT));
      assertThat(exchange.outcome()).isEqualTo(Outcome.OK);
      assertThat(new Heard(exchange, List.of()).completion()).isEqualTo("\"hello\"");
    }
  }

  @Test
  void endsAsOurOwnFaultWhenTheListenerThrows() throws InterruptedException {
    try (ScriptedAxon axon =
        ScriptedAxon.playing(
            connection -> {
              connection.readRequest();
              connection.send(STREAM_HEAD);
              text(connection, "hello");
            })) {
      Exchange exchange =
          dendrite.askStreaming(
              TEXT,
              UnsignedRequests.to(axon.endpoint(), PATIENT),
              part -> {
                throw new IllegalStateException("listener");
              });
      assertThat(exchange.outcome()).isEqualTo(Outcome.LOCAL_FAULT);
      assertThat(axon.hasNoOpenConnectionsWithin(PATIENT)).isTrue();
    }
  }
}
