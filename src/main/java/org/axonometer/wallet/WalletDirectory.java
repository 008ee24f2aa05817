package org.axonometer.wallet;

import java.nio.file.Path;

/** The wallets below one folder, {@code ~/.bittensor/wallets} by default. */
public record WalletDirectory(Path root) {

  /**
   * Opens {@code <root>/<wallet>/hotkeys/<hotkey>}; WalletException when missing, unreadable, too
   * widely readable, encrypted or inconsistent.
   */
  public Hotkey open(String wallet, String hotkey) {
    throw new UnsupportedOperationException("not written yet");
  }
}
