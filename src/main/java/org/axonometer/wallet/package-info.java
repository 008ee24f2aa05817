/** Hotkeys on disk and in memory. Start at {@link WalletDirectory}. */
@NullMarked
package org.axonometer.wallet;

import org.jspecify.annotations.NullMarked;
