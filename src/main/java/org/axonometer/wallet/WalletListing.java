package org.axonometer.wallet;

import java.util.List;

/**
 * A wallet and the names in its hotkeys folder, sorted; files are not opened, so a listed hotkey
 * may still be refused when it is used.
 */
public record WalletListing(String wallet, List<String> hotkeys) {

  public WalletListing {
    hotkeys = List.copyOf(hotkeys);
  }
}
