package org.axonometer.metagraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.axonometer.testing.SnapshotNeurons.serving;
import static org.axonometer.testing.SnapshotNeurons.snapshot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The largest subnet there can be, read by a JVM with a small heap. */
class SnapshotHeapIT {

  @Test
  void readsTheLargestSubnetInASmallHeap(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("largest.json");
    MetagraphSnapshot largest =
        snapshot(
            IntStream.range(0, 65_536)
                .mapToObj(uid -> serving(uid, "2606:4700::1111", 1 + uid % 65_535))
                .toArray(Neuron[]::new));
    SnapshotFile.write(largest, file);
    assertThat(Files.size(file)).isGreaterThan(20_000_000);

    Path output = folder.resolve("output");
    Process reader =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Reader.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(reader.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      reader.destroyForcibly();
    }
    assertThat(output).hasContent("65536 " + largest.sha256());
  }

  /** Reads one snapshot and prints its size and hash. */
  static final class Reader {

    private Reader() {}

    public static void main(String[] args) {
      MetagraphSnapshot snapshot = SnapshotFile.read(Path.of(args[0]));
      System.out.println(snapshot.neurons().size() + " " + snapshot.sha256());
    }
  }
}
