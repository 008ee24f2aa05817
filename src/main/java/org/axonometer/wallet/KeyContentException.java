package org.axonometer.wallet;

/**
 * A content that is not the key it should be. The message continues a line that begins with where
 * the content came from, and repeats none of it.
 */
final class KeyContentException extends Exception {
  private static final long serialVersionUID = 1L;

  KeyContentException(String message) {
    super(message);
  }
}
