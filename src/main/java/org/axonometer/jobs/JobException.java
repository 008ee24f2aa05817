package org.axonometer.jobs;

/** A job file that is refused; one line: file:line: key, value, what is allowed. */
public final class JobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobException(String message) {
    super(message);
  }

  public JobException(String message, Throwable cause) {
    super(message, cause);
  }
}
