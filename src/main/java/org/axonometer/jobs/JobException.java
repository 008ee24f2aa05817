package org.axonometer.jobs;

/**
 * A job file that is refused, or a job that is not there. The message has one line per mistake,
 * {@code file:line: key is "value"; what is allowed}, and is meant to be shown as it is.
 */
public final class JobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobException(String message) {
    super(message);
  }

  public JobException(String message, Throwable cause) {
    super(message, cause);
  }
}
