package org.axonometer.wallet;

/** An encrypted key file for which nobody gives a password. */
public final class PasswordNeededException extends WalletException {
  private static final long serialVersionUID = 1L;

  PasswordNeededException(String message) {
    super(message);
  }
}
