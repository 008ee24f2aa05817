package org.axonometer.wallet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;
import java.util.Objects;

/**
 * The content of a file that nobody but its owner may read or change, with the attributes it had
 * when that was checked. Closing wipes the content.
 */
final class PrivateFile implements AutoCloseable {

  private final PosixFileAttributes attributes;
  private final byte[] content;

  private PrivateFile(PosixFileAttributes attributes, byte[] content) {
    this.attributes = attributes;
    this.content = content;
  }

  /** What the file is for, in the words of its refusals. */
  enum Kind {
    KEY(
        "key file",
        "put the key file itself in the hotkeys folder",
        "name a hotkey's file",
        "check the hotkey's name or make it with btcli"),
    PASSWORD(
        "password file",
        "name the password file itself",
        "name a file with the password alone",
        "check its path"),
    SECRET(
        "secret file",
        "name the file itself",
        "name a file with one secret phrase or seed",
        "check its path");

    private final String noun;
    private final String insteadOfLink;
    private final String insteadOfThis;
    private final String whenMissing;

    Kind(String noun, String insteadOfLink, String insteadOfThis, String whenMissing) {
      this.noun = noun;
      this.insteadOfLink = insteadOfLink;
      this.insteadOfThis = insteadOfThis;
      this.whenMissing = whenMissing;
    }
  }

  /** Opens it; WalletException when it must not or cannot be used. */
  static PrivateFile open(Path file, Kind kind) {
    PosixFileAttributes attributes = checkedAttributes(file, kind);
    byte[] content = new byte[0];
    boolean good = false;
    try {
      content = SecretBytes.read(file);
      // The name must still lead to the file that was checked.
      if (!Objects.equals(attributes.fileKey(), checkedAttributes(file, kind).fileKey())) {
        throw new WalletException(file + ": was replaced while it was opened; try again");
      }
      if (content.length > SecretBytes.MOST_BYTES) {
        throw tooLarge(file, kind);
      }
      good = true;
      return new PrivateFile(attributes, content);
    } catch (IOException e) {
      throw new WalletException(file + ": cannot be read; check its permissions and the disk", e);
    } finally {
      if (!good) {
        Arrays.fill(content, (byte) 0);
      }
    }
  }

  PosixFileAttributes attributes() {
    return attributes;
  }

  /** The content itself, not a copy. */
  byte[] content() {
    return content;
  }

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

  @Override
  public void close() {
    Arrays.fill(content, (byte) 0);
  }

  private static PosixFileAttributes checkedAttributes(Path file, Kind kind) {
    PosixFileAttributes attributes = attributes(file, kind);
    if (attributes.isSymbolicLink()) {
      throw new WalletException(file + ": is a symbolic link; " + kind.insteadOfLink);
    }
    if (!attributes.isRegularFile()) {
      throw new WalletException(file + ": is not a regular file; " + kind.insteadOfThis);
    }
    Permissions.refuseForeignFile(file, kind.noun);
    Permissions.refuseSharedFile(file, attributes, kind.noun);
    if (attributes.size() > SecretBytes.MOST_BYTES) {
      throw tooLarge(file, kind);
    }
    return attributes;
  }

  private static PosixFileAttributes attributes(Path file, Kind kind) {
    try {
      return Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      throw new WalletException(
          "%s: there is no such %s; %s".formatted(file, kind.noun, kind.whenMissing), e);
    } catch (IOException | UnsupportedOperationException e) {
      throw new WalletException(
          file + ": its permissions cannot be read; check the folders above it", e);
    }
  }

  private static WalletException tooLarge(Path file, Kind kind) {
    return new WalletException(
        "%s: has more than %d bytes and cannot be a %s; %s"
            .formatted(file, SecretBytes.MOST_BYTES, kind.noun, kind.insteadOfThis));
  }
}
