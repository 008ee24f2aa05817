package org.axonometer.subnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AxonEndpointTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "localhost",
        "axon.example",
        "0177.0.0.1",
        "01.2.3.4",
        "1.2.3.00",
        "0x7f.0.0.1",
        "2130706433",
        "0x7f000001",
        "127.1",
        "127.0.1",
        "1.2.3.4.5",
        "1.2.3",
        "1.2.3.4@evil",
        "user@1.2.3.4",
        "1.2.3.4#",
        "1.2.3.4/",
        "1.2.3.4/24",
        "1.2.3.4?",
        "1.2.3.4:80",
        "1.2.3.4.",
        ".1.2.3.4",
        "1..2.3",
        "1.2.3.256",
        "1.2.3.999",
        "1.2.3.1000",
        "1.2.3.-4",
        "1.2.3.+4",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.4\n",
        "1.2.3.4\0",
        "１.2.3.4",
        "١.٢.٣.٤",
        "1。2。3。4",
        "[::1]",
        "[::1%lo]",
        "::1%lo",
        "fe80::1%1",
        "fe80::1%eth0",
        "::ffff:1.2.3.4",
        "::1.2.3.4",
        "64:ff9b::1.2.3.4",
        "::ffff:0102:0304",
        "0:0:0:0:0:ffff:7f00:1",
        ":",
        ":::",
        "::1::",
        "1::2::3",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8",
        "12345::1",
        "::g",
        "::-1",
        "::1/64",
        "::１",
        "2001:db8::1 ",
        "1.2.3.4::"
      })
  void refusesWhatIsNotAPlainLiteral(String text) {
    assertThatThrownBy(() -> AxonEndpoint.literal(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not an IP address literal: ");
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "1.2.3.4, 1.2.3.4",
    "255.255.255.255, 255.255.255.255",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "2001:DB8::1, 2001:db8::1",
    "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "0:0:3:4:5:6:7:8, ::3:4:5:6:7:8",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "fd00:ec2::254, fd00:ec2::254",
    "::102:304, ::102:304"
  })
  void readsLiteralsAndWritesThemCanonically(String text, String canonical) {
    assertThat(new AxonEndpoint(AxonEndpoint.literal(text), 1).hostText()).isEqualTo(canonical);
  }

  @Test
  void readsBackWhatItWrites() throws UnknownHostException {
    Random random = new Random(7);
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] = random.nextInt(3) == 0 ? bytes[at] : 0;
      }
      InetAddress address = InetAddress.getByAddress(bytes);
      String text = new AxonEndpoint(address, 8091).hostText();
      assertThat(AxonEndpoint.literal(text)).isEqualTo(address);
    }
  }

  @Test
  void refusesAnEndlessTextQuickly() {
    assertThatThrownBy(() -> AxonEndpoint.literal("1.".repeat(1_000_000)))
        .hasMessageContaining("2000000 characters");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 65_536, Integer.MAX_VALUE})
  void refusesAnImpossiblePort(int port) {
    assertThatThrownBy(() -> new AxonEndpoint(AxonEndpoint.literal("1.2.3.4"), port))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1..65535")
        .hasMessageContaining(Integer.toString(port));
  }

  @Test
  void writesIpv6InBrackets() {
    assertThat(new AxonEndpoint(AxonEndpoint.literal("1.2.3.4"), 8091)).hasToString("1.2.3.4:8091");
    assertThat(new AxonEndpoint(AxonEndpoint.literal("2001:db8::1"), 65_535))
        .hasToString("[2001:db8::1]:65535");
  }

  @Test
  void dropsAHostNameAndRefusesAZone() throws UnknownHostException {
    InetAddress named = InetAddress.getByAddress("some.name", new byte[] {1, 2, 3, 4});
    assertThat(new AxonEndpoint(named, 80).host().toString()).doesNotContain("some.name");
    byte[] local = Arrays.copyOf(new byte[] {(byte) 0xfe, (byte) 0x80}, 16);
    assertThatThrownBy(() -> new AxonEndpoint(Inet6Address.getByAddress(null, local, 3), 80))
        .hasMessageContaining("zone");
  }
}
