package org.axonometer.mockaxons;

/** A park that cannot open; one line naming the address and port, or the file, and the cause. */
public final class ParkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ParkException(String message, Throwable cause) {
    super(message, cause);
  }
}
