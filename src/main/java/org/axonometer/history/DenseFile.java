package org.axonometer.history;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.MVStoreTool;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/**
 * H2's file written anew, without the gaps that overwritten and deleted rows leave in it: while it
 * is open, a part of it is used again only when nothing in that part is needed any more.
 */
public final class DenseFile {

  /**
   * @param before bytes of the file
   * @param after bytes of the one in its place
   * @param seen what the look at both has shown
   */
  public record Written<T>(long before, long after, T seen) {}

  /** What must be the same: what the caller looks at, and how many rows each table has. */
  private record Content<T>(T seen, Map<String, Long> rows) {}

  private DenseFile() {}

  /**
   * Puts a dense copy in the place of a home's file, once the copy is on the disk and both show the
   * same. Cut off at any time, it leaves the old file or the new one.
   *
   * @param look what is to be the same in both, beside the rows of each table
   * @throws DatabaseInUseException when anybody has the database open
   * @throws HistoryException when it is not the same, or there is no room; the file is as it was
   */
  public static <T> Written<T> write(Path home, Function<Database, T> look) {
    Path folder = H2File.folder(home);
    Path file = folder.resolve(DatabaseCopy.STORE);
    Path scratch = folder.resolve("dense");
    DatabaseOwner.living(folder.resolve("owner"))
        .ifPresent(
            owner -> {
              throw inUse(folder, owner.toString(), null);
            });
    // What a killed process left in it is put in order by opening it.
    Content<T> wanted = content(home, look);
    try (UnmigratedCopy alone = UnmigratedCopy.hold(folder).orElse(null)) {
      if (alone == null) {
        throw inUse(folder, "another process", null);
      }
      FileSystemUtils.deleteRecursively(scratch);
      try {
        return replaced(file, scratch, wanted, look);
      } finally {
        FileSystemUtils.deleteRecursively(scratch);
      }
    } catch (IOException | MVStoreException e) {
      if (e instanceof MVStoreException store
          && store.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
        throw inUse(folder, "another process", e);
      }
      throw new HistoryException(
          "the database in %s cannot be written anew: %s".formatted(folder, FailureText.cause(e)),
          e);
    }
  }

  private static <T> Written<T> replaced(
      Path file, Path scratch, Content<T> wanted, Function<Database, T> look) throws IOException {
    long before = Files.size(file);
    long room = Files.getFileStore(file).getUsableSpace();
    if (room < before) {
      throw new IOException(
          "the disk has %,d bytes left, and the copy may need %,d".formatted(room, before));
    }
    Files.createDirectory(
        scratch,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path dense = H2File.folder(scratch).resolve(DatabaseCopy.STORE);
    // The tool replaces what it is given: a second name, and never the first.
    Files.createLink(dense, file);
    MVStoreTool.compact(dense.toString(), true);
    if (!wanted.equals(content(scratch, look))) {
      throw new IOException("its copy does not show the same; was it written to just now?");
    }
    Files.setOwner(dense, Files.getOwner(file));
    Files.setPosixFilePermissions(dense, Files.getPosixFilePermissions(file));
    force(dense, StandardOpenOption.WRITE);
    Files.move(dense, file, StandardCopyOption.ATOMIC_MOVE);
    force(scratch.resolveSibling("."), StandardOpenOption.READ);
    return new Written<>(before, Files.size(file), wanted.seen());
  }

  private static <T> Content<T> content(Path home, Function<Database, T> look) {
    try (Database database = Database.own(home)) {
      return new Content<>(look.apply(database), rows(database.jdbc()));
    }
  }

  private static Map<String, Long> rows(JdbcClient jdbc) {
    return jdbc
        .sql(
            """
            SELECT table_name FROM information_schema.tables
             WHERE table_schema = 'PUBLIC' AND table_type = 'BASE TABLE'
            """)
        .query(String.class)
        .list()
        .stream()
        .collect(
            Collectors.toMap(
                table -> table,
                table ->
                    jdbc.sql("SELECT COUNT(*) FROM \"%s\"".formatted(table))
                        .query(Long.class)
                        .single()));
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  private static DatabaseInUseException inUse(
      Path folder, String owner, @Nullable Exception cause) {
    return new DatabaseInUseException(
        "the database in %s is in use by %s; wait for it to end, or stop it"
            .formatted(folder, owner),
        cause);
  }
}
