package org.axonometer.history;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.springframework.dao.DataAccessException;

/**
 * A copy of the whole database in one zip file. It is taken by the process that owns the database,
 * at one moment, while rounds go on; whoever can read it can read every stored body.
 */
public final class DatabaseCopy {
  static final String STORE = "axonometer.mv.db";
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private DatabaseCopy() {}

  /**
   * Writes the copy, under its own name only once it is whole.
   *
   * @return its size in bytes
   * @throws HistoryException when the file is there already or cannot be written
   */
  public static long write(Database database, Path file) {
    if (database.engine() instanceof PostgresEngine postgres) {
      throw new HistoryException(
          "backup copies the file below --home; copy %s with: pg_dump --format=custom"
              .formatted(postgres.place()));
    }
    Path target = file.toAbsolutePath().normalize();
    try {
      requireAbsent(target);
      Path part =
          Files.createTempFile(target.getParent(), target.getFileName() + ".", ".part", OWNER_ONLY);
      try {
        database.jdbc().sql("BACKUP TO ?").param(1, part.toString()).update();
        try (ZipFile zip = new ZipFile(part.toFile())) {
          store(zip, target);
        }
        Files.move(part, target);
        return Files.size(target);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException | DataAccessException e) {
      throw new HistoryException(
          "the copy %s cannot be written: %s".formatted(target, FailureText.cause(e)), e);
    }
  }

  /**
   * Lays the copy below a home folder that has no database.
   *
   * @throws HistoryException when there is a database already, or the file is no copy
   */
  public static void restore(Path file, Path home) {
    Path folder = H2File.folder(home);
    Path target = folder.resolve(STORE);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      requireAbsent(target);
      Path part = part(folder, "restore");
      try (InputStream stored = zip.getInputStream(store(zip, file))) {
        Files.copy(stored, part, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-------"));
        new SealMark(folder).forget();
        Files.move(part, target);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new HistoryException(
          "the copy %s cannot be restored to %s: %s".formatted(file, folder, FailureText.cause(e)),
          e);
    }
  }

  private static void requireAbsent(Path target) throws FileAlreadyExistsException {
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "it is there already and is not overwritten");
    }
  }

  /** A new file for what is not whole yet. */
  static Path part(Path folder, String name) throws IOException {
    return Files.createTempFile(folder, name + ".", ".part", OWNER_ONLY);
  }

  static ZipEntry store(ZipFile zip, Path file) {
    for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
      ZipEntry entry = entries.nextElement();
      if (entry.getName().equals(STORE) || entry.getName().endsWith("/" + STORE)) {
        return entry;
      }
    }
    throw new HistoryException(file + " holds no " + STORE + "; it is no copy of a history");
  }
}
