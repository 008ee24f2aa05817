package org.axonometer.wallet;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The one line of a password file that nobody but its owner may read; the line's end is not part of
 * it.
 */
public final class SecretLine {

  private SecretLine() {}

  /**
   * The line as text, for those who can take it in no other form.
   *
   * @throws WalletException when the file must not or cannot be used, or has more than one line
   */
  public static String text(Path file) {
    byte[] utf8 = utf8(file);
    try {
      return new String(utf8, StandardCharsets.UTF_8);
    } finally {
      Arrays.fill(utf8, (byte) 0);
    }
  }

  /** The line, for the caller to wipe; WalletException as {@link #text}. */
  static byte[] utf8(Path file) {
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
      return Arrays.copyOf(content, end);
    }
  }
}
