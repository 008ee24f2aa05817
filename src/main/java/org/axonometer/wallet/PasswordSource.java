package org.axonometer.wallet;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where the password of an encrypted key file comes from. */
@FunctionalInterface
public interface PasswordSource {

  /**
   * The password of this key file, for the caller to close; empty when this source has none.
   * WalletException when the source itself cannot be used.
   */
  Optional<KeyPassword> passwordOf(Path keyFile);

  /** A source that has none. */
  static PasswordSource none() {
    return keyFile -> Optional.empty();
  }

  /** A file with one line, the password of every key file; only its owner may read it. */
  static PasswordSource file(Path file) {
    return new PasswordFile(file);
  }

  /**
   * The variables of bittensor-wallet and of the SDK before it (protocol 8.5).
   *
   * @param environment variables by their names
   */
  static PasswordSource variables(Map<String, String> environment) {
    return new PasswordVariables(name -> Optional.ofNullable(environment.get(name)));
  }

  /** This source, and the other where this has none. */
  default PasswordSource orElse(PasswordSource other) {
    return keyFile -> passwordOf(keyFile).or(() -> other.passwordOf(keyFile));
  }
}
