package org.axonometer.wallet;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** A file whose only line is the password; the line's end is not part of it. */
record PasswordFile(Path file) implements PasswordSource {

  @Override
  public Optional<KeyPassword> passwordOf(Path keyFile) {
    try (PrivateFile opened = PrivateFile.open(file, PrivateFile.Kind.PASSWORD)) {
      byte[] content = opened.content();
      int end = content.length;
      if (end > 0 && content[end - 1] == '\n') {
        end--;
      }
      if (end > 0 && content[end - 1] == '\r') {
        end--;
      }
      for (int at = 0; at < end; at++) {
        if (content[at] == '\n' || content[at] == '\r' || content[at] == 0) {
          throw new WalletException(
              file + ": has more than one line of text; write the password alone into it");
        }
      }
      return Optional.of(KeyPassword.owning(Arrays.copyOf(content, end)));
    }
  }
}
