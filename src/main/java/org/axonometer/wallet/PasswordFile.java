package org.axonometer.wallet;

import java.nio.file.Path;
import java.util.Optional;

/** A file whose only line is the password; the line's end is not part of it. */
record PasswordFile(Path file) implements PasswordSource {

  @Override
  public Optional<KeyPassword> passwordOf(Path keyFile) {
    return Optional.of(KeyPassword.owning(SecretLine.utf8(file)));
  }
}
