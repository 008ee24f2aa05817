package org.axonometer.history;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** A database that cannot be used or read as asked; one line: which, what is wrong, what to do. */
public class HistoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public HistoryException(String message) {
    super(message);
  }

  public HistoryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** A failure of the database, said in our words; every other as it is. */
  public static Exception inOurWords(Exception failure) {
    return failure instanceof DataAccessException || failure instanceof TransactionException
        ? new HistoryException("the database failed: " + FailureText.cause(failure), failure)
        : failure;
  }
}
