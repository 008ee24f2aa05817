package org.axonometer.wallet;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.axonometer.subnet.Sha256;

/**
 * The encrypted hotkeys this process has unlocked. A key file's password is asked for once; the
 * hotkey, not the password, is kept until the file's content changes. One file is unlocked at a
 * time, because it may take 512 MiB. Thread-safe.
 */
public final class Keyring {

  private final PasswordSource passwords;
  private final Map<String, Hotkey> unlocked = new HashMap<>();

  public Keyring(PasswordSource passwords) {
    this.passwords = passwords;
  }

  /** The hotkey in an encrypted content; WalletException, after one try, when it does not open. */
  synchronized Hotkey unlock(Path file, Encryption encryption, byte[] content) {
    String known = file + " " + Sha256.hex(content);
    Hotkey before = unlocked.get(known);
    if (before != null) {
      return before;
    }
    Hotkey hotkey = decrypt(file, encryption, content);
    unlocked.put(known, hotkey);
    return hotkey;
  }

  private Hotkey decrypt(Path file, Encryption encryption, byte[] content) {
    byte[] plain = new byte[0];
    try (KeyPassword password =
        passwords.passwordOf(file).orElseThrow(() -> none(file, encryption))) {
      if (password.isEmpty()) {
        throw new WalletException(
            "%s: is encrypted (%s) and the password given is empty".formatted(file, encryption));
      }
      plain = encryption.decrypt(content, password.utf8());
      return KeyFile.hotkey(file, plain);
    } catch (KeyContentException e) {
      throw new WalletException(file + ": " + e.getMessage());
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private static PasswordNeededException none(Path file, Encryption encryption) {
    return new PasswordNeededException(
        "%s: is encrypted (%s) and there is no password; give --wallet.password-file, set %s, or run on a terminal"
            .formatted(file, encryption, PasswordVariables.nameFor(file)));
  }
}
