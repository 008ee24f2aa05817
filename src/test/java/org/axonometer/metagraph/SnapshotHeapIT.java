package org.axonometer.metagraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.axonometer.testing.SnapshotNeurons.serving;
import static org.axonometer.testing.SnapshotNeurons.snapshot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The largest subnet there can be, read by a JVM with a small heap. */
class SnapshotHeapIT {

  private static final MetagraphSnapshot LARGEST =
      snapshot(
          IntStream.range(0, 65_536)
              .mapToObj(uid -> serving(uid, "2606:4700::1111", 1 + uid % 65_535))
              .toArray(Neuron[]::new));

  @Test
  void readsTheLargestSubnetInASmallHeap(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("largest.json");
    SnapshotFile.write(LARGEST, file);
    assertThat(Files.size(file)).isGreaterThan(20_000_000);
    assertThat(read(64, folder, Reader.class, file))
        .hasContent("65536 " + SnapshotFile.read(file).sha256());
  }

  @Test
  void importsTheLargestMetagraphAnswerInThatOfTheProgram(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("largest.hex");
    byte[] scale =
        MadeMetagraphAnswer.of(LARGEST, MetagraphAnswer.Layout.known().getFirst(), Set.of());
    Files.writeString(file, HexFormat.of().formatHex(scale));
    assertThat(Files.size(file)).isGreaterThan(30_000_000);
    assertThat(read(256, folder, Importer.class, file)).hasContent("65536 0");
  }

  private static Path read(int mebibytes, Path folder, Class<?> program, Path file)
      throws Exception {
    Path output = folder.resolve("output");
    Process reader =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + mebibytes + "m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(reader.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      reader.destroyForcibly();
    }
    return output;
  }

  /** Reads one snapshot and prints its size and hash. */
  static final class Reader {

    private Reader() {}

    public static void main(String[] args) {
      MetagraphSnapshot snapshot = SnapshotFile.read(Path.of(args[0]));
      System.out.println(snapshot.neurons().size() + " " + snapshot.sha256());
    }
  }

  /** Makes a snapshot of an answer and prints its size and the last total stake. */
  static final class Importer {

    private Importer() {}

    public static void main(String[] args) {
      MetagraphSnapshot snapshot =
          new SnapshotImport(
                  Optional.of("finney"),
                  Optional.empty(),
                  OptionalLong.empty(),
                  Optional.empty(),
                  Optional.empty())
              .read(Path.of(args[0]));
      System.out.println(
          snapshot.neurons().size()
              + " "
              + snapshot.neurons().getLast().totalStakeRao().orElseThrow());
    }
  }
}
