package org.axonometer.scoring;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** A file that is there as a whole or not at all, and stays so when the power goes. */
public final class WholeFile {
  private static final int BUFFER_BYTES = 65_536;

  private WholeFile() {}

  /** What is in it. */
  public interface Content {
    void to(OutputStream out) throws IOException;
  }

  /**
   * Writes it beside its place, readable by its owner only, and renames it there once the disk has
   * it; a link's target is replaced, not the link. What is there and no regular file, such as a
   * pipe or a device, is written to instead.
   *
   * @throws IOException when it cannot be written; a file that was there before is untouched then
   */
  public static void write(Path file, Content content) throws IOException {
    Path place = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    if (Files.exists(place) && !Files.isRegularFile(place)) {
      try (OutputStream out = Files.newOutputStream(place, StandardOpenOption.WRITE)) {
        content.to(out);
      }
      return;
    }
    Path folder = Objects.requireNonNullElse(place.getParent(), place);
    Path fresh = Files.createTempFile(folder, ".export-", ".tmp"); // mode 0600
    try {
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        OutputStream out =
            new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
        content.to(out);
        out.flush();
        channel.force(true);
      }
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
    // The name is the folder's.
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }
}
