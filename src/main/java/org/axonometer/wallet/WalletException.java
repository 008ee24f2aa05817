package org.axonometer.wallet;

/** A key file that cannot be used; the message names the file, what is wrong and what to do. */
public sealed class WalletException extends RuntimeException permits PasswordNeededException {
  private static final long serialVersionUID = 1L;

  public WalletException(String message) {
    super(message);
  }

  public WalletException(String message, Throwable cause) {
    super(message, cause);
  }
}
