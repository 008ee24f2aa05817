package org.axonometer.history;

import javax.sql.DataSource;
import org.axonometer.history.DatabaseHealth.Schema;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;

/**
 * The steps to this version's tables on one kind of database.
 *
 * @param folder the name of the folder with this kind's own, beside the common ones
 * @param libraryTables those of the libraries we use that keep theirs in such a database
 */
record Migrations(String folder, LibraryTables libraryTables) {

  static final Migrations H2 = new Migrations("h2", LibraryTables.H2);
  static final Migrations POSTGRESQL = new Migrations("postgresql", LibraryTables.POSTGRESQL);

  /**
   * Takes those steps that are left.
   *
   * @param place where the database is, for messages
   * @throws HistoryException when the tables there are not of this or an older version
   */
  void migrate(DataSource dataSource, String place) {
    try {
      flyway(dataSource).migrate();
    } catch (FlywayException e) {
      throw new HistoryException(
          "the database in %s does not fit this version: %s".formatted(place, FailureText.cause(e)),
          e);
    }
  }

  /**
   * Which steps are taken, and how many are left.
   *
   * @param place where the database is, for messages
   * @throws HistoryException when that cannot be read
   */
  Schema schema(DataSource dataSource, String place) {
    try {
      MigrationInfoService info = flyway(dataSource).info();
      MigrationInfo current = info.current();
      return new Schema(
          current == null ? "none" : String.valueOf(current.getVersion()), info.pending().length);
    } catch (FlywayException e) {
      throw new HistoryException(
          "the database in %s cannot be read: %s".formatted(place, FailureText.cause(e)), e);
    }
  }

  private Flyway flyway(DataSource dataSource) {
    return Flyway.configure()
        .dataSource(dataSource)
        .locations("classpath:db/migration/common", "classpath:db/migration/" + folder)
        .javaMigrations(libraryTables)
        // A database of a newer version is refused, not read with half its meaning.
        .ignoreMigrationPatterns(new String[0])
        .load();
  }
}
