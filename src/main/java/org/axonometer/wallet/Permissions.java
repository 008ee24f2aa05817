package org.axonometer.wallet;

import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Who may read and change key files and their folders: only the user this process runs as. */
final class Permissions {

  private static final Set<PosixFilePermission> OTHERS_WRITING = Set.of(GROUP_WRITE, OTHERS_WRITE);
  private static final Set<PosixFilePermission> OTHERS_TOUCHING =
      Set.of(GROUP_READ, GROUP_WRITE, OTHERS_READ, OTHERS_WRITE);
  private static final int ROOT_UID = 0;

  private Permissions() {}

  /** WalletException with one command for all of them when others may write in a folder. */
  static void refuseFoldersOthersMayChange(List<Path> folders) {
    List<Path> open = folders.stream().filter(Permissions::othersMayChange).toList();
    if (!open.isEmpty()) {
      Path first = open.getFirst();
      throw new WalletException(
          first
              + ": other users may write in this folder (mode "
              + octal(attributesOf(first).permissions())
              + "); run: chmod go-w "
              + open.stream().map(Path::toString).collect(Collectors.joining(" ")));
    }
  }

  /** WalletException when anyone but the owner may read or change the file. */
  static void refuseSharedFile(Path file, PosixFileAttributes attributes, String noun) {
    if (!Collections.disjoint(attributes.permissions(), OTHERS_TOUCHING)) {
      throw new WalletException(
          file
              + ": other users may read or change this "
              + noun
              + " (mode "
              + octal(attributes.permissions())
              + "); run: chmod 600 "
              + file);
    }
  }

  /**
   * WalletException when the file belongs to another user, who could change it at any time. Root
   * may use anyone's file: containers mount the wallets of the host's user. Where the system does
   * not tell who runs the process (it has no /proc), the owner is not checked.
   */
  static void refuseForeignFile(Path file, String noun) {
    OptionalInt user = processUid();
    OptionalInt owner = uid(file);
    if (user.isPresent() && owner.isPresent() && isForeign(owner.getAsInt(), user.getAsInt())) {
      throw new WalletException(
          file
              + ": belongs to user id "
              + owner.getAsInt()
              + ", this process runs as "
              + user.getAsInt()
              + "; run as that user or copy the "
              + noun);
    }
  }

  static boolean isForeign(int ownerUid, int processUid) {
    return processUid != ROOT_UID && ownerUid != processUid;
  }

  /** Permissions as chmod writes them, {@code 0644}. */
  static String octal(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (PosixFilePermission each : PosixFilePermission.values()) { // OWNER_READ comes first
      mode = mode << 1 | (permissions.contains(each) ? 1 : 0);
    }
    return "0%03o".formatted(mode);
  }

  private static boolean othersMayChange(Path folder) {
    return !Collections.disjoint(attributesOf(folder).permissions(), OTHERS_WRITING);
  }

  private static PosixFileAttributes attributesOf(Path folder) {
    try {
      return Files.readAttributes(folder, PosixFileAttributes.class);
    } catch (IOException | UnsupportedOperationException e) {
      throw new WalletException(
          folder
              + ": the permissions of this folder cannot be read; keep wallets on a file system with"
              + " Unix permissions",
          e);
    }
  }

  /** /proc/self is a link that belongs to root; the folder it leads to belongs to us. */
  private static OptionalInt processUid() {
    return uid(Path.of("/proc/self/task"));
  }

  private static OptionalInt uid(Path path) {
    try {
      return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS) instanceof Integer uid
          ? OptionalInt.of(uid)
          : OptionalInt.empty();
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
      return OptionalInt.empty();
    }
  }
}
