package org.axonometer.metagraph;

/**
 * A snapshot that is refused; the message names the file, the place, the value and what is allowed.
 */
public final class SnapshotException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SnapshotException(String message) {
    super(message);
  }

  public SnapshotException(String message, Throwable cause) {
    super(message, cause);
  }
}
