package org.axonometer.cli;

import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;

/** What commands that only read need of the history. */
final class Stored {

  private Stored() {}

  /**
   * The database, for reading; a command that asks for rounds where none were ever run gets a clear
   * line.
   */
  static Database database(HistoryFlags home) {
    if (!home.hasHistory()) {
      throw new CommandException(
          "there is no database below %s yet; run a round first, or name the right folder with --home"
              .formatted(home.path().toAbsolutePath().normalize()));
    }
    return home.connect();
  }

  /** The round of this number, or the newest for {@code last}. */
  static Round round(HistoryQueries queries, String number) {
    if (number.equals("last")) {
      return queries.rounds(1).stream()
          .findFirst()
          .orElseThrow(() -> new CommandException("there are no rounds yet"));
    }
    long id;
    try {
      id = Long.parseLong(number);
    } catch (NumberFormatException e) {
      throw new CommandException("\"" + number + "\" is not a round; give its number, or last", e);
    }
    return queries
        .round(id)
        .orElseThrow(
            () ->
                new CommandException(
                    "there is no round " + id + "; list them with: axonometer rounds"));
  }
}
