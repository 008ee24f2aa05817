package org.axonometer.history;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.axonometer.subnet.AxonEndpoint;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.h2.api.ErrorCode;
import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The history database of one home folder. The first process to open the file owns it and serves it
 * on 127.0.0.1; others connect there. Opening migrates the tables to this version.
 */
public final class Database implements AutoCloseable {

  /**
   * Without {@code WRITE_DELAY=0} a killed process loses commits it was told are safe; without
   * {@code OPTIMIZE_REUSE_RESULTS=0} a transaction can read a stale EXISTS; {@code async:} keeps an
   * interrupted thread from closing the file for everybody.
   */
  private static final String SETTINGS =
      ";WRITE_DELAY=0;OPTIMIZE_REUSE_RESULTS=0;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=5000";

  private static final String REUSE_PROBE = "SELECT EXISTS (SELECT 1 FROM reuse_probe WHERE n = 1)";

  private static final int POOL_SIZE = 8;
  private static final Duration PATIENCE_WITH_SHORT_COMMANDS = Duration.ofSeconds(5);

  private final HikariDataSource pool;
  private final DataSource lazy;
  private final JdbcTransactionManager transactions;
  private final JdbcClient jdbc;
  private final @Nullable Server server;
  private final @Nullable Path ownerFile;
  private final ReaderAccount reader;
  private final Optional<AxonEndpoint> servedAt;

  private Database(
      HikariDataSource pool,
      ReaderAccount reader,
      @Nullable Server server,
      @Nullable Path ownerFile,
      OptionalInt port) {
    this.pool = pool;
    this.reader = reader;
    // A transaction takes its connection with its first statement, so waiting for axons inside one
    // holds nothing.
    this.lazy = new LazyConnectionDataSourceProxy(pool);
    this.transactions = new JdbcTransactionManager(lazy);
    this.jdbc = JdbcClient.create(lazy);
    this.server = server;
    this.ownerFile = ownerFile;
    this.servedAt =
        port.isPresent()
            ? Optional.of(new AxonEndpoint(AxonEndpoint.literal("127.0.0.1"), port.getAsInt()))
            : Optional.empty();
  }

  /**
   * Opens the database below {@code home} as its owner, creating it when there is none, and serves
   * it to other processes.
   *
   * @throws DatabaseInUseException when another process owns it
   */
  public static Database own(Path home) {
    Path folder = folder(home);
    HikariDataSource pool = openFile(folder);
    try {
      String secret = secret();
      Server server =
          Server.createTcpServer(
                  "-tcpPort", "0", "-key", secret, path(folder), "-ifExists", "-tcpDaemon")
              .start();
      Path ownerFile = folder.resolve("owner");
      DatabaseOwner.ofThisProcess(server.getPort(), secret).writeTo(ownerFile);
      return new Database(
          pool, reader(folder, secret), server, ownerFile, OptionalInt.of(server.getPort()));
    } catch (SQLException | IOException e) {
      pool.close();
      throw new HistoryException(
          "the database in " + folder + " cannot be served on 127.0.0.1: " + cause(e), e);
    }
  }

  /**
   * Connects to the database below {@code home}: through its owner, or by opening the file when
   * nobody owns it.
   */
  public static Database connect(Path home) {
    Path folder = folder(home);
    long giveUpAt = System.nanoTime() + PATIENCE_WITH_SHORT_COMMANDS.toNanos();
    while (true) {
      Optional<DatabaseOwner> owner = DatabaseOwner.living(folder.resolve("owner"));
      try {
        if (owner.isEmpty()) {
          return new Database(
              openFile(folder), reader(folder, secret()), null, null, OptionalInt.empty());
        }
        String url = owner.get().url();
        return new Database(
            pool(url),
            ReaderAccount.of(url, owner.get().secret()),
            null,
            null,
            OptionalInt.of(owner.get().port()));
      } catch (DatabaseInUseException | HikariPool.PoolInitializationException e) {
        // An owner may be ending just now, and its file free in a moment, or beginning and not
        // serving yet.
        if (System.nanoTime() > giveUpAt) {
          throw new HistoryException(
              "the database in %s is owned by %s, which does not answer on 127.0.0.1"
                  .formatted(folder, owner.map(Object::toString).orElse("another process")),
              e);
        }
        pause();
      }
    }
  }

  /** Whether a database has ever been made below {@code home}. */
  public static boolean exists(Path home) {
    return Files.exists(home.resolve("db").resolve("axonometer.mv.db"));
  }

  /**
   * Must be called before any H2 class is loaded: the server of {@link #own} then listens on
   * 127.0.0.1 only.
   */
  public static void bindToLoopback() {
    System.setProperty("h2.bindAddress", "127.0.0.1");
  }

  /** Connections are handed out with a transaction's first statement. */
  public DataSource dataSource() {
    return lazy;
  }

  public PlatformTransactionManager transactionManager() {
    return transactions;
  }

  /**
   * Makes this database, its connections and its transactions known to an application, and keeps
   * them open when that ends.
   */
  public void registerIn(GenericApplicationContext beans) {
    beans.registerBean(
        "database", Database.class, () -> this, ours -> ours.setDestroyMethodName(""));
    beans.registerBean(
        "dataSource", DataSource.class, () -> lazy, ours -> ours.setDestroyMethodName(""));
    beans.registerBean("transactionManager", PlatformTransactionManager.class, () -> transactions);
  }

  /** Where the process that owns the file serves it; empty when none does. */
  public Optional<AxonEndpoint> servedAt() {
    return servedAt;
  }

  /** Connections of the pool in use right now. */
  public int activeConnections() {
    return pool.getHikariPoolMXBean().getActiveConnections();
  }

  /** Which migrations it has, and how many of this program's it lacks. */
  DatabaseHealth.Schema schema() {
    MigrationInfoService info = flyway(pool).info();
    MigrationInfo current = info.current();
    return new DatabaseHealth.Schema(
        current == null ? "none" : String.valueOf(current.getVersion()), info.pending().length);
  }

  /** A connection of its own, outside the pool, as a user that can only SELECT. */
  Connection readerConnection() throws SQLException {
    return reader.connect(this);
  }

  JdbcClient jdbc() {
    return jdbc;
  }

  /** Makes what is committed survive a power cut as well as a kill. */
  void checkpoint() {
    try {
      jdbc.sql("CHECKPOINT SYNC").update();
    } catch (DataAccessException e) {
      throw new HistoryException("the database failed: " + cause(e), e);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop();
    }
    try {
      if (ownerFile != null) {
        Files.deleteIfExists(ownerFile);
      }
    } catch (IOException e) {
      // A left-over owner file names a process that is gone; the next owner replaces it.
    }
    pool.close();
  }

  static Path folder(Path home) {
    Path folder = home.toAbsolutePath().normalize().resolve("db");
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new HistoryException("the folder " + folder + " cannot be made: " + cause(e), e);
    }
    if (folder.toString().contains(";")) {
      throw new HistoryException(
          "the folder "
              + folder
              + " has a ';' in its path, which the database cannot carry; choose another --home");
    }
    return folder;
  }

  private static String secret() {
    return HexFormat.of().formatHex(SecureRandom.getSeed(24));
  }

  /** Within this process the open database is found by its path. */
  private static ReaderAccount reader(Path folder, String secret) {
    return ReaderAccount.of("jdbc:h2:" + path(folder), secret);
  }

  private static String path(Path folder) {
    return "async:" + folder.resolve("axonometer");
  }

  private static HikariDataSource openFile(Path folder) {
    String url = "jdbc:h2:" + path(folder) + SETTINGS;
    long giveUpAt = System.nanoTime() + PATIENCE_WITH_SHORT_COMMANDS.toNanos();
    while (true) {
      try (Connection first = DriverManager.getConnection(url, "sa", "")) {
        requireSettings(first, folder);
        HikariDataSource pool = pool(url);
        try {
          migrate(pool, folder);
          return pool;
        } catch (RuntimeException e) {
          pool.close();
          throw e;
        }
      } catch (SQLException e) {
        boolean inUse = e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1;
        Optional<DatabaseOwner> owner = DatabaseOwner.living(folder.resolve("owner"));
        if (!inUse) {
          throw new HistoryException(
              "the database in %s cannot be opened: %s".formatted(folder, cause(e)), e);
        }
        if (owner.isPresent() || System.nanoTime() > giveUpAt) {
          throw new DatabaseInUseException(
              "the database in %s is in use by %s; wait for it to end, stop it, or choose another --home"
                  .formatted(folder, owner.map(Object::toString).orElse("another process")),
              e);
        }
        pause();
      }
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

  private static HikariDataSource pool(String url) {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername("sa");
    config.setPassword("");
    config.setMaximumPoolSize(POOL_SIZE);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(10_000);
    config.setPoolName("history");
    return new HikariDataSource(config);
  }

  private static void migrate(DataSource dataSource, Path folder) {
    try {
      flyway(dataSource).migrate();
    } catch (FlywayException e) {
      throw new HistoryException(
          "the database in %s does not fit this version: %s".formatted(folder, cause(e)), e);
    }
  }

  private static Flyway flyway(DataSource dataSource) {
    return Flyway.configure()
        .dataSource(dataSource)
        .locations("classpath:db/migration/common", "classpath:db/migration/h2")
        .javaMigrations(new BatchTables())
        // A database of a newer version is refused, not read with half its meaning.
        .ignoreMigrationPatterns(new String[0])
        .load();
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HistoryException("interrupted while waiting for the database", e);
    }
  }

  /** The first line of the innermost message. */
  static String cause(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    if (deepest instanceof FileSystemException file && file.getReason() == null) {
      // Its message is the path alone; its class says what is wrong with it.
      return file.getClass().getSimpleName().replace("Exception", "") + " " + file.getFile();
    }
    return message == null
        ? deepest.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
