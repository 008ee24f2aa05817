package org.axonometer.history;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/** A migration that makes a library's own tables, by the DDL in its jar. */
final class LibraryTables implements JavaMigration {
  private final String version;
  private final String description;
  private final String script;

  private LibraryTables(String version, String description, String script) {
    this.version = version;
    this.description = description;
    this.script = script;
  }

  /**
   * Migration 1: Spring Batch's.
   *
   * @param database as Spring Batch names its script for it
   */
  static LibraryTables batch(String database) {
    return new LibraryTables(
        "001",
        "spring batch tables",
        "org/springframework/batch/core/schema-%s.sql".formatted(database));
  }

  /**
   * Migration 29: Quartz'.
   *
   * @param database as Quartz names its script for it
   */
  static LibraryTables quartz(String database) {
    return new LibraryTables(
        "029", "quartz tables", "org/quartz/impl/jdbcjobstore/tables_%s.sql".formatted(database));
  }

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion(version);
  }

  @Override
  public String getDescription() {
    return description;
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
    // All of it or nothing: the transaction is the migration's, not the script's.
    String statements =
        new ClassPathResource(script)
            .getContentAsString(StandardCharsets.UTF_8)
            .replaceAll("(?m)^COMMIT;", "");
    ScriptUtils.executeSqlScript(
        connection, new ByteArrayResource(statements.getBytes(StandardCharsets.UTF_8), script));
  }
}
