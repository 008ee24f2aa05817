package org.axonometer.dendrite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.synapse.AxonSignature;
import org.axonometer.synapse.SeenNonces;
import org.axonometer.synapse.SignedRequest;
import org.axonometer.synapse.SynapseType;
import org.axonometer.synapse.UnsignedRequests;
import org.axonometer.testing.CountedSockets;
import org.axonometer.testing.ScriptedAxon;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every hostile axon there is a script for, against the one client, with an honest axon beside it:
 * how its query ends, by when, and what is left of it. {@code axonometer.hostile.repetitions} says
 * how often each is asked, {@code axonometer.hostile.bound} how many milliseconds past its deadline
 * a query may end; the figures go to {@code target/hostile-axons.md}.
 */
@Isolated("measures")
class HostileAxonsIT {
  private static final int MOST_STALLS = 20;
  private static final int REPETITIONS = Integer.getInteger("axonometer.hostile.repetitions", 4);
  private static final int AT_ONCE = 20;
  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final int FEW = 5;
  private static final long HEAP_BYTES = 16L << 20;

  /** Past the deadline. The machine of a test run is loaded; a measuring run sets 250. */
  private static final Duration BOUND =
      Duration.ofMillis(Integer.getInteger("axonometer.hostile.bound", 3_000));

  /** Those that name another place to go to. */
  private static final Pattern ELSEWHERE = Pattern.compile("H2[012]|C1[014]|C21");

  private static final SynapseType DUMMY = UnsignedRequests.dummy();
  private static final String HONEST = "{\"dummy_input\":1,\"dummy_output\":2}";
  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f]");
  private static final List<Row> ROWS = new ArrayList<>();

  private static ScriptedAxon canary;
  private static ScriptedAxon canary6;
  private static ScriptedAxon honest;

  /** What one axon cost. */
  private record Row(
      HostileAxon axon, Map<Outcome, Integer> ends, Duration longest, long descriptors) {

    String line() {
      String ended = ends.keySet().stream().map(Outcome::name).collect(Collectors.joining(" or "));
      return "| %s | %s | %s | %d ms | %d ms | %d |"
          .formatted(
              axon.id(),
              axon.behaviour().replace("|", "\\|").replace("<", "&lt;"),
              ended,
              axon.deadline().toMillis(),
              longest.toMillis(),
              Math.max(0, descriptors));
    }
  }

  private record Asked(Outcome outcome, Duration took) {}

  @BeforeAll
  static void open() throws InterruptedException {
    HttpProperties.set();
    canary = ScriptedAxon.acceptsAndStaysSilent();
    canary6 =
        ScriptedAxon.playing(InetAddress.ofLiteral("::1"), ScriptedAxon.Connection::readRequest);
    honest = ScriptedAxon.answering(HONEST);
    try (Dendrite dendrite = new Dendrite(MAX_BODY_BYTES)) {
      WarmUp.run(
          dendrite,
          DUMMY,
          axon -> UnsignedRequests.to(axon, ofSeconds(10)),
          100,
          AT_ONCE,
          () -> true);
    }
  }

  @AfterAll
  static void close() throws IOException {
    canary.close();
    canary6.close();
    honest.close();
    Files.writeString(
        Path.of("target", "hostile-axons.md"),
        Stream.concat(
                Stream.of(
                    "| Id | Behaviour | Outcome | Deadline | Longest | Descriptors left |",
                    "|---|---|---|---|---|---|"),
                ROWS.stream().sorted(Comparator.comparing(row -> row.axon().id())).map(Row::line))
            .collect(Collectors.joining("\n", "", "\n")));
  }

  static List<HostileAxon> axons() {
    return HostileAxons.all();
  }

  @ParameterizedTest
  @MethodSource("axons")
  void endsAsItHasToAndLeavesNothing(HostileAxon axon) throws Exception {
    long descriptors = Descriptors.open();
    long heap = heap();
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();

    List<Asked> asked = askAll(axon);

    assertThat(asked).extracting(Asked::outcome).isSubsetOf(axon.ends());
    Duration longest = asked.stream().map(Asked::took).max(Comparator.naturalOrder()).orElseThrow();
    assertThat(longest).isLessThan(axon.deadline().plus(BOUND));
    assertThat(canary.acceptedConnections() + canary6.acceptedConnections()).isZero();
    Descriptors.awaitAtMost(descriptors);
    ROWS.add(new Row(axon, counted(asked), longest, Descriptors.open() - descriptors));
    awaitThreads(threads + FEW);
    awaitHeap(heap + HEAP_BYTES);
  }

  private static Map<Outcome, Integer> counted(List<Asked> asked) {
    Map<Outcome, Integer> counted = new TreeMap<>();
    asked.forEach(one -> counted.merge(one.outcome(), 1, Integer::sum));
    return counted;
  }

  private static List<Asked> askAll(HostileAxon axon) throws Exception {
    List<HostileAxon.Peer> peers = new ArrayList<>();
    try (Dendrite dendrite = new Dendrite(MAX_BODY_BYTES);
        ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < Math.min(AT_ONCE, REPETITIONS); i++) {
        peers.add(axon.open((i & 1) == 0 ? canary.endpoint() : canary6.endpoint()));
      }
      List<Future<List<Asked>>> asking = new ArrayList<>();
      for (int i = 0; i < peers.size(); i++) {
        HostileAxon.Peer peer = peers.get(i);
        int times = (REPETITIONS - i + peers.size() - 1) / peers.size();
        asking.add(askers.submit(() -> ask(dendrite, axon, peer, times)));
      }
      assertHonestIsAnswered(dendrite);
      List<Asked> all = new ArrayList<>();
      for (Future<List<Asked>> future : asking) {
        all.addAll(future.get());
      }
      assertHonestIsAnswered(dendrite);
      assertThat(all).hasSize(REPETITIONS);
      return all;
    } finally {
      peers.forEach(HostileAxon.Peer::close);
    }
  }

  private static void assertHonestIsAnswered(Dendrite dendrite) throws InterruptedException {
    Exchange exchange = dendrite.ask(DUMMY, UnsignedRequests.to(honest.endpoint(), ofSeconds(20)));
    assertThat(exchange.outcome()).as(exchange.detail()).isEqualTo(Outcome.OK);
  }

  private static List<Asked> ask(
      Dendrite dendrite, HostileAxon axon, HostileAxon.Peer peer, int times)
      throws InterruptedException {
    List<Asked> asked = new ArrayList<>();
    int stalls = 0;
    while (asked.size() < times) {
      SignedRequest request = request(axon, peer.endpoint());
      long beganNanos = System.nanoTime();
      Exchange exchange = dendrite.ask(HostileAxons.PROMPT, request);
      if (isOurStall(exchange)) {
        assertThat(++stalls).as(exchange.detail()).isLessThan(MOST_STALLS);
        continue;
      }
      asked.add(new Asked(exchange.outcome(), Duration.ofNanos(System.nanoTime() - beganNanos)));
      assertThat(exchange.outcome()).as(exchange.detail()).isIn(axon.ends());
      assertHarmless(exchange, request);
    }
    // A loaded machine may spend the whole deadline before it connects.
    assertThat(peer.accepted()).as("connections").isLessThanOrEqualTo(times + stalls);
    return asked;
  }

  /** A loaded machine starves this process; such a query says nothing of the axon. */
  private static boolean isOurStall(Exchange exchange) {
    Integer stallMillis = exchange.timings().localStallMillis();
    return exchange.outcome() == Outcome.LOCAL_FAULT
        && stallMillis != null
        && stallMillis >= Stalls.TELLING.toMillis();
  }

  private static SignedRequest request(HostileAxon axon, AxonEndpoint endpoint) {
    return axon.requestBytes() == 0
        ? UnsignedRequests.to(endpoint, axon.deadline())
        : UnsignedRequests.to(
            endpoint, axon.deadline(), '"' + "x".repeat(axon.requestBytes()) + '"');
  }

  /** No latency where there is none, one printable line, and a signature that is not believed. */
  private static void assertHarmless(Exchange exchange, SignedRequest request) {
    assertThat(exchange.timings().totalNanos() != null)
        .isEqualTo(exchange.outcome().latencyKnown());
    assertThat(exchange.body().length).isLessThanOrEqualTo(MAX_BODY_BYTES);
    if (exchange.detail() != null) {
      assertThat(exchange.detail())
          .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]")
          .hasSizeLessThanOrEqualTo(600);
    }
    if (exchange.outcome().latencyKnown()) {
      assertThat(exchange.headers().values())
          .allSatisfy(
              values -> assertThat(values).noneMatch(value -> CONTROL.matcher(value).find()));
    }
    AxonSignature signature =
        AxonSignature.check(
            exchange.headers(),
            new AxonSignature.Query(
                request.axonHotkey(), request.axonHotkey(), request.nonceNanos(), Instant.EPOCH),
            new SeenNonces());
    assertThat(signature.verdict())
        .isIn(AxonSignature.Verdict.ABSENT, AxonSignature.Verdict.INVALID);
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** The axon's own threads may still hold what they could not send. */
  private static void awaitHeap(long most) throws InterruptedException {
    long giveUp = System.nanoTime() + ofSeconds(10).toNanos();
    while (heap() > most && System.nanoTime() - giveUp < 0) {
      Thread.sleep(50);
    }
    assertThat(heap()).as("heap used, bytes").isLessThanOrEqualTo(most);
  }

  private static void awaitThreads(int most) throws InterruptedException {
    long giveUp = System.nanoTime() + ofSeconds(10).toNanos();
    while (ManagementFactory.getThreadMXBean().getThreadCount() > most
        && System.nanoTime() - giveUp < 0) {
      Thread.sleep(10);
    }
    assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
        .as("threads")
        .isLessThanOrEqualTo(most);
  }

  /** In a process whose sockets are counted, so that no address is passed over. */
  @Test
  void nobodyButTheAxonIsConnectedTo() throws Exception {
    Process asking =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-ea:jdk.internal.net.http.ResponseContent",
                "-Djava.nio.channels.spi.SelectorProvider=" + CountedSockets.class.getName(),
                "-cp",
                System.getProperty("java.class.path"),
                CountedQueries.class.getName(),
                ELSEWHERE.pattern())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> lines =
        new String(asking.getInputStream().readAllBytes(), UTF_8)
            .lines()
            .filter(line -> line.contains(CountedQueries.SOCKETS))
            .toList();
    assertThat(asking.waitFor()).as(lines.toString()).isZero();
    assertThat(lines)
        .hasSize(
            1
                + (int)
                    HostileAxons.all().stream()
                        .filter(axon -> ELSEWHERE.matcher(axon.id()).matches())
                        .count())
        .anyMatch(line -> line.contains("169.254.169.254"))
        .first()
        .isEqualTo("a client that follows" + CountedQueries.SOCKETS + 2);
    assertThat(lines.subList(1, lines.size()))
        .allMatch(line -> line.endsWith(CountedQueries.SOCKETS + 1));
  }

  @Test
  void everyCaseOfTheCatalogueIsScriptedOrStandsInTheDocumentWithItsReason() throws IOException {
    String document = Files.readString(Path.of("docs", "reliability.md"), UTF_8);
    TreeSet<String> scripted =
        HostileAxons.all().stream()
            .map(HostileAxon::id)
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> missing =
        Stream.concat(
                IntStream.rangeClosed(1, 30).mapToObj(i -> "H%02d".formatted(i)),
                IntStream.rangeClosed(1, 22).mapToObj(i -> "C%02d".formatted(i)))
            .filter(
                id -> !scripted.contains(id) && !document.contains("\n| " + id + " | Elsewhere | "))
            .toList();
    assertThat(missing).isEmpty();
    for (String id : scripted) {
      assertThat(document).as("the table of figures").contains("\n| " + id + " | ");
    }
    assertThat(document.toLowerCase(Locale.ROOT)).doesNotContain("todo");
  }
}
