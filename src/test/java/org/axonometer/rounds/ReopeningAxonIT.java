package org.axonometer.rounds;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.ScoringInput;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.TestRounds;
import org.axonometer.testing.TestStorage;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An axon that listens no more while it is asked again, and then listens again. */
class ReopeningAxonIT {
  private static final int MOST_ATTEMPTS = 4;

  @TempDir private Path folder;

  /** Takes one connection, closes its door, reads the question, resets, and opens again later. */
  private static final class Axon implements Runnable, AutoCloseable {
    private final int port;
    private final List<String> nonces = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile ServerSocket door;

    Axon() throws IOException {
      door = open(0);
      port = door.getLocalPort();
      thread = Thread.ofPlatform().daemon().start(this);
    }

    private static ServerSocket open(int port) throws IOException {
      var door = new ServerSocket();
      door.setReuseAddress(true);
      door.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1);
      return door;
    }

    @Override
    public void run() {
      try {
        while (!Thread.currentThread().isInterrupted()) {
          try (Socket asked = door.accept()) {
            door.close();
            var lines =
                new BufferedReader(new InputStreamReader(asked.getInputStream(), ISO_8859_1));
            for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
              if (line.startsWith("bt_header_dendrite_nonce:")) {
                nonces.add(line.substring(line.indexOf(':') + 1).strip());
              }
            }
            asked.setSoLinger(true, 0);
          }
          LockSupport.parkNanos(500_000_000);
          door = open(port);
        }
      } catch (IOException closed) {
        // The test is over.
      }
    }

    @Override
    public void close() throws IOException {
      thread.interrupt();
      door.close();
    }
  }

  @Test
  void isAskedNoMoreThanAllowedAndWithANonceOfItsOwnEachTime() throws Exception {
    HttpProperties.set();
    try (var axon = new Axon();
        Database database = TestStorage.H2.own(folder.resolve("home"));
        RoundsApplication application = TestRounds.start(database, folder.resolve("exports"))) {
      Path job =
          TestRounds.in(
                  folder,
                  MetagraphSnapshot.of(
                      "local",
                      new NetUid(1),
                      1_000,
                      Instant.now().minusSeconds(20),
                      List.of(SnapshotNeurons.serving(0, "127.0.0.1", axon.port))),
                  Hotkey.generate())
              .job(
                  "reopening",
                  "timeout: 3s",
                  "max-attempts: " + MOST_ATTEMPTS,
                  "retry: [DISCONNECTED, UNREACHABLE]",
                  "back-off: 100ms");
      assertThat(
              application.launcher().run(JobFile.read(job), job, 5, new RoundProgress()).sealed())
          .isTrue();

      assertThat(new HistoryQueries(database).scoringInputs(1))
          .extracting(ScoringInput::attempts)
          .containsExactly(MOST_ATTEMPTS);
      List<String> stored =
          JdbcClient.create(database.dataSource())
              .sql("SELECT nonce FROM synapse_history ORDER BY attempt")
              .query((row, n) -> row.getString("nonce"))
              .list();
      assertThat(stored).hasSize(MOST_ATTEMPTS).doesNotHaveDuplicates();
      assertThat(axon.nonces).hasSizeBetween(2, MOST_ATTEMPTS).isSubsetOf(stored);
      assertThat(axon.nonces).doesNotHaveDuplicates();
    }
  }
}
