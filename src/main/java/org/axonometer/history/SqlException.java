package org.axonometer.history;

/** An operator's own statement that was refused, is wrong, or took too long; one line. */
public final class SqlException extends HistoryException {
  private static final long serialVersionUID = 1L;

  public SqlException(String message) {
    super(message);
  }

  public SqlException(String message, Throwable cause) {
    super(message, cause);
  }
}
