package org.axonometer.synapse;

import org.axonometer.wallet.Hotkey;

/**
 * Who asks.
 *
 * @param ip what goes into bt_header_dendrite_ip; informational
 * @param version SDK version number, see protocol 1.4
 */
public record Caller(Hotkey hotkey, String ip, int version) {}
