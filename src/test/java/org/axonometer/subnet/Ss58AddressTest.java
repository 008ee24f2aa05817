package org.axonometer.subnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ss58AddressTest {

  /** The well-known development account of Substrate. */
  private static final String ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

  private static final String ALICE_KEY =
      "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";

  @Test
  void readsAKnownAddress() {
    assertThat(new Ss58Address(ALICE).publicKey()).asHexString().isEqualToIgnoringCase(ALICE_KEY);
  }

  @Test
  void writesAKnownAddress() {
    assertThat(Ss58Address.of(HexFormat.of().parseHex(ALICE_KEY)))
        .isEqualTo(new Ss58Address(ALICE))
        .hasToString(ALICE);
  }

  @Test
  void goesThereAndBackForAnyKey() {
    Random random = new Random(42);
    for (int round = 0; round < 2_000; round++) {
      byte[] key = new byte[32];
      if (round > 1) {
        random.nextBytes(key);
      } else if (round == 1) {
        Arrays.fill(key, (byte) 0xff);
      }
      Ss58Address address = Ss58Address.of(key);
      assertThat(address.text()).hasSize(48).startsWith("5");
      assertThat(address.publicKey()).isEqualTo(key);
    }
  }

  @Test
  void handsOutAFreshCopyOfTheKey() {
    Ss58Address address = new Ss58Address(ALICE);
    address.publicKey()[0] ^= 1;
    assertThat(address.publicKey()).asHexString().isEqualToIgnoringCase(ALICE_KEY);
  }

  @Test
  void refusesEveryChangeOfOneCharacter() {
    for (int at = 0; at < ALICE.length(); at++) {
      for (char other :
          "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".toCharArray()) {
        String changed = ALICE.substring(0, at) + other + ALICE.substring(at + 1);
        if (!changed.equals(ALICE)) {
          assertThatThrownBy(() -> new Ss58Address(changed))
              .isInstanceOf(IllegalArgumentException.class);
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          empty,               "",                                                   wrong length
          one letter,          5,                                                    wrong length
          cut,                 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQ,      wrong length
          one too many,        5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQYY,    wrong length
          leading 1,           15GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY,    wrong length
          first letter,        zGrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY,     checksum
          lower case,          5grwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY,     checksum
          letter l,            5lrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY,     'l' at position 2
          zero,                50rwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY,     '0' at position 2
          trailing space,      "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY ",  U+0020 at position 49
          full-width digit,    5１rwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY,    U+FF11 at position 2
          Polkadot's,          15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5,     prefix 0
          Kusama's,            HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74F,      prefix 2
          hex,                 0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a, '0' at position 1
          """)
  void refusesAndSaysWhy(String what, String text, String why) {
    assertThatThrownBy(() -> new Ss58Address(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  /** Alice under the prefixes of Bittensor, Polkadot and Kusama, and under 13116. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
        "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5",
        "HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74F",
        "bt7zDqc4kAcKZ6kWup5yyuvRAbeYPhXGxwXY4CguG476A9MCE"
      })
  void readsTheAccountUnderAnyPrefixWhenThatIsMeant(String text) {
    assertThat(Ss58Address.ofAnyPrefix(text)).hasToString(ALICE);
    assertThatThrownBy(() -> Ss58Address.ofAnyPrefix(text + "1"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Ss58Address.ofAnyPrefix(text.substring(0, 46) + "z"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesATwoBytePrefixByItsNumber() {
    byte[] body = HexFormat.of().parseHex("5a40" + ALICE_KEY);
    Blake2bDigest digest = new Blake2bDigest(512);
    digest.update("SS58PRE".getBytes(StandardCharsets.US_ASCII), 0, 7);
    digest.update(body, 0, body.length);
    byte[] hash = new byte[64];
    digest.doFinal(hash, 0);
    byte[] whole = Arrays.copyOf(body, body.length + 2);
    System.arraycopy(hash, 0, whole, body.length, 2);
    assertThatThrownBy(() -> new Ss58Address(Base58.encode(whole)))
        .hasMessageContaining("prefix 105");
  }

  @Test
  void refusesAnEndlessTextQuickly() {
    assertThatThrownBy(() -> new Ss58Address("5".repeat(5_000_000)))
        .hasMessageContaining("wrong length: 5000000");
  }

  @Test
  void neverRepeatsTheTextItRefuses() {
    String pasted = "old leopard transfer rib spatial phone calm indicate";
    assertThatThrownBy(() -> new Ss58Address(pasted)).hasMessageNotContaining("leopard");
  }

  @Test
  void refusesAKeyOfAnotherLength() {
    assertThatThrownBy(() -> Ss58Address.of(new byte[33])).hasMessageContaining("33");
  }

  @Test
  void ordersByText() {
    Ss58Address low = Ss58Address.of(new byte[32]);
    assertThat(low).isLessThan(new Ss58Address(ALICE));
  }
}
