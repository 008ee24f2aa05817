package org.axonometer.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.wallet.Encryption;
import org.axonometer.wallet.KeyPassword;
import org.axonometer.wallet.Keyring;
import org.axonometer.wallet.PasswordSource;
import org.axonometer.wallet.WalletDirectory;
import org.axonometer.wallet.WalletException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Where an encrypted hotkey's password comes from: a file before the variables, the variables
 * before the terminal. Never the command line, which every user of the machine can read.
 */
final class PasswordFlags {
  private final TerminalPassword terminal = new TerminalPassword();
  private @Nullable Path file;
  private @Nullable Keyring keyring;
  private boolean onCommandLine;

  @Option(
      names = {"--wallet.password-file", "--wallet-password-file"},
      paramLabel = "<file>",
      description =
          "File (mode 0600) with the password of an encrypted hotkey. Else the variable BT_PW_<path"
              + " of the key file>, else a question on the terminal.")
  void readFrom(Path chosen) {
    file = WalletDirectory.expanded(chosen);
  }

  /** Taken and dropped, so that no error repeats it. */
  @Option(
      names = {"--wallet.password", "--wallet-password", "--password"},
      arity = "0..1",
      hidden = true)
  void refuse(@Nullable String password) {
    onCommandLine = true;
  }

  /** The hotkeys unlocked in this process. */
  Keyring keyring() {
    requireNoneOnCommandLine();
    if (keyring == null) {
      keyring = new Keyring(unattended().orElse(terminal));
    }
    return keyring;
  }

  /** A keyring that asks nobody. */
  Keyring unattendedKeyring() {
    requireNoneOnCommandLine();
    return new Keyring(unattended());
  }

  /** The password for a key file yet to be written, for the caller to close. */
  KeyPassword newPassword(Path keyFile) {
    requireNoneOnCommandLine();
    return unattended()
        .passwordOf(keyFile)
        .or(() -> terminal.newPassword(keyFile))
        .orElseThrow(
            () ->
                new CommandException(
                    "--encrypt needs a password; give --wallet.password-file, or run on a"
                        + " terminal"));
  }

  /**
   * Unlocks an encrypted hotkey now rather than when a round needs it. Whatever else is wrong with
   * its file is left for the round to say.
   */
  void unlock(JobDefinition.Wallet wallet) {
    var wallets = new WalletDirectory(wallet.path());
    Optional<Encryption> encryption;
    try {
      encryption = wallets.encryption(wallet.name(), wallet.hotkey());
    } catch (WalletException _) {
      return;
    }
    if (encryption.isPresent()) {
      wallets.open(wallet.name(), wallet.hotkey(), keyring());
    }
  }

  /** From now on nobody is asked on the terminal. */
  void askNoMore() {
    terminal.close();
  }

  void requireNoneOnCommandLine() {
    if (onCommandLine) {
      throw new CommandException(
          "a password on the command line can be read by every user of this machine; change it, and"
              + " give --wallet.password-file or answer on the terminal");
    }
  }

  private PasswordSource unattended() {
    PasswordSource variables = PasswordSource.variables(System.getenv());
    return file == null ? variables : PasswordSource.file(file).orElse(variables);
  }
}
