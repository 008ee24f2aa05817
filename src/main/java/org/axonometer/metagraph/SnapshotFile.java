package org.axonometer.metagraph;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.Function;

/**
 * Our own JSON form of a snapshot, version 1: {@code docs/snapshot-format.md} explains each key.
 */
public final class SnapshotFile {

  private SnapshotFile() {}

  /**
   * Reads and checks a snapshot: a regular file of at most 64 MiB, opened once, read as a stream.
   * SnapshotException when it is not one.
   */
  public static MetagraphSnapshot read(Path file) {
    return readRegular(file, bytes -> SnapshotReader.read(bytes, file.toString()));
  }

  /**
   * Writes a snapshot, atomically (a temporary file beside it, then a rename), readable by its
   * owner only. The same snapshot always gives the same bytes. SnapshotException when it cannot be
   * written; what was there before is then untouched.
   */
  public static void write(MetagraphSnapshot snapshot, Path file) {
    Path target = file.toAbsolutePath();
    Path folder = Objects.requireNonNullElse(target.getParent(), target);
    try {
      Path temporary = Files.createTempFile(folder, ".snapshot-", ".tmp"); // mode 0600
      try {
        writeDurably(snapshot, temporary);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new SnapshotException(file + ": cannot be written: " + reason(e), e);
    }
  }

  /** Opens a file once and hands its guarded bytes to the reader of a form. */
  static MetagraphSnapshot readRegular(Path file, Function<GuardedBytes, MetagraphSnapshot> form) {
    if (!Files.exists(file)) {
      throw new SnapshotException(file + ": no such file");
    }
    if (!Files.isRegularFile(file)) {
      throw new SnapshotException(file + ": not a regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      if (Files.size(file) > GuardedBytes.MAX_BYTES) {
        throw GuardedBytes.tooLarge(file.toString());
      }
      return form.apply(new GuardedBytes(in, file.toString()));
    } catch (IOException e) {
      throw new SnapshotException(file + ": cannot be read: " + reason(e), e);
    }
  }

  private static void writeDurably(MetagraphSnapshot snapshot, Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
      SnapshotWriter.write(snapshot, out);
      out.flush();
      channel.force(true);
    }
  }

  private static String reason(Exception e) {
    return e.getClass().getSimpleName() + " " + e.getMessage();
  }
}
