package org.axonometer.dendrite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Flow;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.synapse.AxonSignature;
import org.axonometer.synapse.PythonType;
import org.axonometer.synapse.SeenNonces;
import org.axonometer.synapse.SentFields;
import org.axonometer.synapse.SignedRequest;
import org.axonometer.synapse.SynapseType;
import org.axonometer.synapse.UnsignedRequests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.json.JsonMapper;

/**
 * The way of an answer from the client to the exchange, fed with mutated answers: never an
 * exception, a hang or kept memory. {@code axonometer.fuzz.inputs} says how many, {@code
 * axonometer.fuzz.seed} where to begin; the figures go to {@code target/response-fuzz.txt}.
 */
@Isolated("measures")
class ResponseFuzzIT {
  private static final int INPUTS = Integer.getInteger("axonometer.fuzz.inputs", 30_000);
  private static final long SEED = Long.getLong("axonometer.fuzz.seed", 20_260_101L);
  private static final int MAX_BODY_BYTES = 4_096;
  private static final long HEAP_BYTES = 16L << 20;
  private static final Duration HANG = ofSeconds(5);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final SynapseType RICH =
      new SynapseType(
          "Rich",
          List.of(new SynapseType.Field("question", PythonType.Plain.STR, true, null)),
          List.of(
              new SynapseType.Field(
                  "completion", new PythonType.OptionalOf(PythonType.Plain.STR), false, null),
              new SynapseType.Field(
                  "scores", new PythonType.ListOf(PythonType.Plain.FLOAT), false, null),
              new SynapseType.Field(
                  "by_name",
                  new PythonType.DictOf(PythonType.Plain.STR, PythonType.Plain.INT),
                  false,
                  null),
              new SynapseType.Field(
                  "any", new PythonType.OptionalOf(PythonType.Plain.ANY), false, null),
              new SynapseType.Field(
                  "price", new PythonType.OptionalOf(PythonType.Plain.DECIMAL), false, null),
              new SynapseType.Field(
                  "when", new PythonType.OptionalOf(PythonType.Plain.DATETIME), false, null)),
          List.of());

  private static final List<String> BODIES =
      List.of(
          "{\"completion\":\"x\",\"question\":\"why\",\"dummy_output\":2}",
          "{\"completion\":null,\"scores\":[1,2.5,-0,1e300],\"by_name\":{\"a\":1},\"any\":[[{}]],"
              + "\"price\":\"1.20\",\"when\":\"2026-01-02T03:04:05Z\"}",
          "{\"message\":\"Forbidden. Key is not registered\"}",
          "{\"completion\":\"\\u0000\\ud83d\\ude00\\n\u009b\u202e\",\"timeout\":12.0,"
              + "\"axon\":{\"status_code\":200,\"hotkey\":\"5G\"},\"dendrite\":{\"nonce\":1}}",
          "[" + "[".repeat(70) + "]".repeat(70) + "]",
          "data: {\"completion\":\"a\"}\n\ndata: [DONE]\n\n");

  private static final List<String> WORDS =
      List.of(
          "\u0000",
          "\u001b[2J",
          "\r\n",
          "\\u0000",
          "\\ud800",
          "NaN",
          "Infinity",
          "1e400",
          "-0",
          "9".repeat(70),
          "\"",
          "\\",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "null",
          "true",
          "1e-999999999",
          "\uFEFF",
          "\u2028",
          "\u202e",
          "completion",
          "scores",
          "by_name",
          "price",
          "when",
          "any",
          "data: ",
          "0x" + "ab".repeat(64),
          "500",
          "200",
          "-1",
          "gzip",
          "chunked",
          "text/html");

  private static final List<String> NAMES =
      List.of(
          "content-type",
          "content-length",
          "content-encoding",
          "transfer-encoding",
          "bt_header_axon_status_code",
          "bt_header_axon_status_message",
          "bt_header_axon_process_time",
          "bt_header_axon_signature",
          "bt_header_axon_nonce",
          "bt_header_axon_uuid",
          "x-other");

  private static final List<Integer> STATUSES =
      List.of(200, 200, 200, 200, 204, 302, 400, 401, 403, 404, 422, 500, 503, 999);

  private final Random random = new Random(SEED);
  private final SeenNonces seen = new SeenNonces();
  private final SentFields sent =
      new SentFields(RICH, JSON.createObjectNode().put("question", "why"));
  private final SignedRequest request =
      UnsignedRequests.to(
          new AxonEndpoint(InetAddress.ofLiteral("127.0.0.1"), 8_091), ofSeconds(60));

  @SuppressWarnings("ArrayRecordComponent")
  private record Input(int status, HttpHeaders headers, byte[] body)
      implements HttpResponse.ResponseInfo {
    @Override
    public int statusCode() {
      return status;
    }

    @Override
    public HttpClient.Version version() {
      return HttpClient.Version.HTTP_1_1;
    }
  }

  @Test
  void noAnswerBreaksTheReading() throws Exception {
    Map<Outcome, Integer> ends = new EnumMap<>(Outcome.class);
    long slowestNanos = 0;
    long heap = 0;
    long beganNanos = System.nanoTime();
    for (int i = 0; i < INPUTS; i++) {
      if (i == INPUTS / 5) {
        heap = heap();
      }
      Input input = next();
      long startNanos = System.nanoTime();
      try {
        ends.merge(read(input), 1, Integer::sum);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("input " + i + " of seed " + SEED + ": " + shown(input), e);
      }
      slowestNanos = Math.max(slowestNanos, System.nanoTime() - startNanos);
    }
    long kept = heap() - heap;
    Files.writeString(
        Path.of("target", "response-fuzz.txt"),
        "%,d inputs, seed %d, %d s, slowest %d ms, heap kept %d KiB, ends %s%n"
            .formatted(
                INPUTS,
                SEED,
                (System.nanoTime() - beganNanos) / 1_000_000_000,
                slowestNanos / 1_000_000,
                kept / 1_024,
                ends));
    assertThat(Duration.ofNanos(slowestNanos)).isLessThan(HANG);
    assertThat(kept).as("heap kept, bytes").isLessThan(HEAP_BYTES);
    assertThat(ends.keySet())
        .contains(
            Outcome.OK,
            Outcome.BAD_BODY,
            Outcome.BAD_PROTOCOL,
            Outcome.TOO_LARGE,
            Outcome.REFUSED,
            Outcome.AXON_ERROR);
  }

  private Outcome read(Input input) {
    SynapseType type = random.nextBoolean() ? RICH : HostileAxons.PROMPT;
    Answer answer = new Answer(MAX_BODY_BYTES, null);
    answer.handedOver();
    answer.starting(new byte[0]).subscribe(new Nobody());
    answer.apply(input);
    answer.onSubscribe(new Source());
    int half = input.body().length / 2;
    answer.onNext(List.of(ByteBuffer.wrap(input.body(), 0, half)));
    answer.onNext(List.of(ByteBuffer.wrap(input.body(), half, input.body().length - half)));
    answer.onComplete();
    Exchange exchange =
        new Conclusion(
                type, request, Conclusion.uri(request), answer, _ -> true, Stalls.ofThisProcess())
            .of(null, Duration.ofNanos(1));
    if (exchange.reply() != null) {
      sent.changedIn(exchange.reply());
    }
    AxonSignature.check(
        exchange.headers(),
        new AxonSignature.Query(
            request.axonHotkey(), request.axonHotkey(), request.nonceNanos(), Instant.EPOCH),
        seen);
    if (exchange.detail() != null) {
      assertThat(exchange.detail().chars().anyMatch(Character::isISOControl)).isFalse();
    }
    if (exchange.reply() != null) {
      JSON.writeValueAsString(exchange.reply().fields());
    }
    assertThat(exchange.outcome().blame()).isNotEqualTo(Outcome.Blame.VALIDATOR);
    return exchange.outcome();
  }

  private Input next() {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("content-type", List.of("application/json"));
    for (int i = random.nextInt(4); i > 0; i--) {
      String value = random.nextBoolean() ? one(WORDS) : mutated(one(WORDS).getBytes(UTF_8));
      headers.put(one(NAMES), List.of(value));
    }
    byte[] body = one(BODIES).getBytes(UTF_8);
    for (int i = random.nextInt(6); i > 0; i--) {
      body = mutated(body).getBytes(ISO_8859_1);
    }
    if (random.nextInt(200) == 0) {
      body = Arrays.copyOf(body, MAX_BODY_BYTES + random.nextInt(100));
    }
    return new Input(one(STATUSES), HttpHeaders.of(headers, (_, _) -> true), body);
  }

  private <T> T one(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** One change somewhere; the bytes as ISO-8859-1. */
  private String mutated(byte[] bytes) {
    var text = new StringBuilder(new String(bytes, ISO_8859_1));
    int at = text.isEmpty() ? 0 : random.nextInt(text.length());
    int to = Math.min(text.length(), at + 1 + random.nextInt(16));
    switch (random.nextInt(6)) {
      case 0 -> text.insert(at, new String(one(WORDS).getBytes(UTF_8), ISO_8859_1));
      case 1 -> text.replace(at, to, Character.toString(random.nextInt(256)));
      case 2 -> text.delete(at, to);
      case 3 -> text.insert(at, text.substring(at, to).repeat(1 + random.nextInt(20)));
      case 4 -> text.setLength(at);
      default -> text.append(new String(one(BODIES).getBytes(UTF_8), ISO_8859_1), 0, 10);
    }
    return text.toString();
  }

  private static String shown(Input input) {
    List<String> lines = new ArrayList<>();
    input.headers().map().forEach((name, values) -> lines.add(name + ": " + values));
    return input.status() + " " + lines + " " + new String(input.body(), ISO_8859_1);
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static final class Source implements Flow.Subscription {
    @Override
    public void request(long n) {
      // Everything is handed over anyway.
    }

    @Override
    public void cancel() {
      // Nothing to stop.
    }
  }

  private static final class Nobody implements Flow.Subscriber<ByteBuffer> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.cancel();
    }

    @Override
    public void onNext(ByteBuffer item) {
      // Cancelled.
    }

    @Override
    public void onError(Throwable failure) {
      // Cancelled.
    }

    @Override
    public void onComplete() {
      // Cancelled.
    }
  }
}
