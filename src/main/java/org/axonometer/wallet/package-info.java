/**
 * Hotkeys on disk and in memory. Start at {@link WalletDirectory}, which opens a key file after
 * checking who else could read or replace it; a {@link Keyring} unlocks encrypted ones; a {@link
 * Hotkey} signs and never shows its secret. Coldkeys are never opened.
 */
@NullMarked
package org.axonometer.wallet;

import org.jspecify.annotations.NullMarked;
