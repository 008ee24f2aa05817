package org.axonometer.history;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.ZipFile;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * H2's file as it was before a migration that has not ended, and the right to migrate it. H2
 * commits every change of a table at once, so a migration that is cut off leaves half of itself
 * behind: who opens the file next lays the copy back and begins anew. Held by one process at a
 * time, from before it opens the file until the tables are of its version.
 */
final class UnmigratedCopy implements AutoCloseable {
  private final Path folder;
  private final FileChannel lock;

  private UnmigratedCopy(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** Takes the right to migrate; empty while another process has it. */
  static Optional<UnmigratedCopy> hold(Path folder) throws IOException {
    FileChannel lock =
        FileChannel.open(
            folder.resolve("migration.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (lock.tryLock() != null) {
        return Optional.of(new UnmigratedCopy(folder, lock));
      }
    } catch (OverlappingFileLockException e) {
      // Another thread of this process has it.
    }
    lock.close();
    return Optional.empty();
  }

  private Path copy() {
    return folder.resolve("before-migration.zip");
  }

  /** Lays the copy back, if a migration was cut off. Nobody may have the file open. */
  void restore() throws IOException {
    if (!Files.exists(copy())) {
      return;
    }
    Path part = DatabaseCopy.part(folder, "restore");
    try (ZipFile zip = new ZipFile(copy().toFile());
        InputStream stored = zip.getInputStream(DatabaseCopy.store(zip, copy()))) {
      Files.copy(stored, part, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.move(
        part,
        folder.resolve(DatabaseCopy.STORE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    Files.delete(copy());
  }

  /** Copies the open database, before a migration begins. */
  void keep(DataSource database) throws IOException {
    Path part = DatabaseCopy.part(folder, "migration");
    try {
      JdbcClient.create(database).sql("BACKUP TO ?").param(1, part.toString()).update();
    } catch (DataAccessException e) {
      throw new IOException(
          "it cannot be copied before it is migrated: " + FailureText.cause(e), e);
    }
    try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Files.move(part, copy(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Lets the copy go: the migration has ended. */
  void drop() throws IOException {
    Files.delete(copy());
  }

  /** Gives the right back. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
