package org.axonometer.history;

import java.sql.Connection;
import java.util.Locale;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/** Migration 1: Spring Batch's own tables, by the DDL in its jar for the database at hand. */
final class BatchTables implements JavaMigration {

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion("001");
  }

  @Override
  public String getDescription() {
    return "spring batch tables";
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
    String vendor = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
    ScriptUtils.executeSqlScript(
        connection,
        new ClassPathResource("org/springframework/batch/core/schema-" + vendor + ".sql"));
  }
}
