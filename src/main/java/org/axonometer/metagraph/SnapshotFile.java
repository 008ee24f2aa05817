package org.axonometer.metagraph;

import java.nio.file.Path;

/** Our own JSON form of a snapshot, version 1. */
public final class SnapshotFile {

  private SnapshotFile() {}

  /** Reads and checks a snapshot; SnapshotException when it is not one. */
  public static MetagraphSnapshot read(Path file) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** Writes a snapshot, atomically (a temporary file beside it, then a rename). */
  public static void write(MetagraphSnapshot snapshot, Path file) {
    throw new UnsupportedOperationException("not written yet");
  }
}
