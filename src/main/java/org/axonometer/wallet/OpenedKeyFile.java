package org.axonometer.wallet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;

/** A hotkey together with the file it was read from and that file's attributes at that moment. */
record OpenedKeyFile(Path file, Hotkey hotkey, PosixFileAttributes attributes) {

  /** Whether the other path is the very same file (a hard link); the other one is not opened. */
  boolean isSameFileAs(Path other) {
    try {
      Object key =
          Files.readAttributes(other, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .fileKey();
      return key != null && key.equals(attributes.fileKey());
    } catch (IOException _) {
      return false;
    }
  }
}
