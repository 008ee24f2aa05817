package org.axonometer.mockaxons;

import java.nio.charset.StandardCharsets;
import org.axonometer.subnet.Sha256;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.wallet.Hotkey;

/** The keys of a park, derived from its seed: anybody can derive them, so they guard nothing. */
record ParkKeys(long seed) {

  Hotkey validator() {
    return Hotkey.fromSeed(derive("validator", 0));
  }

  Hotkey axon(Uid uid) {
    return Hotkey.fromSeed(derive("axon", uid.value()));
  }

  /** Another key, that an axon may still serve under after its uid has passed on. */
  Hotkey formerAxon(Uid uid) {
    return Hotkey.fromSeed(derive("former axon", uid.value()));
  }

  /** An account nobody holds a key of. */
  Ss58Address account(String purpose, int number) {
    return Ss58Address.of(derive(purpose, number));
  }

  private byte[] derive(String purpose, int number) {
    String text = "axonometer mock axons/" + seed + "/" + purpose + "/" + number;
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
