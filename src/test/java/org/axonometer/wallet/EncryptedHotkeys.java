package org.axonometer.wallet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.axonometer.subnet.Ss58Address;

/** One hotkey in the three encrypted forms, recorded; and wallets to put them in. */
final class EncryptedHotkeys {

  static final String PASSWORD = "correct horse ö";
  static final String SEED = "aa23a02ab359ee5783237a8c876de82f00183c47cf533aadef4e4bdcaa06564f";
  static final Ss58Address ADDRESS =
      new Ss58Address("5Fq2t9BiuPURkTUpFYdkW5ucryBMk8hAR8PUCinksTs82QpQ");

  private EncryptedHotkeys() {}

  static byte[] recorded(String form) throws IOException {
    try (InputStream stream =
        EncryptedHotkeys.class.getResourceAsStream("/vectors/wallet/hotkey." + form)) {
      return Optional.ofNullable(stream).orElseThrow().readAllBytes();
    }
  }

  /** Writes a key file that only its owner may read. */
  static Path write(WalletDirectory wallets, String hotkey, byte[] content) throws IOException {
    Path folder = wallets.root().resolve("default/hotkeys");
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    return privateFile(folder.resolve(hotkey), content);
  }

  static Path privateFile(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  static Keyring keyring(String password) {
    return new Keyring(file -> Optional.of(KeyPassword.of(password.toCharArray())));
  }
}
