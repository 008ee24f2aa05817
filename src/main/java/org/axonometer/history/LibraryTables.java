package org.axonometer.history;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/**
 * Migration 1: the tables of the libraries that keep theirs in a database of ours, by the DDL in
 * their jars.
 *
 * @param scripts where that is
 */
record LibraryTables(List<String> scripts) implements JavaMigration {
  static final LibraryTables H2 =
      new LibraryTables(List.of("org/springframework/batch/core/schema-h2.sql"));
  static final LibraryTables POSTGRESQL =
      new LibraryTables(
          List.of(
              "org/springframework/batch/core/schema-postgresql.sql",
              "org/quartz/impl/jdbcjobstore/tables_postgres.sql"));

  LibraryTables {
    scripts = List.copyOf(scripts);
  }

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion("001");
  }

  @Override
  public String getDescription() {
    return "library tables";
  }

  /**
   * None: a newer jar may word the same tables differently, and brings its own migration where it
   * changes them.
   */
  @Override
  public @Nullable Integer getChecksum() {
    return null;
  }

  @Override
  public boolean canExecuteInTransaction() {
    return true;
  }

  @Override
  public void migrate(Context context) throws Exception {
    Connection connection = context.getConnection();
    for (String script : scripts) {
      // All of it or nothing: the transaction is the migration's, not the script's.
      String statements =
          new ClassPathResource(script)
              .getContentAsString(StandardCharsets.UTF_8)
              .replaceAll("(?m)^COMMIT;", "");
      ScriptUtils.executeSqlScript(
          connection, new ByteArrayResource(statements.getBytes(StandardCharsets.UTF_8), script));
    }
  }
}
