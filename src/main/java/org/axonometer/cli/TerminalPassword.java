package org.axonometer.cli;

import java.io.Console;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.axonometer.wallet.KeyPassword;
import org.axonometer.wallet.PasswordSource;
import org.axonometer.wallet.WalletException;

/**
 * A password asked for on the terminal, without echo; none where input or output is no terminal,
 * and none after {@link #close}.
 */
final class TerminalPassword implements PasswordSource {

  private volatile boolean closed;

  @Override
  public Optional<KeyPassword> passwordOf(Path keyFile) {
    return asked("Password of " + keyFile + ": ");
  }

  /** Asked for twice; WalletException when the answers differ or are empty. */
  Optional<KeyPassword> newPassword(Path keyFile) {
    Optional<KeyPassword> first = asked("New password of " + keyFile + ": ");
    if (first.isEmpty()) {
      return first;
    }
    try (KeyPassword again =
        asked("The same again: ").orElseGet(() -> KeyPassword.of(new char[0]))) {
      if (!again.isSameAs(first.get())) {
        first.get().close();
        throw new WalletException("the two passwords differ; nothing was written");
      }
    }
    return first;
  }

  /** Asks without echo; empty where there is no terminal. */
  static Optional<char[]> typed(String question) {
    // Java 25 has no console where the streams are redirected.
    @SuppressWarnings("SystemConsoleNull")
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return Optional.empty();
    }
    return Optional.ofNullable(console.readPassword("%s", question));
  }

  private Optional<KeyPassword> asked(String question) {
    Optional<char[]> typed = closed ? Optional.empty() : typed(question);
    Optional<KeyPassword> password = typed.map(KeyPassword::of);
    typed.ifPresent(characters -> Arrays.fill(characters, '\0'));
    return password;
  }

  void close() {
    closed = true;
  }
}
