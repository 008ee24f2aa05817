package org.axonometer.history;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.axonometer.subnet.AxonEndpoint;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A history in a PostgreSQL database, 15 or newer. Any number of processes work on it at once. */
record PostgresEngine(PostgresLogin login) implements Engine {
  private static final int OLDEST = 15;

  /** What a crash of the server must not undo. */
  private static final Map<String, String> SAFE =
      Map.of("synchronous_commit", "on", "fsync", "on", "full_page_writes", "on");

  /**
   * No statement, no wait for a lock and no forgotten transaction lasts for ever, and a server that
   * is silent for longer than any statement may take is gone.
   */
  private static final String TIMEOUTS =
      "-c statement_timeout=60s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
          + " -c search_path=public";

  static HikariDataSource pool(PostgresLogin login) {
    var config = new HikariConfig();
    config.setJdbcUrl(login.address().url());
    Properties settings = login.owner();
    settings.setProperty("options", TIMEOUTS);
    settings.setProperty("socketTimeout", "75");
    // One statement for many rows instead of one each.
    settings.setProperty("reWriteBatchedInserts", "true");
    config.setDataSourceProperties(settings);
    config.setMaximumPoolSize(Database.POOL_SIZE);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(10_000);
    config.setPoolName("history");
    try {
      return new HikariDataSource(config);
    } catch (HikariPool.PoolInitializationException e) {
      throw unreachable(login, e);
    }
  }

  /** Connections on which a migration may take as long as it needs. */
  static DataSource patient(PostgresLogin login) {
    Properties settings = login.owner();
    settings.setProperty("options", "-c search_path=public");
    return new DriverManagerDataSource(login.address().url(), settings);
  }

  static HistoryException unreachable(PostgresLogin login, Exception e) {
    return new HistoryException(
        "the database %s cannot be reached: %s".formatted(login, FailureText.cause(e)), e);
  }

  /**
   * Where the server listens, at each address of its name, which no query may be sent to; none when
   * the name is not known.
   */
  static Set<AxonEndpoint> endpoints(PostgresAddress address) {
    try {
      return Arrays.stream(InetAddress.getAllByName(address.host()))
          .map(host -> new AxonEndpoint(host, address.port()))
          .collect(Collectors.toSet());
    } catch (UnknownHostException e) {
      return Set.of();
    }
  }

  @Override
  public Migrations migrations() {
    return Migrations.POSTGRESQL;
  }

  @Override
  public Connection readerConnection(DataSource owner) throws SQLException {
    Properties settings = login.reader();
    settings.setProperty("options", "-c search_path=public -c default_transaction_read_only=on");
    // Values of parameters come as text; the server finds their types.
    settings.setProperty("stringtype", "unspecified");
    Connection connection = DriverManager.getConnection(login.address().url(), settings);
    try {
      requireReader(connection);
      return connection;
    } catch (SQLException | HistoryException e) {
      connection.close();
      throw e;
    }
  }

  /** A role that may do more is no reader, whatever its name says. */
  private void requireReader(Connection connection) throws SQLException {
    String question =
        """
        SELECT r.rolsuper OR r.rolcreaterole OR r.rolreplication
               OR pg_has_role(current_user, '%1$s', 'MEMBER')
               OR has_schema_privilege(current_user, 'public', 'CREATE')
               OR EXISTS (SELECT 1 FROM pg_class c
                           WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
                             AND has_table_privilege(current_user, c.oid,
                                                     'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')),
               has_table_privilege(current_user, 'public.round', 'SELECT')
          FROM pg_roles r WHERE r.rolname = current_user
        """
            .formatted(login.address().user());
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(question)) {
      if (!row.next() || row.getBoolean(1)) {
        throw new HistoryException(
            "the role %s may do more than read; sql does not ask as it. Make it as db/postgresql/setup.sql does"
                .formatted(login.address().reader()));
      }
      if (!row.getBoolean(2)) {
        throw new HistoryException(
            "the role %s may not read the tables; as their owner: GRANT SELECT ON ALL TABLES IN SCHEMA public TO \"%1$s\""
                .formatted(login.address().reader()));
      }
    }
  }

  /** Nothing to do: a commit waits for the disk. */
  @Override
  public void checkpoint(JdbcClient jdbc) {}

  @Override
  public void checkpointSeals(JdbcClient jdbc) {
    checkpoint(jdbc);
  }

  @Override
  public void openBodies(JdbcClient jdbc, long roundId) {
    new BodyPartitions(jdbc).ensure(roundId);
  }

  @Override
  public long dropBodies(JdbcClient jdbc, Gone wanted) {
    return new BodyPartitions(jdbc).drop(wanted);
  }

  @Override
  public void requireSettings(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int version = Integer.parseInt(show(statement, "server_version_num")) / 10_000;
      if (version < OLDEST) {
        throw new HistoryException(
            "the database %s is PostgreSQL %d; it must be %d or newer"
                .formatted(login, version, OLDEST));
      }
      if (!show(statement, "server_encoding").equals("UTF8")) {
        throw new HistoryException(
            "the database %s does not store UTF8; make it anew with ENCODING 'UTF8'"
                .formatted(login));
      }
      for (Map.Entry<String, String> setting : SAFE.entrySet()) {
        String value = show(statement, setting.getKey());
        if (!value.equals(setting.getValue())) {
          throw new HistoryException(
              "the database %s runs with %s=%s; it must be %s, or a crash loses committed rows"
                  .formatted(login, setting.getKey(), value, setting.getValue()));
        }
      }
    }
  }

  private static String show(Statement statement, String setting) throws SQLException {
    try (ResultSet row = statement.executeQuery("SHOW " + setting)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    }
  }

  @Override
  public String place() {
    return login.toString();
  }

  @Override
  public void close() {
    // Its connections are the pool's.
  }
}
