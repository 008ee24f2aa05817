package org.axonometer.challenges;

/**
 * Challenges that could not be made, so that no round is opened; one line: where, what, what is
 * allowed.
 */
public final class ChallengeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChallengeException(String message) {
    super(message);
  }

  ChallengeException(String message, Throwable cause) {
    super(message, cause);
  }
}
