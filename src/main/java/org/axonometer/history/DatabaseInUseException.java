package org.axonometer.history;

/** The database file belongs to another living process. */
public final class DatabaseInUseException extends HistoryException {
  private static final long serialVersionUID = 1L;

  public DatabaseInUseException(String message, Throwable cause) {
    super(message, cause);
  }
}
