package org.axonometer.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Copies a whole history from H2's file into an empty PostgreSQL database: as it is at one moment,
 * in one transaction, every table's rows counted on both sides before that is committed.
 */
public final class HistoryCopy {
  private static final int ROWS_AT_ONCE = 500;

  /** By Spring Batch's own sequences, which belong to no column. */
  private static final Map<String, String> BATCH_SEQUENCES =
      Map.of(
          "batch_job_instance_seq", "SELECT MAX(job_instance_id) FROM batch_job_instance",
          "batch_job_execution_seq", "SELECT MAX(job_execution_id) FROM batch_job_execution",
          "batch_step_execution_seq", "SELECT MAX(step_execution_id) FROM batch_step_execution");

  private final Database source;
  private final PostgresLogin target;

  /**
   * @param source a history in H2's file
   */
  public HistoryCopy(Database source, PostgresLogin target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Copies; rows by table.
   *
   * @throws HistoryException when the target has rounds already, or a count differs; nothing is
   *     then copied
   */
  public Map<String, Long> run() {
    requireSameVersion();
    try (Connection from = source.dataSource().getConnection();
        Connection to = PostgresEngine.patient(target).getConnection()) {
      from.setAutoCommit(false);
      to.setAutoCommit(false);
      execute(from, "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SNAPSHOT");
      try {
        Map<String, Long> copied = copy(from, to);
        to.commit();
        return copied;
      } finally {
        to.rollback();
        from.rollback();
        execute(from, "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED");
        from.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw new HistoryException(
          "the history cannot be copied to %s, which is left as it was: %s"
              .formatted(target, FailureText.cause(e)),
          e);
    }
  }

  private void requireSameVersion() {
    DatabaseHealth.Schema schema = source.schema();
    if (schema.pending() > 0) {
      throw new HistoryException(
          "the history to copy is owned by a process of another version; end that process first");
    }
  }

  private Map<String, Long> copy(Connection from, Connection to) throws SQLException {
    for (String table : List.of("snapshot", "round", "seal", "fire", "round_summary")) {
      if (count(to, table) > 0) {
        throw new HistoryException(
            "%s has a history already; copy into an empty database".formatted(target));
      }
    }
    guardSealedRounds(to, "DISABLE");
    Map<String, Long> copied = new LinkedHashMap<>();
    for (String table : tables(to)) {
      long there = count(to, table);
      long wanted = count(from, table);
      if (there == 0) {
        copyTable(from, to, table);
        there = count(to, table);
      }
      if (there != wanted) {
        throw new HistoryException(
            "%s has %d rows and would have %d in %s; nothing was copied"
                .formatted(table, wanted, there, target));
      }
      copied.put(table, there);
    }
    guardSealedRounds(to, "ENABLE");
    continueNumbers(to);
    return copied;
  }

  /**
   * Sealed rounds come with their rows behind them, which the database refuses else. Nobody else
   * can write meanwhile, and a copy that fails leaves the guards as they were.
   */
  private static void guardSealedRounds(Connection to, String how) throws SQLException {
    for (String table :
        texts(
            to,
            """
            SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
             WHERE t.tgname = 'no_more_rows' AND t.tgparentid = 0
            """)) {
      execute(to, "ALTER TABLE %s %s TRIGGER no_more_rows".formatted(table, how));
    }
  }

  /**
   * Every table but Flyway's own and those of the alarms, which whoever serves sets anew, each
   * behind those it refers to.
   */
  private static List<String> tables(Connection to) throws SQLException {
    List<String> all =
        texts(
            to,
            """
            SELECT c.relname FROM pg_class c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND c.relname <> 'flyway_schema_history' AND c.relname NOT LIKE 'qrtz%'
             ORDER BY c.relname
            """);
    Map<String, Set<String>> refersTo = new LinkedHashMap<>();
    for (String table : all) {
      refersTo.put(
          table,
          new HashSet<>(
              texts(
                  to,
                  """
                  SELECT r.relname FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid
                   WHERE k.contype = 'f' AND k.conrelid = 'public.%s'::regclass AND k.confrelid <> k.conrelid
                  """
                      .formatted(table))));
    }
    List<String> ordered = new ArrayList<>();
    while (ordered.size() < all.size()) {
      for (String table : all) {
        if (!ordered.contains(table)
            && ordered.containsAll(refersTo.getOrDefault(table, Set.of()))) {
          ordered.add(table);
        }
      }
    }
    return ordered;
  }

  private static void copyTable(Connection from, Connection to, String table) throws SQLException {
    List<String> columns =
        texts(
            to,
            """
            SELECT column_name FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name = '%s' AND is_generated = 'NEVER'
             ORDER BY ordinal_position
            """
                .formatted(table));
    String names = String.join(", ", columns);
    // A round that follows another comes after it.
    String order = columns.contains("round_id") ? " ORDER BY round_id" : "";
    var partitions =
        new BodyPartitions(JdbcClient.create(new SingleConnectionDataSource(to, true)));
    long lastRound = -1;
    try (Statement select = from.createStatement();
        ResultSet row = select.executeQuery("SELECT " + names + " FROM " + table + order);
        PreparedStatement insert =
            to.prepareStatement(
                "INSERT INTO %s (%s) VALUES (%s)"
                    .formatted(
                        table,
                        names,
                        String.join(", ", columns.stream().map(c -> "?").toList())))) {
      int waiting = 0;
      while (row.next()) {
        if (table.equals("synapse_body") && row.getLong("round_id") != lastRound) {
          lastRound = row.getLong("round_id");
          partitions.ensure(lastRound);
        }
        for (int i = 1; i <= columns.size(); i++) {
          insert.setObject(i, value(row, i));
        }
        insert.addBatch();
        if (++waiting == ROWS_AT_ONCE) {
          insert.executeBatch();
          waiting = 0;
        }
      }
      insert.executeBatch();
    }
  }

  private static @Nullable Object value(ResultSet row, int column) throws SQLException {
    return switch (row.getMetaData().getColumnType(column)) {
      case Types.BLOB, Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY -> row.getBytes(column);
      case Types.CLOB, Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR -> row.getString(column);
      case Types.TIMESTAMP -> row.getObject(column, java.time.LocalDateTime.class);
      default -> row.getObject(column);
    };
  }

  /** New rows are numbered behind the copied ones. */
  private static void continueNumbers(Connection to) throws SQLException {
    for (String identity :
        texts(
            to,
            """
            SELECT table_name || '.' || column_name FROM information_schema.columns
             WHERE table_schema = 'public' AND is_identity = 'YES'
            """)) {
      String table = identity.substring(0, identity.indexOf('.'));
      String column = identity.substring(identity.indexOf('.') + 1);
      execute(
          to,
          "SELECT setval(pg_get_serial_sequence('public.%s', '%s'), COALESCE(MAX(%2$s), 1), MAX(%2$s) IS NOT NULL) FROM %1$s"
              .formatted(table, column));
    }
    for (Map.Entry<String, String> sequence : BATCH_SEQUENCES.entrySet()) {
      execute(
          to,
          "SELECT setval('%s', COALESCE((%s), 1), (%2$s) IS NOT NULL)"
              .formatted(sequence.getKey(), sequence.getValue()));
    }
  }

  private static List<String> texts(Connection connection, String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        texts.add(row.getString(1));
      }
    }
    return texts;
  }

  private static long count(Connection connection, String table) throws SQLException {
    return Long.parseLong(texts(connection, "SELECT COUNT(*) FROM " + table).getFirst());
  }

  private static void execute(Connection connection, String statement) throws SQLException {
    try (Statement change = connection.createStatement()) {
      change.execute(statement);
    }
  }
}
