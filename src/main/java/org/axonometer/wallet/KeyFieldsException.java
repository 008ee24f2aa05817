package org.axonometer.wallet;

/** A key file's text that is not the JSON object it should be; the message repeats none of it. */
final class KeyFieldsException extends Exception {
  private static final long serialVersionUID = 1L;

  KeyFieldsException(String message) {
    super(message);
  }
}
