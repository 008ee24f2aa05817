package org.axonometer.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Questions about an open database itself. Reads only. */
public final class DatabaseHealth {
  private final Database database;
  private final JdbcClient jdbc;

  public DatabaseHealth(Database database) {
    this.database = database;
    this.jdbc = database.jdbc();
  }

  /**
   * Checks the settings that keep committed rows through a kill, on the running database.
   *
   * @throws HistoryException when one of them is not as it must be
   */
  public void requireSettings() {
    try (Connection connection = database.dataSource().getConnection()) {
      database.engine().requireSettings(connection);
    } catch (SQLException e) {
      throw new HistoryException("the database's settings cannot be read: " + e.getMessage(), e);
    }
  }

  /** Which migrations it has. */
  public Schema schema() {
    return database.schema();
  }

  /**
   * @param version of the newest migration it has
   * @param pending migrations of this program that it lacks
   */
  public record Schema(String version, int pending) {}

  /** The newest time any round or attempt carries; empty without rounds. */
  public Optional<Instant> newestTime() {
    return jdbc.sql(
            """
            SELECT MAX(t.latest) AS newest
              FROM (SELECT MAX(opened_at) AS latest FROM round
                    UNION ALL SELECT MAX(sealed_at) FROM round) t
            """)
        .query((row, n) -> Rows.optionalInstant(row, "newest"))
        .single();
  }

  /** Numbers of a job's sealed rounds that retention has not begun to delete. */
  public List<Long> wholeRounds(String job) {
    return jdbc.sql(
            """
            SELECT round_id FROM round
             WHERE job = :job AND state = 'SEALED' AND pruned_at IS NULL
             ORDER BY round_id
            """)
        .param("job", job)
        .query((row, n) -> row.getLong("round_id"))
        .list();
  }
}
