package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.ScoringInput;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.ScriptedAxon;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.TestRounds;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many axons on one address. */
class CrowdedAddressIT {
  private static final int CROWD = 200;
  private static final int OTHERS = 40;
  private static final int FEW = 40;
  private static final Duration WORK = Duration.ofMillis(60);

  @TempDir private Path folder;

  @Test
  void neverSeesMoreThanFourAtOnceAndHoldsUpNobodyElse() {
    HttpProperties.set();
    Database.bindToLoopback();
    var atOnce = new AtomicInteger();
    var most = new AtomicInteger();
    List<Boolean> arrivals = new CopyOnWriteArrayList<>();
    List<ScriptedAxon> axons = new ArrayList<>();
    List<Neuron> neurons = new ArrayList<>();
    try {
      for (int uid = 0; uid < CROWD + OTHERS; uid++) {
        boolean crowd = uid < CROWD;
        String address = crowd ? "127.7.0.1" : "127.7.1." + (uid - CROWD + 1);
        ScriptedAxon axon =
            ScriptedAxon.playing(
                InetAddress.ofLiteral(address),
                connection -> {
                  connection.readRequest();
                  arrivals.add(crowd);
                  if (crowd) {
                    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                  }
                  connection.pause(WORK);
                  if (crowd) {
                    atOnce.decrementAndGet();
                  }
                  connection.send(ScriptedAxon.success("{\"completion\": \"late\"}"));
                });
        axons.add(axon);
        neurons.add(
            SnapshotNeurons.neuron(
                uid,
                new BigInteger(1, InetAddress.ofLiteral(address).getAddress()),
                4,
                axon.endpoint().port(),
                BigInteger.ONE,
                false));
      }
      MetagraphSnapshot snapshot =
          MetagraphSnapshot.of("local", new NetUid(1), 1, Instant.now(), neurons);
      Path job =
          TestRounds.in(folder, snapshot, Hotkey.generate())
              .job("crowd", "timeout: 2s", "concurrency: 64", "partitions: 3");
      try (Database database = Database.own(folder.resolve("home"));
          RoundsApplication application = TestRounds.start(database, folder.resolve("exports"))) {
        RoundReport report =
            application.launcher().run(JobFile.read(job), job, 5, new RoundProgress());
        assertThat(report.outcomes()).containsOnly(Map.entry(Outcome.OK, CROWD + OTHERS));
        assertThat(most.get()).isBetween(2, 4);
        assertThat(arrivals.lastIndexOf(false)).isLessThan(OTHERS + CROWD / 2);
        List<ScoringInput> inputs = new HistoryQueries(database).scoringInputs(report.round().id());
        assertThat(inputs)
            .allSatisfy(
                input ->
                    assertThat(input.totalNanos()).isLessThan(Duration.ofSeconds(2).toNanos()));
        // Fifty times four at once, one after the other: the last waited far longer than a timeout.
        assertThat(inputs.stream().mapToLong(input -> queued(input)).max().orElseThrow())
            .isGreaterThan(WORK.multipliedBy(CROWD / 4 / 2).toNanos());
      }
    } finally {
      axons.forEach(ScriptedAxon::close);
    }
  }

  @Test
  void twoRoundsAtOnceKeepToTheLimitTogether() {
    HttpProperties.set();
    Database.bindToLoopback();
    var atOnce = new AtomicInteger();
    var most = new AtomicInteger();
    List<ScriptedAxon> axons = new ArrayList<>();
    try {
      for (int uid = 0; uid < FEW; uid++) {
        axons.add(
            ScriptedAxon.playing(
                InetAddress.ofLiteral("127.7.2.1"),
                connection -> {
                  connection.readRequest();
                  most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                  connection.pause(WORK);
                  atOnce.decrementAndGet();
                  connection.send(ScriptedAxon.success("{\"completion\": \"late\"}"));
                }));
      }
      Neuron[] neurons =
          IntStream.range(0, FEW)
              .mapToObj(
                  uid ->
                      SnapshotNeurons.serving(uid, "127.7.2.1", axons.get(uid).endpoint().port()))
              .toArray(Neuron[]::new);
      TestRounds rounds =
          TestRounds.in(
              folder,
              MetagraphSnapshot.of("local", new NetUid(1), 1, Instant.now(), List.of(neurons)),
              Hotkey.generate());
      try (Database database = Database.own(folder.resolve("home"));
          RoundsApplication application = TestRounds.start(database, folder.resolve("exports"))) {
        List<CompletableFuture<RoundReport>> both =
            Stream.of("one", "two")
                .map(name -> rounds.job(name, "timeout: 2s", "concurrency: 16"))
                .map(
                    job ->
                        CompletableFuture.supplyAsync(
                            () ->
                                application
                                    .launcher()
                                    .run(JobFile.read(job), job, 5, new RoundProgress()),
                            task -> Thread.ofPlatform().start(task)))
                .toList();
        assertThat(both)
            .allSatisfy(
                round ->
                    assertThat(round.join().outcomes()).containsOnly(Map.entry(Outcome.OK, FEW)));
        assertThat(most.get()).isBetween(2, 4);
      }
    } finally {
      axons.forEach(ScriptedAxon::close);
    }
  }

  private static long queued(ScoringInput input) {
    return input.queueNanos() == null ? 0 : input.queueNanos();
  }
}
