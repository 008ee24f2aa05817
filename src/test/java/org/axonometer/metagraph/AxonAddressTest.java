package org.axonometer.metagraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AxonAddressTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0.0.0.0",
    "1, 0.0.0.1",
    "151587081, 9.9.9.9",
    "4294967295, 255.255.255.255",
    "4294967296, ::1:0:0",
    "281470681743360, ::ffff:0.0.0.0",
    "281474976710655, ::ffff:255.255.255.255",
    "42540766411282592856903984951653826561, 2001:db8::1",
    "340282366920938463463374607431768211455, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
  })
  void readsTheFamilyFromTheMagnitude(BigInteger value, String text) {
    assertThat(new AxonAddress(value).text()).isEqualTo(text);
    assertThat(AxonAddress.parse(text)).isEqualTo(new AxonAddress(value));
  }

  @Test
  void writesAndReadsBackAnyNumber() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(16)];
      random.nextBytes(bytes);
      AxonAddress address = new AxonAddress(new BigInteger(1, bytes));
      assertThat(AxonAddress.parse(address.text())).isEqualTo(address);
    }
  }

  @Test
  void connectsToTheIpv4AddressInsideAMappedOne() {
    assertThat(AxonAddress.parse("::ffff:8.8.8.8").inet())
        .isEqualTo(AxonAddress.parse("8.8.8.8").inet());
  }

  @Test
  void refusesIpv6TextBelowTwoToThe32BecauseTheChainReadsItAsIpv4() {
    assertThatThrownBy(() -> AxonAddress.parse("::1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("which the chain reads as IPv4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "0177.0.0.1",
        "2130706433",
        "127.1",
        "1.2.3.4@evil",
        "1.2.3.4#",
        "1.2.3.4.",
        "١.2.3.4",
        "[::1]",
        "[::1%lo]",
        "fe80::1%lo",
        "",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.256",
        "0x7f.0.0.1",
        "1.2.3",
        "example.com",
        ":::",
        "1::2::3",
        "12345::",
        "::ffff:::ffff:1.2.3.4",
        "::ffff:1.2.3",
        "::ffff:1.2.3.4.",
        "::ffff:0:1.2.3.4"
      })
  void refusesWhatIsNoLiteralAddress(String text) {
    assertThatThrownBy(() -> AxonAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesANumberOutsideU128() {
    assertThatThrownBy(() -> new AxonAddress(BigInteger.ONE.shiftLeft(128)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new AxonAddress(BigInteger.ONE.negate()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
