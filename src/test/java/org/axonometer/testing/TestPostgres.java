package org.axonometer.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonometer.history.Database;
import org.axonometer.history.PostgresAddress;
import org.axonometer.history.PostgresLogin;

/**
 * A database of its own on a real PostgreSQL server, which is started once per test run and set up
 * by {@code db/postgresql/setup.sql}.
 */
public record TestPostgres(int port, String name) {
  private static final String OWNER_PASSWORD = "owner's \\ secret";
  private static final String READER_PASSWORD = "reader's secret";
  private static final AtomicInteger MADE = new AtomicInteger();

  /** Made in this thread, and so by the test that runs in it. */
  private static final ThreadLocal<List<TestPostgres>> MADE_HERE =
      ThreadLocal.withInitial(ArrayList::new);

  private static final class Server {
    static final EmbeddedPostgres RUNNING = start();

    private Server() {}

    private static EmbeddedPostgres start() {
      try {
        return withRoles(launch());
      } catch (IOException | SQLException e) {
        throw new IllegalStateException("no PostgreSQL could be started", e);
      }
    }
  }

  /** A server of one test's own, which it may stop and start. */
  public static EmbeddedPostgres launch() throws IOException {
    return builder().start();
  }

  /** A server of one test's own on a small disk, ready for {@link #createOn}. */
  public static EmbeddedPostgres launchIn(Path data) throws IOException, SQLException {
    return withRoles(
        builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setServerConfig("min_wal_size", "32MB")
            .setServerConfig("max_wal_size", "32MB")
            .start());
  }

  private static EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder()
        .setServerConfig("max_connections", "200")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("fsync", "on")
        .setServerConfig("full_page_writes", "on");
  }

  private static EmbeddedPostgres withRoles(EmbeddedPostgres server) throws SQLException {
    try (Connection admin = admin(server.getPort(), "postgres")) {
      run(admin, setup().split("CREATE DATABASE", 2)[0]);
    }
    return server;
  }

  /** A new, empty database with its two roles. */
  public static TestPostgres create() {
    TestPostgres made = createOn(Server.RUNNING);
    MADE_HERE.get().add(made);
    return made;
  }

  /** As {@link #create}, on a server of the test's own, whose histories nobody else looks at. */
  public static TestPostgres createOn(EmbeddedPostgres server) {
    int port = server.getPort();
    String name = "test_" + MADE.incrementAndGet();
    String[] database =
        setup()
            .split("(?=CREATE DATABASE)", 2)[1]
            .replace("DATABASE axonometer", "DATABASE " + name)
            .split("\\\\connect.*\n", 2);
    try (Connection admin = admin(port, "postgres")) {
      run(admin, database[0]);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    try (Connection admin = admin(port, name)) {
      run(admin, database[1]);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return new TestPostgres(port, name);
  }

  /** Those made in this thread since this was asked last. */
  static List<TestPostgres> takeMade() {
    List<TestPostgres> made = List.copyOf(MADE_HERE.get());
    MADE_HERE.remove();
    return made;
  }

  private static String setup() {
    try {
      return Files.readString(Path.of("db", "postgresql", "setup.sql"))
          .replaceAll("(?m)^--.*\n", "")
          .replace(":'owner_password'", literal(OWNER_PASSWORD))
          .replace(":'reader_password'", literal(READER_PASSWORD));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static void run(Connection admin, String script) throws SQLException {
    for (String statement : script.split(";\n", -1)) {
      if (!statement.isBlank()) {
        try (Statement made = admin.createStatement()) {
          made.execute(statement);
        }
      }
    }
  }

  private static Connection admin(int port, String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database), "postgres", "postgres");
  }

  /** A connection as the server's administrator. */
  public Connection admin() throws SQLException {
    return admin(port, name);
  }

  /** The address for {@code --db}. */
  public String address() {
    return "postgresql://axonometer@127.0.0.1:%d/%s".formatted(port, name);
  }

  public PostgresLogin login() {
    return new PostgresLogin(
        PostgresAddress.parse(address()), OWNER_PASSWORD, Optional.of(READER_PASSWORD));
  }

  /** The variables a program needs to use it. */
  public Map<String, String> variables() {
    return Map.of(
        "AXONOMETER_DB",
        address(),
        "AXONOMETER_DB_PASSWORD",
        OWNER_PASSWORD,
        "AXONOMETER_DB_READER_PASSWORD",
        READER_PASSWORD);
  }

  public Database open() {
    return Database.connect(login());
  }
}
