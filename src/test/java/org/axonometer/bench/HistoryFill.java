package org.axonometer.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.axonometer.history.Database;
import org.axonometer.history.LargeHistory;

/**
 * Fills a new history with sealed rounds of another job.
 *
 * <p>Run as {@code HistoryFill <folder> <attempts>}.
 */
public final class HistoryFill {

  private static final long NEXT = 1_000_000_000;

  private HistoryFill() {}

  public static void main(String[] args) throws SQLException, IOException {
    Database.bindToLoopback();
    int rounds = Integer.parseInt(args[1]) / LargeHistory.TARGETS;
    var figures = new Figures();
    try (Database database = Database.own(Path.of(args[0]))) {
      LargeHistory.fill(database, rounds);
      numberOnwards(database);
    }
    figures.print(() -> Map.of("attempts", rounds * LargeHistory.TARGETS));
  }

  /** What comes next must not be given a number that was filled in. */
  private static void numberOnwards(Database database) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER TABLE snapshot ALTER COLUMN snapshot_id RESTART WITH " + NEXT);
      statement.execute("ALTER TABLE round ALTER COLUMN round_id RESTART WITH " + NEXT);
      for (String sequence : List.of("job_instance", "job_execution", "step_execution")) {
        statement.execute("ALTER SEQUENCE batch_%s_seq RESTART WITH %d".formatted(sequence, NEXT));
      }
    }
  }
}
