package org.axonometer.bench;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.axonometer.history.Database;
import org.axonometer.history.LargeHistory;

/**
 * Fills a new history with sealed rounds of another job.
 *
 * <p>Run as {@code HistoryFill <folder> <attempts>}.
 */
public final class HistoryFill {

  private HistoryFill() {}

  public static void main(String[] args) throws SQLException {
    Database.bindToLoopback();
    int rounds = Integer.parseInt(args[1]) / LargeHistory.TARGETS;
    var figures = new Figures();
    try (Database database = Database.own(Path.of(args[0]))) {
      LargeHistory.fill(database, rounds);
    }
    figures.print(Map.of("attempts", rounds * LargeHistory.TARGETS));
  }
}
