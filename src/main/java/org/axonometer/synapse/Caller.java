package org.axonometer.synapse;

import org.axonometer.wallet.Hotkey;

/**
 * Who asks.
 *
 * @param ip what goes into bt_header_dendrite_ip; informational
 * @param version SDK version number, see protocol 1.4
 */
public record Caller(Hotkey hotkey, String ip, int version) {

  /** SDK 10.2.0, the newest whose requests ours are like. */
  public static final int NEWEST_VERSION = 10_002_000;

  /**
   * What {@code version} is for an SDK from 7.2 on: the number that makes axons apply the window
   * for nonces in Unix time, the only kind sent here.
   */
  public static final int LEAST_VERSION_WITH_UNIX_NONCES = 7_002_000;

  public Caller {
    HeaderText.require("caller ip", ip);
    if (version < 0) {
      throw new IllegalArgumentException("SDK version must not be negative, was " + version);
    }
  }
}
