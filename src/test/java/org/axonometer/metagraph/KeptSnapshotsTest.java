package org.axonometer.metagraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.SnapshotNeurons;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptSnapshotsTest {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  @TempDir private Path folder;

  private static MetagraphSnapshot snapshot(int netuid, long block) {
    return MetagraphSnapshot.of(
        "finney",
        new NetUid(netuid),
        block,
        SnapshotNeurons.TAKEN_AT,
        List.of(SnapshotNeurons.notServing(0)));
  }

  /** Keeps one, written so long ago. */
  private Path keep(KeptSnapshots kept, MetagraphSnapshot snapshot, Duration age)
      throws IOException {
    Path file = kept.keep(snapshot);
    Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
    return file;
  }

  @Test
  void deletesOnlyWhatNobodyNeeds() throws IOException {
    var kept = new KeptSnapshots(folder.resolve("snapshots"));
    Duration old = Duration.ofDays(3);
    MetagraphSnapshot used = snapshot(1, 100);
    Path ofARound = keep(kept, used, old);
    Path unused = keep(kept, snapshot(1, 200), old);
    Path named = keep(kept, snapshot(1, 300), old);
    Path young = keep(kept, snapshot(1, 400), Duration.ofHours(23));
    Path newest = keep(kept, snapshot(1, 500), old);
    Path newestOfItsSubnet = keep(kept, snapshot(2, 7), old);
    Path notOurs = Files.writeString(newest.resolveSibling("block-1.json"), "{}");
    Files.setLastModifiedTime(notOurs, FileTime.from(NOW.minus(old)));

    assertThat(
            kept.prune(
                sha256 -> sha256.equals(used.sha256()),
                Set.of(named.toAbsolutePath().normalize()),
                NOW.minus(Duration.ofDays(1))))
        .isEqualTo(1);

    assertThat(unused).doesNotExist();
    assertThat(List.of(ofARound, named, young, newest, newestOfItsSubnet, notOurs))
        .allSatisfy(file -> assertThat(file).exists());
    assertThat(kept.newest("finney", new NetUid(1))).contains(newest);
  }

  @Test
  void aFolderThatIsNotThereHoldsNothing() {
    var kept = new KeptSnapshots(folder.resolve("snapshots"));
    assertThat(kept.prune(sha256 -> false, Set.of(), NOW)).isZero();
    assertThat(kept.newest("finney", new NetUid(1))).isEmpty();
  }
}
