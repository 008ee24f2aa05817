package org.axonometer.wallet;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The wallets below one folder, {@code ~/.bittensor/wallets} by default, laid out as {@code
 * <wallet>/hotkeys/<hotkey>}. Opens hotkey files and, to recognise a coldkey that was put among
 * them, {@code coldkeypub.txt}; never a coldkey.
 */
public record WalletDirectory(Path root) {

  /** {@code .bittensor/wallets} in the user's home. */
  public static WalletDirectory defaultRoot() {
    return new WalletDirectory(Path.of(System.getProperty("user.home"), ".bittensor", "wallets"));
  }

  /**
   * Opens {@code <root>/<wallet>/hotkeys/<hotkey>}; WalletException when missing, unreadable, too
   * widely readable, encrypted or inconsistent.
   */
  public Hotkey open(String wallet, String hotkey) {
    return read(wallet, hotkey).hotkey();
  }

  /** What may be shown of one hotkey's file; WalletException where {@link #open} has one. */
  public HotkeyFile describe(String wallet, String hotkey) {
    OpenedKeyFile opened = read(wallet, hotkey);
    return new HotkeyFile(
        wallet,
        hotkey,
        opened.hotkey().address(),
        opened.file(),
        PosixFilePermissions.toString(opened.attributes().permissions()),
        opened.attributes().owner().getName());
  }

  /**
   * The wallets below the root and the names in their hotkeys folders, sorted; empty when there is
   * no such root. Public key files ({@code *pub.txt}), hidden files, folders and names no hotkey
   * may have are left out.
   */
  public List<WalletListing> list() {
    return names(root, Files::isDirectory).stream()
        .map(
            wallet ->
                new WalletListing(
                    wallet, names(hotkeysOf(wallet), entry -> !Files.isDirectory(entry))))
        .toList();
  }

  /**
   * Writes a new hotkey as a plain key file, readable by the owner alone, in folders only the owner
   * may enter, whatever the umask; folders that exist keep their permissions. WalletException when
   * there is such a file already.
   *
   * @return the file
   */
  public Path create(String wallet, String hotkey, Hotkey key) {
    Path file = fileOf(wallet, hotkey);
    try {
      Files.createDirectories(
          hotkeysOf(wallet),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new WalletException(
          hotkeysOf(wallet) + ": this folder cannot be made; check the folders above it", e);
    }
    Permissions.refuseFoldersOthersMayChange(foldersOf(wallet));
    try {
      KeyFile.write(file, key);
    } catch (FileAlreadyExistsException e) {
      throw new WalletException(
          file + ": exists already and is never overwritten; choose another hotkey name", e);
    } catch (IOException e) {
      throw new WalletException(
          file + ": cannot be written; check the disk's space and the folder's permissions", e);
    }
    return file;
  }

  private OpenedKeyFile read(String wallet, String hotkey) {
    Path file = fileOf(wallet, hotkey);
    if (!Files.isDirectory(hotkeysOf(wallet))) {
      throw new WalletException(
          hotkeysOf(wallet)
              + ": there is no such folder; check the wallet's name and the wallet path, or make the"
              + " hotkey with btcli");
    }
    Permissions.refuseFoldersOthersMayChange(foldersOf(wallet));
    OpenedKeyFile opened = KeyFile.read(file);
    if (isColdkey(wallet, opened)) {
      throw new WalletException(
          file + ": holds the wallet's coldkey; move it away from the hotkeys and name a hotkey");
    }
    return opened;
  }

  private boolean isColdkey(String wallet, OpenedKeyFile opened) {
    Path folder = root.resolve(wallet);
    return opened.isSameFileAs(folder.resolve("coldkey"))
        || PublicKeyFile.holds(folder.resolve("coldkeypub.txt"), opened.hotkey());
  }

  private Path fileOf(String wallet, String hotkey) {
    return hotkeysOf(wallet).resolve(KeyName.ofHotkey(hotkey, root));
  }

  private Path hotkeysOf(String wallet) {
    return root.resolve(KeyName.ofWallet(wallet, root)).resolve("hotkeys");
  }

  /** The folders in which a stranger who may write could put another key in the hotkey's place. */
  private List<Path> foldersOf(String wallet) {
    return List.of(hotkeysOf(wallet), root.resolve(wallet), root);
  }

  private static List<String> names(Path folder, Predicate<Path> wanted) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(wanted)
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.startsWith(".") && KeyName.isUsable(name))
          .sorted()
          .toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw new WalletException(folder + ": cannot be listed; check its permissions", e);
    }
  }
}
