package org.axonometer.history;

import org.jspecify.annotations.Nullable;

/** The database belongs to another living process. */
public final class DatabaseInUseException extends HistoryException {
  private static final long serialVersionUID = 1L;

  public DatabaseInUseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
