package org.axonometer.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.TestRounds;
import org.axonometer.wallet.Hotkey;

/**
 * What a round over {@link FastAxons} needs: snapshot, wallet and a job {@code bench}, in a folder;
 * and a job {@code warm-up} that asks 256 axons which answer at once.
 *
 * <p>Run as {@code BenchFiles <folder> <port> <concurrency> <timeout> <kind> <count> [<kind>
 * <count>]...}; uids are dealt to the kinds in that order.
 */
public final class BenchFiles {

  private static final String AT_ONCE = "1";
  private static final int WARM_UP_TARGETS = 256;

  private BenchFiles() {}

  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    int port = Integer.parseInt(args[1]);
    List<Neuron> neurons = new ArrayList<>();
    for (int i = 4; i < args.length; i += 2) {
      neurons.addAll(neurons(neurons.size(), args[i], Integer.parseInt(args[i + 1]), port));
    }
    var rounds = TestRounds.in(folder, snapshot(1, neurons), Hotkey.generate());
    job(rounds, "bench", args[2], args[3]);
    Path warmUp = job(rounds, "warm-up", "256", "12s");
    SnapshotFile.write(
        snapshot(2, neurons(0, AT_ONCE, WARM_UP_TARGETS, port)), folder.resolve("warm-up.json"));
    Files.writeString(
        warmUp,
        Files.readString(warmUp)
            .replace("snapshot.json", "warm-up.json")
            .replace("netuid: 1", "netuid: 2"));
  }

  private static MetagraphSnapshot snapshot(int netuid, List<Neuron> neurons) {
    return MetagraphSnapshot.of("local", new NetUid(netuid), 1, Instant.now(), neurons);
  }

  private static Path job(TestRounds rounds, String name, String concurrency, String timeout)
      throws IOException {
    Path job =
        rounds.job(
            name,
            "concurrency: " + concurrency,
            "timeout: " + timeout,
            "partitions: 2",
            "round-deadline: 10m");
    // Room in a small heap for all that are asked at once.
    return Files.writeString(job, "store: {max-response: 64KiB}\n", StandardOpenOption.APPEND);
  }

  private static List<Neuron> neurons(int from, String kind, int count, int port) {
    return IntStream.range(from, from + count)
        .mapToObj(uid -> neuron(uid, Integer.parseInt(kind), port))
        .toList();
  }

  private static Neuron neuron(int uid, int kind, int port) {
    byte[] address = {127, (byte) kind, (byte) (uid >> 8), (byte) uid};
    return SnapshotNeurons.serving(uid, text(address), port);
  }

  private static String text(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
