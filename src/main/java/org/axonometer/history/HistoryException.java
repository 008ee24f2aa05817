package org.axonometer.history;

import org.jspecify.annotations.Nullable;

/** A database that cannot be used or read as asked; one line: which, what is wrong, what to do. */
public class HistoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public HistoryException(String message) {
    super(message);
  }

  public HistoryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
