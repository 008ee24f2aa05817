package org.axonometer.history;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.h2.api.ErrorCode;
import org.springframework.jdbc.core.simple.JdbcClient;

/** H2's file in a home folder: where it is, how it is opened, and with which settings alone. */
final class H2File {

  /**
   * Without {@code WRITE_DELAY=0} a killed process loses commits it was told are safe; without
   * {@code OPTIMIZE_REUSE_RESULTS=0} a transaction can read a stale EXISTS; {@code async:} keeps an
   * interrupted thread from closing the file for everybody.
   */
  private static final String SETTINGS =
      ";WRITE_DELAY=0;OPTIMIZE_REUSE_RESULTS=0;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=5000";

  private static final String REUSE_PROBE = "SELECT EXISTS (SELECT 1 FROM reuse_probe WHERE n = 1)";

  private H2File() {}

  /** The folder of a home's file, which is made when there is none. */
  static Path folder(Path home) {
    Path folder = home.toAbsolutePath().normalize().resolve("db");
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new HistoryException(
          "the folder " + folder + " cannot be made: " + FailureText.cause(e), e);
    }
    if (folder.toString().contains(";")) {
      throw new HistoryException(
          "the folder "
              + folder
              + " has a ';' in its path, which the database cannot carry; choose another --home");
    }
    return folder;
  }

  static String path(Path folder) {
    return "async:" + folder.resolve("axonometer");
  }

  /**
   * Opens the file and brings its tables to this version.
   *
   * @throws DatabaseInUseException when another process owns it
   */
  static HikariDataSource open(Path folder) {
    String url = "jdbc:h2:" + path(folder) + SETTINGS;
    long giveUpAt = System.nanoTime() + Database.PATIENCE_WITH_SHORT_COMMANDS.toNanos();
    while (true) {
      try (UnmigratedCopy copy = UnmigratedCopy.hold(folder).orElse(null)) {
        if (copy == null) {
          throw new SQLException("it is being migrated", "", ErrorCode.DATABASE_ALREADY_OPEN_1);
        }
        copy.restore();
        return migrated(url, folder, copy);
      } catch (IOException e) {
        throw new HistoryException(
            "the database in %s cannot be opened: %s".formatted(folder, FailureText.cause(e)), e);
      } catch (SQLException e) {
        boolean inUse = e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1;
        Optional<DatabaseOwner> owner = DatabaseOwner.living(folder.resolve("owner"));
        if (!inUse) {
          throw new HistoryException(
              "the database in %s cannot be opened: %s".formatted(folder, FailureText.cause(e)), e);
        }
        if (owner.isPresent() || System.nanoTime() > giveUpAt) {
          throw new DatabaseInUseException(
              "the database in %s is in use by %s; wait for it to end, stop it, or choose another --home"
                  .formatted(folder, owner.map(Object::toString).orElse("another process")),
              e);
        }
        Database.pause();
      }
    }
  }

  /** The open file, its tables of this version; as it was, when they cannot be brought there. */
  private static HikariDataSource migrated(String url, Path folder, UnmigratedCopy copy)
      throws SQLException, IOException {
    HikariDataSource pool;
    try (Connection first = DriverManager.getConnection(url, "sa", "")) {
      requireSettings(first, folder);
      pool = pool(url);
    }
    try {
      boolean behind = Migrations.H2.schema(pool, folder.toString()).pending() > 0;
      if (behind) {
        copy.keep(pool);
      }
      Migrations.H2.migrate(pool, folder.toString());
      if (behind) {
        copy.drop();
      }
      new SealMark(folder).require(JdbcClient.create(pool));
      return pool;
    } catch (RuntimeException | IOException e) {
      pool.close();
      copy.restore();
      throw e;
    }
  }

  /**
   * Refuses a database that would lose committed rows at a kill, or that answers from a stale
   * cache.
   */
  static void requireSettings(Connection connection, Path folder) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      String writeDelay =
          first(
              statement,
              "SELECT setting_value FROM information_schema.settings WHERE setting_name = 'WRITE_DELAY'");
      if (!"0".equals(writeDelay)) {
        throw new HistoryException(
            "the database in %s runs with WRITE_DELAY=%s; it must be 0, or a killed process loses committed rows"
                .formatted(folder, writeDelay));
      }
      // The database does not show OPTIMIZE_REUSE_RESULTS, only its effect.
      statement.execute("CREATE LOCAL TEMPORARY TABLE reuse_probe (n INTEGER) NOT PERSISTENT");
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO reuse_probe VALUES (1)");
      String before = first(statement, REUSE_PROBE);
      statement.execute("UPDATE reuse_probe SET n = 2");
      String after = first(statement, REUSE_PROBE);
      connection.rollback();
      connection.setAutoCommit(true);
      statement.execute("DROP TABLE reuse_probe");
      if (before.equals(after)) {
        throw new HistoryException(
            "the database in %s answers EXISTS from a stale cache; it must run with OPTIMIZE_REUSE_RESULTS=0"
                .formatted(folder));
      }
    }
  }

  private static String first(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "unset";
    }
  }

  static HikariDataSource pool(String url) {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername("sa");
    config.setPassword("");
    config.setMaximumPoolSize(Database.POOL_SIZE);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(10_000);
    config.setPoolName("history");
    return new HikariDataSource(config);
  }
}
