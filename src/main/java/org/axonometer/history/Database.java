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
import javax.sql.DataSource;
import org.axonometer.history.DatabaseHealth.Schema;
import org.axonometer.subnet.AxonEndpoint;
import org.flywaydb.core.api.FlywayException;
import org.h2.api.ErrorCode;
import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * A history database: the H2 file of one home folder, or a PostgreSQL database. The first process
 * to open the file owns it and serves it on 127.0.0.1; others connect there. Opening migrates the
 * tables to this version.
 */
public final class Database implements AutoCloseable {

  static {
    bindToLoopback();
  }

  /**
   * Without {@code WRITE_DELAY=0} a killed process loses commits it was told are safe; without
   * {@code OPTIMIZE_REUSE_RESULTS=0} a transaction can read a stale EXISTS; {@code async:} keeps an
   * interrupted thread from closing the file for everybody.
   */
  private static final String SETTINGS =
      ";WRITE_DELAY=0;OPTIMIZE_REUSE_RESULTS=0;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=5000";

  /** What is not the database's but a connection's, and so is said by each that comes by TCP. */
  private static final String GUEST_SETTINGS = ";LOCK_TIMEOUT=5000";

  private static final String REUSE_PROBE = "SELECT EXISTS (SELECT 1 FROM reuse_probe WHERE n = 1)";

  static final int POOL_SIZE = 8;
  private static final Duration PATIENCE_WITH_SHORT_COMMANDS = Duration.ofSeconds(5);

  private final HikariDataSource pool;
  private final DataSource lazy;
  private final JdbcTransactionManager transactions;
  private final JdbcClient jdbc;
  private final Engine engine;
  private final Optional<AxonEndpoint> servedAt;

  private Database(HikariDataSource pool, Engine engine, Optional<AxonEndpoint> servedAt) {
    this.pool = pool;
    // A transaction takes its connection with its first statement, so waiting for axons inside one
    // holds nothing.
    this.lazy = new LazyConnectionDataSourceProxy(pool);
    this.transactions = new JdbcTransactionManager(lazy);
    this.jdbc = JdbcClient.create(lazy);
    this.engine = engine;
    this.servedAt = servedAt;
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
          pool,
          new H2Engine(folder, reader(folder, secret), server, ownerFile),
          Optional.of(loopback(server.getPort())));
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
              openFile(folder),
              new H2Engine(folder, reader(folder, secret()), null, null),
              Optional.empty());
        }
        return guest(folder, owner.get());
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

  /**
   * Opens the database below {@code home} for a command that writes rounds: as its owner when
   * nobody owns it, else through the owner.
   *
   * @throws HistoryException when the owner is of another version
   */
  public static Database join(Path home) {
    try {
      return own(home);
    } catch (DatabaseInUseException inUse) {
      Database guest = connect(home);
      Schema schema = guest.schema();
      if (schema.pending() > 0) {
        guest.close();
        throw new HistoryException(
            "the database in %s is owned by a process of another version: its schema is %s; end that process first"
                .formatted(folder(home), schema.version()),
            inUse);
      }
      return guest;
    }
  }

  /**
   * Connects to a PostgreSQL database, which any number of processes may do at once.
   *
   * @throws HistoryException when it cannot be reached, or is not as it must be
   */
  public static Database connect(PostgresLogin login) {
    var engine = new PostgresEngine(login);
    @Nullable HikariDataSource pool = null;
    try {
      pool = PostgresEngine.pool(login);
      try (Connection first = pool.getConnection()) {
        engine.requireSettings(first);
      }
      engine.migrations().migrate(PostgresEngine.patient(login), login.toString());
      return new Database(pool, engine, PostgresEngine.endpoint(login.address()));
    } catch (SQLException | RuntimeException e) {
      if (pool != null) {
        pool.close();
      }
      throw e instanceof HistoryException told ? told : PostgresEngine.unreachable(login, e);
    }
  }

  /** Whether a database has ever been made below {@code home}. */
  public static boolean exists(Path home) {
    return Files.exists(home.resolve("db").resolve("axonometer.mv.db"));
  }

  /**
   * Before any H2 class is loaded: the server of {@link #own} then listens on 127.0.0.1 only. This
   * class does it itself; to be called by whoever uses H2 without it.
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

  /** Whether any number of processes may serve it at once, none of them its owner. */
  public boolean isShared() {
    return engine instanceof PostgresEngine;
  }

  /** Where the database is served; empty when it is this process's alone. */
  public Optional<AxonEndpoint> servedAt() {
    return servedAt;
  }

  /** Connections of the pool in use right now. */
  public int activeConnections() {
    return pool.getHikariPoolMXBean().getActiveConnections();
  }

  /** Which migrations it has, and how many of this program's it lacks. */
  Schema schema() {
    return engine.migrations().schema(pool);
  }

  /** A connection of its own, outside the pool, as a user that can only SELECT. */
  Connection readerConnection() throws SQLException {
    return engine.readerConnection(lazy);
  }

  JdbcClient jdbc() {
    return jdbc;
  }

  /** Makes what is committed survive a power cut as well as a kill. */
  void checkpoint() {
    engine.checkpoint(jdbc);
  }

  Engine engine() {
    return engine;
  }

  @Override
  public void close() {
    engine.close();
    pool.close();
  }

  private static Database guest(Path folder, DatabaseOwner owner) {
    HikariDataSource pool = pool(owner.url() + GUEST_SETTINGS);
    try (Connection first = pool.getConnection()) {
      requireSettings(first, folder);
    } catch (SQLException | HistoryException e) {
      pool.close();
      throw e instanceof HistoryException unsafe
          ? unsafe
          : new HistoryException(
              "the database in %s cannot be reached: %s".formatted(folder, cause(e)), e);
    }
    return new Database(
        pool,
        new H2Engine(folder, ReaderAccount.of(owner.url(), owner.secret()), null, null),
        Optional.of(loopback(owner.port())));
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

  private static AxonEndpoint loopback(int port) {
    return new AxonEndpoint(AxonEndpoint.literal("127.0.0.1"), port);
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
      try (UnmigratedCopy copy = UnmigratedCopy.hold(folder).orElse(null)) {
        if (copy == null) {
          throw new SQLException("it is being migrated", "", ErrorCode.DATABASE_ALREADY_OPEN_1);
        }
        copy.restore();
        return migrated(url, folder, copy);
      } catch (IOException e) {
        throw new HistoryException(
            "the database in %s cannot be opened: %s".formatted(folder, cause(e)), e);
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

  /** The open file, its tables of this version; as it was, when they cannot be brought there. */
  private static HikariDataSource migrated(String url, Path folder, UnmigratedCopy copy)
      throws SQLException, IOException {
    HikariDataSource pool;
    try (Connection first = DriverManager.getConnection(url, "sa", "")) {
      requireSettings(first, folder);
      pool = pool(url);
    }
    try {
      boolean behind = isBehind(pool, folder);
      if (behind) {
        copy.keep(pool);
      }
      Migrations.H2.migrate(pool, folder.toString());
      if (behind) {
        copy.drop();
      }
      return pool;
    } catch (RuntimeException | IOException e) {
      pool.close();
      copy.restore();
      throw e;
    }
  }

  private static boolean isBehind(HikariDataSource pool, Path folder) {
    try {
      return Migrations.H2.schema(pool).pending() > 0;
    } catch (FlywayException e) {
      throw new HistoryException(
          "the database in %s cannot be read: %s".formatted(folder, cause(e)), e);
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
