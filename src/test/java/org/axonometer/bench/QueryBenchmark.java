package org.axonometer.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobFile;
import org.axonometer.sr25519.Sr25519;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.synapse.BodyHash;
import org.axonometer.synapse.Caller;
import org.axonometer.synapse.Nonces;
import org.axonometer.synapse.Question;
import org.axonometer.synapse.SignedRequest;
import org.axonometer.synapse.SynapseReply;
import org.axonometer.wallet.Hotkey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The parts of a query that are processor work: {@code scripts/bench --jmh} runs them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class QueryBenchmark {
  private static final String UUID = "7a3426e6-5d3c-4b60-8a35-bd7e7a0dcb5e";
  private static final String URL = "http://127.0.0.1:8091/Prompt";

  private final Hotkey hotkey = Hotkey.generate();
  private final Hotkey axon = Hotkey.generate();
  private final Nonces nonces = new Nonces(Clock.systemUTC());
  private final Caller caller = new Caller(hotkey, "0.0.0.0", 10_002_000);
  private final AxonEndpoint endpoint = new AxonEndpoint(InetAddress.getLoopbackAddress(), 8091);
  private final JobDefinition job = JobFile.parse(job(), java.nio.file.Path.of("bench.yaml"));
  private final Question question = Question.of(job.synapse(), job.fields());
  private final byte[] message = message().getBytes(UTF_8);
  private final byte[] signature = hotkey.sign(message);
  private final byte[] answer =
      """
      {"name":"Prompt","timeout":12.0,"axon":{"status_code":200},"roles":["user"],\
      "messages":["What is the time?"],"completion":"%s"}"""
          .formatted("It is late. ".repeat(60))
          .getBytes(US_ASCII);
  private final Map<String, List<String>> headers =
      Map.of(
          "content-type",
          List.of("application/json"),
          "bt_header_axon_status_code",
          List.of("200"),
          "bt_header_axon_process_time",
          List.of("0.05"));

  private static String job() {
    return """
    network: local
    netuid: 1
    snapshot: {file: snapshot.json}
    synapse:
      name: Prompt
      request:
        roles: {type: "list[str]", value: [user]}
        messages: {type: "list[str]", value: ["What is the time?"]}
      response:
        completion: optional[str]
      hash-fields: [roles, messages]
    """;
  }

  private String message() {
    return "%d.%s.%s.%s.%s"
        .formatted(
            nonces.next(), hotkey.address(), axon.address(), UUID, question.bodyHash().hex());
  }

  @Benchmark
  public byte[] sign() {
    return hotkey.sign(message);
  }

  @Benchmark
  public boolean verify() {
    return Sr25519.verify(hotkey.address().publicKey(), message, signature);
  }

  @Benchmark
  public BodyHash bodyHash() {
    return BodyHash.of(List.of("['user']", "['What is the time?']"));
  }

  /** Headers, body and signature. */
  @Benchmark
  public SignedRequest buildRequest() {
    return question.sign(
        caller, axon.address(), endpoint, Duration.ofSeconds(12), UUID, nonces.next());
  }

  @Benchmark
  public SynapseReply readAnswer() {
    return SynapseReply.read(job.synapse(), URL, 200, headers, answer);
  }
}
