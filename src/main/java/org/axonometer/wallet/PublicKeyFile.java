package org.axonometer.wallet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;

/** A file with public fields only, such as {@code coldkeypub.txt}; anyone may read it. */
final class PublicKeyFile {

  private PublicKeyFile() {}

  /** Whether the file names this key; a file that is missing or not understood names none. */
  static boolean holds(Path file, Hotkey hotkey) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) { // opening a pipe would wait
      return false;
    }
    byte[] content;
    try {
      content = SecretBytes.read(file);
    } catch (IOException _) {
      return false;
    }
    try (KeyFields fields = KeyFields.parse(content)) {
      return fields.names(hotkey);
    } catch (KeyFieldsException _) {
      return false;
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }
}
