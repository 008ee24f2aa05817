package org.axonometer.metagraph;

import java.io.BufferedInputStream;
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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots that say themselves what they are of: our own JSON form, a metagraph the SDK saved
 * ({@code block-N.pt}), and the SDK's folder of such files. {@code docs/snapshot-format.md}
 * explains each.
 */
public final class SnapshotFile {

  private SnapshotFile() {}

  /**
   * Reads and checks a snapshot: a regular file of at most 64 MiB, opened once; or a folder, whose
   * newest block is read. SnapshotException when it is not one.
   */
  public static MetagraphSnapshot read(Path file) {
    if (Files.isDirectory(file)) {
      SavedFolder.Saved newest = SavedFolder.newest(file);
      return newest.checked(read(newest.file()));
    }
    return readRegular(file, (in, first, size) -> readSelfDescribing(file, in, first, size));
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

  /** Reads one form from a file that was opened once. */
  @FunctionalInterface
  interface Form<T> {

    /**
     * @param first the first byte that is no white space, 0 to 255, or -1; still to be read
     * @param size of the file in bytes, at most {@link GuardedBytes#MAX_BYTES}
     */
    T read(InputStream in, int first, int size) throws IOException;
  }

  /** Opens a regular file once, looks at its first byte and hands it to the reader of a form. */
  static <T> T readRegular(Path file, Form<T> form) {
    try (InputStream in = new BufferedInputStream(RegularFile.open(file), 1 << 16)) {
      long size = Files.size(file);
      if (size > GuardedBytes.MAX_BYTES) {
        throw GuardedBytes.tooLarge(file.toString());
      }
      return form.read(in, first(in), (int) size);
    } catch (IOException e) {
      throw new SnapshotException(file + ": cannot be read: " + reason(e), e);
    }
  }

  /** What a Python pickle holds; a torch archive is refused with what to do. */
  static MetagraphSnapshot readSaved(
      Path file, InputStream in, int size, Optional<Instant> takenAt, @Nullable String network)
      throws IOException {
    byte[] data = new byte[size];
    int read = in.readNBytes(data, 0, size);
    if (read < size || in.read() >= 0) {
      throw new SnapshotException(file + ": changed while it was read");
    }
    Instant time = takenAt.isPresent() ? takenAt.get() : lastChanged(file);
    return SavedMetagraph.read(data, file.toString(), time, network);
  }

  /** When a form that does not say it was taken, to the second. */
  static Instant lastChanged(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS);
  }

  /** Whether a file that begins so is an answer of the chain written as hex. */
  static boolean isHex(int first) {
    return Character.digit(first, 16) >= 0;
  }

  private static MetagraphSnapshot readSelfDescribing(
      Path file, InputStream in, int first, int size) throws IOException {
    if (first == PickleReader.FIRST_BYTE) {
      return readSaved(file, in, size, Optional.empty(), null);
    }
    if (first == 'P') {
      throw torch(file);
    }
    if (first == '[' || isHex(first)) {
      throw new SnapshotException(
          file
              + ": an answer of the chain, which does not say its network; make a snapshot of it"
              + " with: axonometer snapshot import");
    }
    return SnapshotReader.read(new GuardedBytes(in, file.toString()), file.toString());
  }

  /** The refusal of what {@code torch.save} writes. */
  static SnapshotException torch(Path file) {
    return new SnapshotException(
        file
            + ": not a snapshot; if it was saved with torch (a zip), unset USE_TORCH and save the"
            + " metagraph again, or write JSON with the exporter in docs/snapshot-format.md");
  }

  private static int first(InputStream in) throws IOException {
    int most = 256;
    in.mark(most);
    int first = in.read();
    for (int i = 1;
        i < most && (first == ' ' || first == '\t' || first == '\r' || first == '\n');
        i++) {
      first = in.read();
    }
    in.reset();
    return first;
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
