package org.axonometer.wallet;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.axonometer.subnet.Ss58Address;

/**
 * The wallets below one folder, {@code ~/.bittensor/wallets} by default, laid out as {@code
 * <wallet>/hotkeys/<hotkey>}. Opens hotkey files and, to recognise a coldkey that was put among
 * them, public key files; never a coldkey.
 */
public record WalletDirectory(Path root) {

  /** {@code .bittensor/wallets} in the user's home. */
  public static WalletDirectory defaultRoot() {
    return new WalletDirectory(Path.of(System.getProperty("user.home"), ".bittensor", "wallets"));
  }

  /** A path as btcli reads it: {@code ~/} is the user's home, everything else is made absolute. */
  public static Path expanded(Path path) {
    String text = path.toString();
    return text.startsWith("~/")
        ? Path.of(System.getProperty("user.home"), text.substring(2))
        : path.toAbsolutePath().normalize();
  }

  /** As {@link #open(String, String, Keyring)} without any password. */
  public Hotkey open(String wallet, String hotkey) {
    return open(wallet, hotkey, new Keyring(PasswordSource.none()));
  }

  /**
   * Opens {@code <root>/<wallet>/hotkeys/<hotkey>}; WalletException when missing, unreadable, too
   * widely readable, inconsistent, or encrypted under another password than the keyring is given.
   */
  public Hotkey open(String wallet, String hotkey, Keyring keyring) {
    Path file = checkedFileOf(wallet, hotkey);
    try (PrivateFile opened = PrivateFile.open(file, PrivateFile.Kind.KEY)) {
      return open(wallet, file, opened, keyring);
    }
  }

  /**
   * What may be shown of one hotkey's file; WalletException where {@link #open(String, String,
   * Keyring)} has one.
   */
  public HotkeyFile describe(String wallet, String hotkey, Keyring keyring) {
    Path file = checkedFileOf(wallet, hotkey);
    try (PrivateFile opened = PrivateFile.open(file, PrivateFile.Kind.KEY)) {
      return new HotkeyFile(
          wallet,
          hotkey,
          open(wallet, file, opened, keyring).address(),
          file,
          PosixFilePermissions.toString(opened.attributes().permissions()),
          opened.attributes().owner().getName(),
          Encryption.of(opened.content()));
    }
  }

  /**
   * How one hotkey's file is encrypted, without opening the encryption; empty when it is plain.
   * WalletException when the file must not or cannot be used.
   */
  public Optional<Encryption> encryption(String wallet, String hotkey) {
    try (PrivateFile opened =
        PrivateFile.open(checkedFileOf(wallet, hotkey), PrivateFile.Kind.KEY)) {
      return Encryption.of(opened.content());
    }
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

  /** As {@link #create(String, String, Hotkey, Optional)} without a password: a plain key file. */
  public Path create(String wallet, String hotkey, Hotkey key) {
    return create(wallet, hotkey, key, Optional.empty());
  }

  /**
   * Writes a new hotkey's key file, encrypted ({@code $NACL}) when there is a password, and its
   * public key file; both readable by the owner alone, in folders only the owner may enter,
   * whatever the umask; folders that exist keep their permissions. WalletException when there is
   * such a file already.
   *
   * @return the key file
   */
  public Path create(String wallet, String hotkey, Hotkey key, Optional<KeyPassword> password) {
    Path file = fileOf(wallet, hotkey);
    makeFolders(wallet);
    Permissions.refuseFoldersOthersMayChange(foldersOf(wallet));
    if (coldkeysOf(wallet).contains(key.address())) {
      throw new WalletException(
          file
              + ": this key is the wallet's coldkey; a validator signs with a hotkey, never with"
              + " it");
    }
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) { // before Argon2 takes its seconds
      throw existsAlready(file);
    }
    Path publicFile = publicFileOf(file);
    boolean hasPublicFile = Files.exists(publicFile, LinkOption.NOFOLLOW_LINKS);
    if (hasPublicFile && !PublicKeyFile.addresses(publicFile).equals(Set.of(key.address()))) {
      throw new WalletException(
          publicFile + ": does not name this key; move it away or choose another hotkey name");
    }
    try {
      KeyFile.write(file, key, password);
      if (!hasPublicFile) {
        PublicKeyFile.write(publicFile, key.address());
      }
    } catch (FileAlreadyExistsException _) {
      throw existsAlready(file);
    } catch (IOException e) {
      throw new WalletException(
          file + ": cannot be written; check the disk's space and the folder's permissions", e);
    }
    return file;
  }

  private static WalletException existsAlready(Path file) {
    return new WalletException(
        file + ": exists already and is never overwritten; choose another hotkey name");
  }

  private void makeFolders(String wallet) {
    try {
      Files.createDirectories(
          hotkeysOf(wallet),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new WalletException(
          hotkeysOf(wallet) + ": this folder cannot be made; check the folders above it", e);
    }
  }

  private Path checkedFileOf(String wallet, String hotkey) {
    Path file = fileOf(wallet, hotkey);
    if (!Files.isDirectory(hotkeysOf(wallet))) {
      throw new WalletException(
          hotkeysOf(wallet)
              + ": there is no such folder; check the wallet's name and the wallet path, or make"
              + " the hotkey with btcli");
    }
    Permissions.refuseFoldersOthersMayChange(foldersOf(wallet));
    return file;
  }

  private Hotkey open(String wallet, Path file, PrivateFile opened, Keyring keyring) {
    Set<Ss58Address> coldkeys = coldkeysOf(wallet);
    // What is known to be the coldkey is not decrypted.
    if (opened.isSameFileAs(root.resolve(wallet).resolve("coldkey"))
        || !Collections.disjoint(PublicKeyFile.addresses(publicFileOf(file)), coldkeys)) {
      throw isColdkey(file);
    }
    Hotkey hotkey = KeyFile.hotkey(file, opened.content(), keyring);
    if (coldkeys.contains(hotkey.address())) {
      hotkey.wipe();
      throw isColdkey(file);
    }
    return hotkey;
  }

  private Set<Ss58Address> coldkeysOf(String wallet) {
    return PublicKeyFile.addresses(root.resolve(wallet).resolve("coldkeypub.txt"));
  }

  private static WalletException isColdkey(Path file) {
    return new WalletException(
        file + ": holds the wallet's coldkey; move it away from the hotkeys and name a hotkey");
  }

  /** The file that bittensor-wallet 3.1 and newer write beside a hotkey's. */
  private static Path publicFileOf(Path file) {
    return file.resolveSibling(file.getFileName() + "pub.txt");
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
