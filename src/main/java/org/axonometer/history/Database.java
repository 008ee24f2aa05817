package org.axonometer.history;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.axonometer.history.DatabaseHealth.Schema;
import org.axonometer.subnet.AxonEndpoint;
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

  /** What is not the database's but a connection's, and so is said by each that comes by TCP. */
  private static final String GUEST_SETTINGS = ";LOCK_TIMEOUT=5000";

  static final int POOL_SIZE = 8;
  static final Duration PATIENCE_WITH_SHORT_COMMANDS = Duration.ofSeconds(5);

  private final HikariDataSource pool;
  private final DataSource lazy;
  private final JdbcTransactionManager transactions;
  private final JdbcClient jdbc;
  private final Engine engine;
  private final Set<AxonEndpoint> servedAt;

  private Database(HikariDataSource pool, Engine engine, Set<AxonEndpoint> servedAt) {
    this.pool = pool;
    // A transaction takes its connection with its first statement, so waiting for axons inside one
    // holds nothing.
    this.lazy = new LazyConnectionDataSourceProxy(pool);
    this.transactions = new JdbcTransactionManager(lazy);
    this.jdbc = JdbcClient.create(lazy);
    this.engine = engine;
    this.servedAt = Set.copyOf(servedAt);
  }

  /**
   * Opens the database below {@code home} as its owner, creating it when there is none, and serves
   * it to other processes.
   *
   * @throws DatabaseInUseException when another process owns it
   */
  public static Database own(Path home) {
    Path folder = H2File.folder(home);
    HikariDataSource pool = H2File.open(folder);
    try {
      String secret = secret();
      Server server =
          Server.createTcpServer(
                  "-tcpPort", "0", "-key", secret, H2File.path(folder), "-ifExists", "-tcpDaemon")
              .start();
      Path ownerFile = folder.resolve("owner");
      DatabaseOwner.ofThisProcess(server.getPort(), secret).writeTo(ownerFile);
      return new Database(
          pool,
          new H2Engine(folder, reader(folder, secret), server, ownerFile),
          Set.of(loopback(server.getPort())));
    } catch (SQLException | IOException e) {
      pool.close();
      throw new HistoryException(
          "the database in " + folder + " cannot be served on 127.0.0.1: " + FailureText.cause(e),
          e);
    }
  }

  /**
   * Connects to the database below {@code home}: through its owner, or by opening the file when
   * nobody owns it.
   */
  public static Database connect(Path home) {
    Path folder = H2File.folder(home);
    long giveUpAt = System.nanoTime() + PATIENCE_WITH_SHORT_COMMANDS.toNanos();
    while (true) {
      Optional<DatabaseOwner> owner = DatabaseOwner.living(folder.resolve("owner"));
      try {
        if (owner.isEmpty()) {
          return new Database(
              H2File.open(folder),
              new H2Engine(folder, reader(folder, secret()), null, null),
              Set.of());
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
                .formatted(H2File.folder(home), schema.version()),
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
      return new Database(pool, engine, PostgresEngine.endpoints(login.address()));
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

  /** Where the database is served, at each address of its host; none when it is this process's. */
  public Set<AxonEndpoint> servedAt() {
    return servedAt;
  }

  /** Connections of the pool in use right now. */
  public int activeConnections() {
    return pool.getHikariPoolMXBean().getActiveConnections();
  }

  /** Which migrations it has, and how many of this program's it lacks. */
  Schema schema() {
    return engine.migrations().schema(pool, engine.place());
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

  /** As {@link #checkpoint}, and lets the loss of a seal be noticed. */
  void checkpointSeals() {
    engine.checkpointSeals(jdbc);
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
    HikariDataSource pool = H2File.pool(owner.url() + GUEST_SETTINGS);
    try (Connection first = pool.getConnection()) {
      H2File.requireSettings(first, folder);
    } catch (SQLException | HistoryException e) {
      pool.close();
      throw e instanceof HistoryException unsafe
          ? unsafe
          : new HistoryException(
              "the database in %s cannot be reached: %s".formatted(folder, FailureText.cause(e)),
              e);
    }
    return new Database(
        pool,
        new H2Engine(folder, ReaderAccount.of(owner.url(), owner.secret()), null, null),
        Set.of(loopback(owner.port())));
  }

  private static AxonEndpoint loopback(int port) {
    return new AxonEndpoint(AxonEndpoint.literal("127.0.0.1"), port);
  }

  private static String secret() {
    return HexFormat.of().formatHex(SecureRandom.getSeed(24));
  }

  /** Within this process the open database is found by its path. */
  private static ReaderAccount reader(Path folder, String secret) {
    return ReaderAccount.of("jdbc:h2:" + H2File.path(folder), secret);
  }

  static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HistoryException("interrupted while waiting for the database", e);
    }
  }
}
