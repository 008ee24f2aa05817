package org.axonometer.history;

import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.h2.jdbc.JdbcException;
import org.jspecify.annotations.Nullable;

/** The one line an operator needs of a failure. */
public final class FailureText {
  private static final int LONGEST = 500;
  private static final Pattern FRAME = Pattern.compile("\\s+(at |\\.\\.\\. \\d|Suppressed: ).*");
  private static final Pattern CLASS_NAME = Pattern.compile("^([a-z][\\w$]*\\.)+[A-Z][\\w$]*: ");

  /** The database repeats the whole statement behind its message. */
  private static final Pattern STATEMENT = Pattern.compile("; SQL statement:.*");

  private static final Pattern SPRINGS_STATEMENT = Pattern.compile("^\\w+; SQL \\[.*?\\](; )?");

  private static final Set<Integer> GONE =
      Set.of(
          ErrorCode.DATABASE_IS_CLOSED,
          ErrorCode.DATABASE_CALLED_AT_SHUTDOWN,
          ErrorCode.CONNECTION_BROKEN_1);

  private FailureText() {}

  /** The message of the innermost cause, or that the database is gone. */
  public static String innermost(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isDatabaseGone(cause)) {
        return cause instanceof JdbcException
            ? "the database is gone: the process that owned it ended"
            : "the connection to the database was lost: "
                + oneLine(String.valueOf(cause.getMessage()));
      }
    }
    return cause(failure);
  }

  /** The message of the innermost cause, whatever it is; its class where it has none. */
  static String cause(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    if (deepest instanceof FileSystemException file && file.getReason() == null) {
      // Its message is the path alone; its class says what is wrong with it.
      return file.getClass().getSimpleName().replace("Exception", "") + " " + file.getFile();
    }
    @Nullable String message = deepest.getMessage();
    String line = message == null ? "" : oneLine(message);
    return line.isEmpty() ? deepest.getClass().getSimpleName() : line;
  }

  /** The first line of its message; its class where it says nothing. */
  public static String firstLine(Throwable failure) {
    return Objects.requireNonNullElse(failure.getMessage(), "")
        .lines()
        .findFirst()
        .filter(line -> !line.isBlank())
        .orElse(failure.getClass().getSimpleName());
  }

  private static boolean isDatabaseGone(Throwable failure) {
    if (failure instanceof JdbcException h2) {
      return GONE.contains(h2.getErrorCode());
    }
    return failure instanceof SQLException sql
        && sql.getSQLState() != null
        && (sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P"));
  }

  /** The same out of a stack trace's text, as far as that was kept; empty for none. */
  static Optional<String> innermost(@Nullable String stackTrace) {
    if (stackTrace == null || stackTrace.isBlank()) {
      return Optional.empty();
    }
    List<String> message = new ArrayList<>();
    boolean inFrames = false;
    for (String line : stackTrace.lines().toList()) {
      if (line.startsWith("Caused by: ")) {
        message.clear();
        message.add(line.substring("Caused by: ".length()));
        inFrames = false;
      } else if (FRAME.matcher(line).matches()) {
        inFrames = true;
      } else if (!inFrames) {
        message.add(line);
      }
    }
    return Optional.of(oneLine(CLASS_NAME.matcher(String.join(" ", message)).replaceFirst("")));
  }

  private static String oneLine(String message) {
    String line = String.join(" ", message.lines().map(String::strip).toList());
    line = STATEMENT.matcher(line).replaceFirst("");
    line = SPRINGS_STATEMENT.matcher(line).replaceFirst("");
    return Objects.requireNonNullElse(Rows.clean(line, LONGEST), "");
  }
}
