package org.axonometer.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The newest seal of H2's file, noted in a file beside it. Where the newest part of its own file is
 * damaged, H2 opens what was there before and says nothing: whole rounds would be gone.
 *
 * @param folder the database's
 */
record SealMark(Path folder) {

  private Path file() {
    return folder.resolve("newest-seal");
  }

  /**
   * Notes a seal that is on the disk. A mark that cannot be written is left as it is: it says only
   * how many there are at least.
   */
  void note(long newest) {
    try {
      Path fresh = Files.createTempFile(folder, ".newest-seal-", ".tmp"); // mode 0600
      try {
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
          channel.write(ByteBuffer.wrap((newest + "\n").getBytes(StandardCharsets.ISO_8859_1)));
          channel.force(true);
        }
        // Root may run a round for the user who owns the database.
        Files.setOwner(fresh, Files.getOwner(folder));
        Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException full) {
      // The round is sealed all the same.
    }
  }

  /** Forgets it: another database is put there on purpose. */
  void forget() throws IOException {
    Files.deleteIfExists(file());
  }

  /**
   * Refuses a file that lacks the noted seal.
   *
   * @throws HistoryException then, or when the mark is damaged itself
   */
  void require(JdbcClient jdbc) throws IOException {
    if (!Files.exists(file())) {
      return;
    }
    String noted = Files.readString(file(), StandardCharsets.ISO_8859_1).strip();
    boolean number = noted.matches("\\d{1,18}");
    long newest = newest(jdbc);
    if (!number || Long.parseLong(noted) > newest) {
      throw new HistoryException(
          "the newest seal in %s is %d, where %s says %s: one of the two was damaged, or an older database was put there; restore a backup, or delete that file to go on with what is there"
              .formatted(folder, newest, file(), number ? noted : "no number"));
    }
  }

  /** The newest seal, 0 without one. */
  static long newest(JdbcClient jdbc) {
    return jdbc.sql("SELECT COALESCE(MAX(seal_id), 0) FROM seal").query(Long.class).single();
  }
}
