package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.KeptSnapshots;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.SnapshotException;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.RpcNode;
import org.axonometer.testing.ScaleMetagraph;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds whose snapshots come from a chain's endpoint on loopback. */
class FetchedRoundIT {
  private static final NetUid ONE = new NetUid(1);

  @TempDir private Path folder;
  private Database database;
  private RoundsApplication application;

  @BeforeEach
  void open() {
    HttpProperties.set();
    Database.bindToLoopback();
    database = Database.own(folder.resolve("home"));
    application = TestRounds.start(database, folder.resolve("exports"));
  }

  @AfterEach
  void close() {
    application.close();
    database.close();
  }

  @Test
  void takesAFreshSnapshotForEachRoundKeepsItAndNeverAnOlderOneSilently() throws IOException {
    Instant now = Instant.now();
    try (MockAxonPark park = MockAxonPark.open(ParkSettings.of(4, Profile.HONEST));
        RpcNode node = RpcNode.at(1_000, now.minus(Duration.ofMinutes(3)))) {
      Path file = TestRounds.in(folder, park).job("fetched", "timeout: 2s");
      MetagraphSnapshot snapshot = SnapshotFile.read(folder.resolve("snapshot.json"));
      node.hex("NeuronInfoRuntimeApi_get_neurons_lite", hex(ScaleMetagraph.neuronsLite(snapshot)))
          .hex("SubnetInfoRuntimeApi_get_subnet_state", hex(ScaleMetagraph.subnetState(snapshot)));
      Files.writeString(
          file,
          Files.readString(file)
              .replace(
                  "{file: ../snapshot.json}",
                  "{from: fetch, endpoints: [\"ws://127.0.0.1:1\", \"%s\"], timeout: 60s}"
                      .formatted(node.address("ws"))));
      JobDefinition job = JobFile.read(file);
      KeptSnapshots kept = new KeptSnapshots(folder.resolve("snapshots"));
      assertThatThrownBy(() -> RoundSnapshot.stored(job, kept))
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining("was fetched yet");

      RoundReport first = application.launcher().run(job, file, 5, new RoundProgress());
      assertThat(first.sealed()).isTrue();
      assertThat(first.round().block()).isEqualTo(1_000);
      assertThat(first.snapshotAge().age())
          .isBetween(Duration.ofMinutes(3), Duration.ofMinutes(30));
      assertThat(first.snapshotAge().notes().orElse(""))
          .contains("ws://127.0.0.1:1: cannot connect");
      Path written = kept.newest("local", ONE).orElseThrow();
      MetagraphSnapshot read = SnapshotFile.read(written);
      assertThat(written.getFileName()).hasToString("block-1000-" + read.sha256() + ".json");
      assertThat(
              RoundPlan.of(
                      job, kept, first.round().ownHotkey(), 5, Clock.systemUTC(), Optional.empty())
                  .snapshot())
          .isEqualTo(read);

      // A block that is lower than the last one used.
      node.result("chain_getHeader", "{\"number\":\"0x3e7\"}");
      assertThatThrownBy(() -> application.launcher().run(job, file, 6, new RoundProgress()))
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining("of block 999, older than block 1000 that was used before")
          .hasMessageContaining("--allow-stale");
      RoundReport allowed =
          application.launcher().run(job.allowingStale(), file, 6, new RoundProgress());
      assertThat(allowed.snapshotAge().notes().orElse("")).contains("older than block 1000");

      // A block further ahead than the chain can have come.
      node.result("chain_getHeader", "{\"number\":\"0x100000\"}");
      assertThatThrownBy(() -> application.launcher().run(job, file, 7, new RoundProgress()))
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining("can have come since block 999");

      // No answer: no round, and not the one kept.
      node.result("chain_getHeader", "null");
      int rounds = new HistoryQueries(database).rounds(10).size();
      assertThatThrownBy(() -> application.launcher().run(job, file, 8, new RoundProgress()))
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining("no snapshot of local 1 from the chain");
      assertThat(new HistoryQueries(database).rounds(10)).hasSize(rounds);
    }
  }

  @Test
  void aStopBreaksOffAnOpeningThatWaitsForTheChainAndOpensNothing() throws Exception {
    try (MockAxonPark park = MockAxonPark.open(ParkSettings.of(2, Profile.HONEST));
        RpcNode node = new RpcNode().silent()) {
      Path file = TestRounds.in(folder, park).job("fetched", "timeout: 2s");
      Files.writeString(
          file,
          Files.readString(file)
              .replace(
                  "{file: ../snapshot.json}",
                  "{from: fetch, endpoints: [\"%s\", \"%s\"], timeout: 10m}"
                      .formatted(node.address("http"), node.address("ws"))));
      JobDefinition job = JobFile.read(file);
      Thread stopping =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (node.asked().isEmpty()) {
                      LockSupport.parkNanos(1_000_000);
                    }
                    application.launcher().stop();
                  });
      assertThatThrownBy(() -> application.launcher().open(job, file, Optional.empty(), 5))
          .isInstanceOfSatisfying(
              RoundException.class,
              told -> assertThat(told.reason()).isEqualTo(RoundException.Reason.STOPPED));
      stopping.join();
      assertThat(node.asked()).hasSize(1);
      assertThat(new HistoryQueries(database).rounds(10)).isEmpty();
      assertThat(folder.resolve("snapshots")).doesNotExist();
    }
  }

  private static String hex(byte[] scale) {
    return "0x" + HexFormat.of().formatHex(scale);
  }
}
