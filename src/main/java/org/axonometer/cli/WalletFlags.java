package org.axonometer.cli;

import java.nio.file.Path;
import java.util.Objects;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.wallet.KeyPassword;
import org.axonometer.wallet.Keyring;
import org.axonometer.wallet.WalletDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Which hotkey signs, in btcli's words, old and new. A flag goes before a variable, a variable
 * before the job file.
 */
final class WalletFlags {
  @Option(
      names = {"--wallet.name", "--wallet", "--wallet-name"},
      paramLabel = "<name>",
      defaultValue = "${env:BT_WALLET_NAME}",
      description = "Wallet. Variable BT_WALLET_NAME.")
  private @Nullable String name;

  @Option(
      names = {"--wallet.hotkey", "--wallet-hotkey", "-H"},
      paramLabel = "<hotkey>",
      defaultValue = "${env:BT_WALLET_HOTKEY}",
      description = "Hotkey of the wallet. Variable BT_WALLET_HOTKEY.")
  private @Nullable String hotkey;

  @Option(
      names = {"--wallet.path", "--wallet-path"},
      paramLabel = "<dir>",
      defaultValue = "${env:BT_WALLET_PATH}",
      description = "Folder of the wallets. Variable BT_WALLET_PATH.")
  private @Nullable Path path;

  @Mixin private PasswordFlags password = new PasswordFlags();

  /** The hotkeys unlocked in this process. */
  Keyring keyring() {
    return password.keyring();
  }

  /** A keyring that asks nobody on the terminal. */
  Keyring unattendedKeyring() {
    return password.unattendedKeyring();
  }

  /** The password for a key file yet to be written, for the caller to close. */
  KeyPassword newPassword(Path keyFile) {
    return password.newPassword(keyFile);
  }

  /** Unlocks an encrypted hotkey now rather than when a round needs it. */
  void unlock(JobDefinition.Wallet wallet) {
    password.unlock(wallet);
  }

  /** From now on nobody is asked on the terminal. */
  void askNoMore() {
    password.askNoMore();
  }

  /** The wallet a command without a job means. */
  JobDefinition.Wallet overDefaults() {
    return over(
        new JobDefinition.Wallet(WalletDirectory.defaultRoot().root(), "default", "default"));
  }

  JobDefinition over(JobDefinition job) {
    return job.withWallet(over(job.wallet()));
  }

  private JobDefinition.Wallet over(JobDefinition.Wallet wallet) {
    password.requireNoneOnCommandLine();
    return new JobDefinition.Wallet(
        path == null ? wallet.path() : WalletDirectory.expanded(path),
        Objects.requireNonNullElse(name, wallet.name()),
        Objects.requireNonNullElse(hotkey, wallet.hotkey()));
  }
}
