package org.axonometer.history;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.h2.api.ErrorCode;
import org.h2.jdbc.JdbcException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.core.namedparam.ParsedSql;

/**
 * Operators' own statements. They run as a user that can only SELECT: what may be done is decided
 * by the database, never by a look at the text.
 */
public final class ReadOnlySql {
  private static final int MAX_MESSAGE = 400;
  private static final int ROWS_AT_ONCE = 100;

  /** What a value that is no text counts as. */
  private static final int NUMBER_CHARACTERS = 20;

  private final Database database;

  public ReadOnlySql(Database database) {
    this.database = database;
  }

  /**
   * How much one statement may take.
   *
   * @param rows at most so many are read, 1 to 1,000,000
   * @param time it is cancelled after so long; whole seconds, 1 s to 1 h
   * @param characters of all values together; it is refused when there are more
   */
  public record Limits(int rows, Duration time, long characters) {
    private static final Duration LONGEST = Duration.ofHours(1);

    /** With values of any length. */
    public Limits(int rows, Duration time) {
      this(rows, time, Long.MAX_VALUE);
    }

    public Limits {
      if (rows < 1 || rows > 1_000_000) {
        throw new IllegalArgumentException("the row limit must be 1 to 1000000, was " + rows);
      }
      if (time.compareTo(Duration.ofSeconds(1)) < 0 || time.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("the time limit must be 1s to 1h, was " + time);
      }
    }
  }

  /**
   * Runs one statement.
   *
   * @param values of its {@code :name} parameters, bound as text
   * @throws SqlException when it is refused, wrong, lacks a value or takes too long
   */
  public SqlRows ask(String sql, Map<String, String> values, Limits limits) {
    ParsedSql parsed = NamedParameterUtils.parseSqlStatement(sql);
    var source = new SqlValues(values);
    String positional = NamedParameterUtils.substituteNamedParameters(parsed, source);
    @Nullable Object[] bound = NamedParameterUtils.buildValueArray(parsed, source, null);
    source.requireAllUsed();
    try (Connection connection = database.readerConnection();
        PreparedStatement statement = prepared(connection, positional)) {
      for (int i = 0; i < bound.length; i++) {
        statement.setString(i + 1, (String) bound[i]);
      }
      statement.setMaxRows(limits.rows() + 1);
      statement.setQueryTimeout((int) limits.time().toSeconds());
      try (ResultSet rows = statement.executeQuery()) {
        return read(rows, limits);
      }
    } catch (SQLException e) {
      throw new SqlException(explain(e, limits), e);
    }
  }

  /** PostgreSQL's driver holds the whole answer unless it may fetch it inside a transaction. */
  private static PreparedStatement prepared(Connection connection, String sql) throws SQLException {
    connection.setAutoCommit(false);
    PreparedStatement statement = connection.prepareStatement(sql);
    statement.setFetchSize(ROWS_AT_ONCE);
    return statement;
  }

  private static SqlRows read(ResultSet result, Limits limits) throws SQLException {
    ResultSetMetaData about = result.getMetaData();
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= about.getColumnCount(); i++) {
      columns.add(about.getColumnLabel(i).toLowerCase(Locale.ROOT));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    long characters = 0;
    while (result.next()) {
      if (rows.size() == limits.rows()) {
        return new SqlRows(columns, rows, true);
      }
      List<@Nullable Object> row = new ArrayList<>();
      for (int i = 1; i <= columns.size(); i++) {
        Object value = value(result, i, type(about, i));
        characters += value instanceof String text ? text.length() : NUMBER_CHARACTERS;
        row.add(value);
      }
      if (characters > limits.characters()) {
        throw new SqlException(
            "row %d goes over the %d characters that all rows together may have"
                .formatted(rows.size() + 1, limits.characters()));
      }
      rows.add(Collections.unmodifiableList(row));
    }
    return new SqlRows(columns, rows, false);
  }

  /** PostgreSQL's own kinds, such as jsonb, are text; its instants do not say that they are. */
  private static int type(ResultSetMetaData about, int column) throws SQLException {
    return switch (about.getColumnTypeName(column)) {
      case "timestamptz" -> Types.TIMESTAMP_WITH_TIMEZONE;
      case "json", "jsonb", "uuid", "interval", "inet", "xid", "pg_lsn" -> Types.VARCHAR;
      default -> about.getColumnType(column);
    };
  }

  /** Never {@code getObject} of the column's own type: that would revive stored Java objects. */
  private static @Nullable Object value(ResultSet row, int column, int type) throws SQLException {
    Object value =
        switch (type) {
          case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> row.getLong(column);
          case Types.BOOLEAN, Types.BIT -> row.getBoolean(column);
          case Types.REAL, Types.FLOAT, Types.DOUBLE -> row.getDouble(column);
          case Types.NUMERIC, Types.DECIMAL ->
              Objects.requireNonNullElse(row.getBigDecimal(column), BigDecimal.ZERO);
          case Types.TIMESTAMP_WITH_TIMEZONE ->
              Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
                  .map(at -> at.toInstant().toString())
                  .orElse("");
          case Types.BINARY,
              Types.VARBINARY,
              Types.LONGVARBINARY,
              Types.BLOB,
              Types.JAVA_OBJECT,
              Types.OTHER ->
              HexFormat.of()
                  .formatHex(Objects.requireNonNullElse(row.getBytes(column), new byte[0]));
          default -> Objects.requireNonNullElse(row.getString(column), "");
        };
    return row.wasNull() ? null : value;
  }

  private static String explain(SQLException failure, Limits limits) {
    if (!(failure instanceof JdbcException)) {
      return explainPostgres(failure, limits);
    }
    return switch (failure.getErrorCode()) {
      case ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1, ErrorCode.ADMIN_RIGHTS_REQUIRED ->
          "the database refuses, sql can only read: " + message(failure);
      case ErrorCode.METHOD_ONLY_ALLOWED_FOR_QUERY ->
          "the database refuses, sql can only read: a statement must answer with rows";
      case ErrorCode.STATEMENT_WAS_CANCELED -> stopped(limits);
      default -> message(failure);
    };
  }

  private static String explainPostgres(SQLException failure, Limits limits) {
    return switch (Objects.requireNonNullElse(failure.getSQLState(), "")) {
      case "42501", "25006" -> "the database refuses, sql can only read: " + message(failure);
      case "02000" -> "sql can only read: a statement must answer with rows";
      case "57014" -> stopped(limits);
      default -> message(failure);
    };
  }

  private static String stopped(Limits limits) {
    return "stopped after %d s; ask for less, or give more time with --timeout"
        .formatted(limits.time().toSeconds());
  }

  /** The database's own words on one line, without the statement it repeats. */
  private static String message(SQLException failure) {
    @Nullable String message =
        failure instanceof JdbcException h2 ? h2.getOriginalMessage() : failure.getMessage();
    String line =
        String.valueOf(message).replaceAll("\\s+", " ").replaceFirst("^ERROR: ", "").strip();
    return line.length() > MAX_MESSAGE ? line.substring(0, MAX_MESSAGE) + "…" : line;
  }
}
