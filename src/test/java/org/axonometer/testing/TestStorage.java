package org.axonometer.testing;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.axonometer.history.Database;

/** The kinds of database a history must behave the same in. */
public enum TestStorage {
  H2 {
    @Override
    public Database own(Path home) {
      Database.bindToLoopback();
      return Database.own(home);
    }

    @Override
    public void tamper(Path home, String... statements) {
      try (Connection second =
          DriverManager.getConnection(
              "jdbc:h2:async:" + home.resolve("db").resolve("axonometer"), "sa", "")) {
        run(second, "SET REFERENTIAL_INTEGRITY FALSE");
        run(second, statements);
        run(second, "SET REFERENTIAL_INTEGRITY TRUE");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  },
  POSTGRESQL {
    @Override
    public Database own(Path home) {
      return MADE.computeIfAbsent(home, none -> TestPostgres.create()).open();
    }

    @Override
    public void tamper(Path home, String... statements) {
      try (Connection admin = MADE.get(home).admin()) {
        run(admin, "SET session_replication_role = replica");
        run(admin, statements);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  };

  private static final Map<Path, TestPostgres> MADE = new ConcurrentHashMap<>();

  /**
   * Changes rows as nobody should be able to: past guards and references, through plain JDBC.
   *
   * @param home whose database {@link #own} opened
   */
  public abstract void tamper(Path home, String... statements);

  private static void run(Connection connection, String... statements) throws SQLException {
    try (Statement change = connection.createStatement()) {
      for (String statement : statements) {
        change.execute(statement);
      }
    }
  }

  /** The variables a program needs to use the database of this home. */
  public Map<String, String> variables(Path home) {
    return this == H2
        ? Map.of()
        : MADE.computeIfAbsent(home, none -> TestPostgres.create()).variables();
  }

  /** Opens the database of this home, new and empty at the first time. */
  public abstract Database own(Path home);
}
