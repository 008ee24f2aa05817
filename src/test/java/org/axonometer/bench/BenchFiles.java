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
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.TestRounds;
import org.axonometer.wallet.Hotkey;

/**
 * What a round over {@link FastAxons} needs: snapshot, wallet and a job {@code bench}, in a folder.
 *
 * <p>Run as {@code BenchFiles <folder> <port> <concurrency> <timeout> <kind> <count> [<kind>
 * <count>]...}; uids are dealt to the kinds in that order.
 */
public final class BenchFiles {

  private BenchFiles() {}

  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    int port = Integer.parseInt(args[1]);
    List<Neuron> neurons = new ArrayList<>();
    for (int i = 4; i < args.length; i += 2) {
      int kind = Integer.parseInt(args[i]);
      int from = neurons.size();
      IntStream.range(from, from + Integer.parseInt(args[i + 1]))
          .forEach(uid -> neurons.add(neuron(uid, kind, port)));
    }
    MetagraphSnapshot snapshot =
        MetagraphSnapshot.of("local", new NetUid(1), 1, Instant.now(), neurons);
    Path job =
        TestRounds.in(folder, snapshot, Hotkey.generate())
            .job(
                "bench",
                "concurrency: " + args[2],
                "timeout: " + args[3],
                "partitions: 2",
                "round-deadline: 10m");
    // Room in a small heap for all that are asked at once.
    Files.writeString(job, "store: {max-response: 64KiB}\n", StandardOpenOption.APPEND);
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
