package org.axonometer.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.util.HexFormat;
import org.axonometer.sr25519.Sr25519;
import org.axonometer.subnet.Ss58Address;
import org.junit.jupiter.api.Test;

class HotkeyTest {

  private static final byte[] SEED =
      HexFormat.of().parseHex("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
  private static final Ss58Address ADDRESS =
      new Ss58Address("5CShbTqxKUgKZBRDu1VGVpivm3m415stz86A5GBdoV7wrU1d");

  @Test
  void hasTheAddressOfItsSeed() {
    assertThat(Hotkey.fromSeed(SEED).address()).isEqualTo(ADDRESS);
  }

  @Test
  void signsForItsAddress() {
    byte[] message = "1700000000000000000.a.b.c.d".getBytes(UTF_8);
    byte[] signature = Hotkey.fromSeed(SEED).sign(message);
    assertThat(Sr25519.verify(ADDRESS.publicKey(), message, signature)).isTrue();
  }

  @Test
  void keepsACopyOfTheSeedAndHandsOutACopy() {
    byte[] given = SEED.clone();
    Hotkey hotkey = Hotkey.fromSeed(given);
    given[0] ^= 1;
    hotkey.copyOfSeed().orElseThrow()[1] ^= 1;
    assertThat(hotkey.copyOfSeed()).contains(SEED);
  }

  @Test
  void showsItsAddressOnly() {
    assertThat(Hotkey.fromSeed(SEED)).hasToString(ADDRESS.text());
    assertThat(Hotkey.fromSeed(SEED))
        .isNotInstanceOf(Serializable.class)
        .isNotEqualTo(Hotkey.fromSeed(SEED));
  }

  @Test
  void generatesDifferentKeysThatSign() {
    Hotkey one = Hotkey.generate();
    byte[] message = {1, 2, 3};
    assertThat(one.address()).isNotEqualTo(Hotkey.generate().address());
    assertThat(Sr25519.verify(one.address().publicKey(), message, one.sign(message))).isTrue();
  }

  @Test
  void refusesASeedOfAnotherLength() {
    assertThatThrownBy(() -> Hotkey.fromSeed(new byte[64]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("64");
  }
}
