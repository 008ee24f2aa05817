package org.axonometer.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.axonometer.metagraph.AxonAddress;
import org.axonometer.subnet.AxonEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

  private static final AddressGuard GUARD = allowing();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.0.0.1 | \"this network\" (0.0.0.0/8, RFC 791)",
        "0.255.255.255 | \"this network\" (0.0.0.0/8, RFC 791)",
        "10.1.2.3 | private (10.0.0.0/8, RFC 1918)",
        "100.64.0.1 | shared by a carrier's customers (100.64.0.0/10, RFC 6598)",
        "100.100.100.200 | shared by a carrier's customers (100.64.0.0/10, RFC 6598)",
        "100.127.255.255 | shared by a carrier's customers (100.64.0.0/10, RFC 6598)",
        "127.0.0.1 | loopback (127.0.0.0/8, RFC 1122)",
        "127.0.0.2 | loopback (127.0.0.0/8, RFC 1122)",
        "127.255.255.255 | loopback (127.0.0.0/8, RFC 1122)",
        "168.63.129.16 | a cloud host's own service (168.63.129.16/32, Azure)",
        "169.254.169.254 | link-local (169.254.0.0/16, RFC 3927)",
        "172.16.0.1 | private (172.16.0.0/12, RFC 1918)",
        "172.31.255.255 | private (172.16.0.0/12, RFC 1918)",
        "192.0.0.192 | set aside for protocols (192.0.0.0/24, RFC 6890)",
        "192.0.2.1 | for documentation (192.0.2.0/24, RFC 5737)",
        "192.88.99.1 | the old 6to4 relay (192.88.99.0/24, RFC 7526)",
        "192.168.1.1 | private (192.168.0.0/16, RFC 1918)",
        "198.18.0.1 | for benchmarks (198.18.0.0/15, RFC 2544)",
        "198.19.255.255 | for benchmarks (198.18.0.0/15, RFC 2544)",
        "198.51.100.7 | for documentation (198.51.100.0/24, RFC 5737)",
        "203.0.113.7 | for documentation (203.0.113.0/24, RFC 5737)",
        "224.0.0.1 | multicast (224.0.0.0/4, RFC 5771)",
        "239.255.255.250 | multicast (224.0.0.0/4, RFC 5771)",
        "240.0.0.1 | reserved (240.0.0.0/4, RFC 1112)",
        "255.255.255.254 | reserved (240.0.0.0/4, RFC 1112)",
        "255.255.255.255 | broadcast (255.255.255.255/32, RFC 919)",
        "64:ff9b:1::a00:1 | a local translator's (64:ff9b:1::/48, RFC 8215)",
        "100::1 | discarded by routers (100::/64, RFC 6666)",
        "100:0:0:1::1 | a dummy prefix (100:0:0:1::/64, RFC 9780)",
        "2001::1 | a Teredo tunnel (2001::/32, RFC 4380)",
        "2001:2::1 | for benchmarks (2001:2::/48, RFC 5180)",
        "2001:20::1 | set aside for protocols (2001::/23, RFC 2928)",
        "2001:db8::1 | for documentation (2001:db8::/32, RFC 3849)",
        "2002:808:808::1 | a 6to4 tunnel (2002::/16, RFC 3056)",
        "3fff::1 | for documentation (3fff::/20, RFC 9637)",
        "5f00::1 | for segment routing (5f00::/16, RFC 9602)",
        "fc00::1 | unique local (fc00::/7, RFC 4193)",
        "fd00:ec2::254 | unique local (fc00::/7, RFC 4193)",
        "fe80::1 | link-local (fe80::/10, RFC 4291)",
        "febf::1 | link-local (fe80::/10, RFC 4291)",
        "fec0::1 | site-local (fec0::/10, RFC 3879)",
        "ff02::1 | multicast (ff00::/8, RFC 4291)",
        "::1:0:0 | not in global unicast (2000::/3, RFC 4291)",
        "::ffff:0:808:808 | not in global unicast (2000::/3, RFC 4291)",
        "4000::1 | not in global unicast (2000::/3, RFC 4291)",
      })
  void refusesEverySpecialRangeByItsName(String ip, String reason) {
    assertThat(refusal(ip)).contains(ip + " is " + reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "9.9.9.9",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:db7::1",
        "2001:db9::1",
        "2003::1",
        "2606:4700::1111",
        "2a01:4f8::1",
        "3ffe::1"
      })
  void letsGlobalUnicastThroughUpToTheEdges(String ip) {
    assertThat(refusal(ip)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "::ffff:10.1.2.3 | private (10.0.0.0/8, RFC 1918) | 10.1.2.3",
        "::ffff:127.0.0.1 | loopback (127.0.0.0/8, RFC 1122) | 127.0.0.1",
        "::ffff:0.0.0.0 | \"this network\" (0.0.0.0/8, RFC 791) | 0.0.0.0",
        "64:ff9b::7f00:1 | loopback (127.0.0.0/8, RFC 1122) | 127.0.0.1",
        "64:ff9b::a9fe:a9fe | link-local (169.254.0.0/16, RFC 3927) | 169.254.169.254",
        "2a01:4f8::5efe:a01:203 | private (10.0.0.0/8, RFC 1918) | 10.1.2.3",
        "2a01:4f8::200:5efe:c0a8:101 | private (192.168.0.0/16, RFC 1918) | 192.168.1.1",
        "fe80::5efe:7f00:1 | loopback (127.0.0.0/8, RFC 1122) | 127.0.0.1"
      })
  void refusesIpv6ThatCarriesARefusedIpv4(String ip, String reason, String carried) {
    assertThat(refusal(ip)).contains(ip + " carries " + carried + " is " + reason);
  }

  @Test
  void letsIpv6ThatCarriesAPublicIpv4Through() {
    assertThat(refusal("::ffff:8.8.8.8")).isEmpty();
    assertThat(refusal("64:ff9b::808:808")).isEmpty();
    assertThat(refusal("2a01:4f8::5efe:808:808")).isEmpty();
    assertThat(refusal("fe80::5efe:808:808"))
        .contains("fe80::5efe:808:808 is link-local (fe80::/10, RFC 4291)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4294967296 | 4 | ::1:0:0 is IPv6, but its ip_type is 4",
        "42541956123769884636017138956568135816 | 4 | IPv6, but its ip_type is 4",
        "134744072 | 6 | 8.8.8.8 is IPv4, but its ip_type is 6",
        "1 | 6 | 0.0.0.1 is IPv4, but its ip_type is 6",
        "134744072 | 0 | 8.8.8.8 is IPv4, but its ip_type is 0",
        "134744072 | 5 | 8.8.8.8 is IPv4, but its ip_type is 5",
        "134744072 | -1 | 8.8.8.8 is IPv4, but its ip_type is -1",
        "0 | 4 | 0.0.0.0 is no address (unset)",
        "-1 | 4 | -1 is no address (0..2^128-1)",
        "340282366920938463463374607431768211456 | 6 | is no address (0..2^128-1)"
      })
  void refusesANumberThatDoesNotFitItsType(BigInteger ip, int ipType, String reason) {
    assertThat(GUARD.refusal(ip, ipType, 80))
        .hasValueSatisfying(text -> assertThat(text).contains(reason));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void refusesAnImpossiblePort(int port) {
    assertThat(GUARD.refusal(BigInteger.valueOf(0x08080808), 4, port))
        .contains("port " + port + " is no port (1..65535)");
  }

  @ParameterizedTest
  @ValueSource(ints = {22, 25, 53, 5432, 6379})
  void refusesTheWellKnownPortsOfOtherServices(int port) {
    assertThat(GUARD.refusal(BigInteger.valueOf(0x08080808), 4, port))
        .contains("port " + port + " is denied: not an axon's (deny-ports)");
  }

  @Test
  void deniesThePortsAJobNamesAndNoOther() {
    var guard = new AddressGuard(List.of(), List.of(), Set.of(8080), AddressGuard.Own.UNKNOWN);
    BigInteger google = BigInteger.valueOf(0x08080808);
    assertThat(guard.refusal(google, 4, 22)).isEmpty();
    assertThat(guard.refusal(google, 4, 8080)).isPresent();
  }

  @Test
  void refusesOurOwnAddressesInWhateverClothes() {
    AddressGuard guard = GUARD.at(own("8.8.4.4", "2a01:4f8::7"));
    assertThat(refusal(guard, "8.8.4.4")).contains("8.8.4.4 is this machine itself");
    assertThat(refusal(guard, "2a01:4f8::7")).contains("2a01:4f8::7 is this machine itself");
    assertThat(refusal(guard, "::ffff:8.8.4.4")).isPresent();
    assertThat(refusal(guard, "64:ff9b::808:404")).isPresent();
    assertThat(refusal(guard, "8.8.8.8")).isEmpty();
    AddressGuard lab = allowing("8.8.4.0/24").at(own("8.8.4.4"));
    assertThat(refusal(lab, "8.8.4.4")).isEmpty();
  }

  @Test
  void refusesOurOwnDatabaseEvenInAnAllowedRange() {
    var database = new AxonEndpoint(AxonEndpoint.literal("127.0.0.1"), 8091);
    AddressGuard lab = allowing("127.0.0.0/8").at(new AddressGuard.Own(Set.of(), Set.of(database)));
    assertThat(refusal(lab, "127.0.0.1")).contains("127.0.0.1 port 8091 is our own database");
    assertThat(refusal(lab, "127.0.0.2")).isEmpty();
    assertThat(lab.refusal(BigInteger.valueOf(0x7F000001), 4, 8092)).isEmpty();
  }

  @Test
  void refusesTheHostOfOurDatabaseAtEveryPortUnlessItsRangeIsAllowed() {
    var database = new AxonEndpoint(AxonEndpoint.literal("8.8.4.4"), 5_433);
    var second = new AxonEndpoint(AxonEndpoint.literal("2a01:4f8::7"), 5_433);
    AddressGuard.Own own = new AddressGuard.Own(Set.of(), Set.of(database, second));
    AddressGuard guard = GUARD.at(own);
    assertThat(refusal(guard, "8.8.4.4")).contains("8.8.4.4 is the host of our own database");
    assertThat(refusal(guard, "::ffff:8.8.4.4")).isPresent();
    assertThat(refusal(guard, "64:ff9b::808:404")).isPresent();
    assertThat(refusal(guard, "2a01:4f8::7"))
        .contains("2a01:4f8::7 is the host of our own database");
    assertThat(refusal(guard, "8.8.4.5")).isEmpty();
    AddressGuard lab = allowing("8.8.4.0/24").at(own);
    assertThat(refusal(lab, "8.8.4.4")).isEmpty();
    assertThat(lab.refusal(BigInteger.valueOf(0x08080404), 4, 5_433))
        .contains("8.8.4.4 port 5433 is our own database");
  }

  @Test
  void refusesOurDatabaseAtEachAddressOfThisMachine() {
    var database = new AxonEndpoint(AxonEndpoint.literal("127.0.0.1"), 8091);
    AddressGuard lab =
        allowing("127.0.0.0/8", "10.0.0.0/8")
            .at(
                new AddressGuard.Own(
                    Set.of(AxonEndpoint.literal("127.0.0.1"), AxonEndpoint.literal("10.0.0.5")),
                    Set.of(database)));
    assertThat(refusal(lab, "10.0.0.5")).contains("10.0.0.5 port 8091 is our own database");
    assertThat(refusal(lab, "10.0.0.6")).isEmpty();
    assertThat(lab.refusal(BigInteger.valueOf(0x0A000005), 4, 8092)).isEmpty();
  }

  @Test
  void knowsTheAddressThatAPacketReaches() {
    for (String ip : List.of("8.8.4.4", "64:ff9b::808:404", "2a01:4f8::5efe:808:404")) {
      assertThat(AddressGuard.reached(AxonEndpoint.literal(ip)))
          .isEqualTo(AxonEndpoint.literal("8.8.4.4"));
    }
    for (String ip : List.of("::1", "2a01:4f8::7", "2002:808:404::1")) {
      assertThat(AddressGuard.reached(AxonEndpoint.literal(ip)))
          .isEqualTo(AxonEndpoint.literal(ip));
    }
  }

  @Test
  void refusesADeniedRangeAlsoWhereItIsAllowed() {
    var guard =
        new AddressGuard(
            List.of(Cidr.parse("10.0.0.0/8")),
            List.of(Cidr.parse("10.1.0.0/16"), Cidr.parse("8.8.8.8/32")),
            Set.of(),
            AddressGuard.Own.UNKNOWN);
    assertThat(refusal(guard, "10.2.0.1")).isEmpty();
    assertThat(refusal(guard, "10.1.0.1")).contains("10.1.0.1 is denied by the job");
    assertThat(refusal(guard, "8.8.8.8")).contains("8.8.8.8 is denied by the job");
    assertThat(refusal(guard, "::ffff:8.8.8.8")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "axon.example.org",
        "0177.0.0.1",
        "2130706433",
        "127.1",
        "0x7f.0.0.1",
        "1.2.3.4@evil",
        "1.2.3.4#",
        "1.2.3.4.",
        "1.2.3.4 ",
        "\u0661.2.3.4",
        "[::1%lo]",
        "::1%lo",
        "fe80::1%1"
      })
  void readsNoNameAndNoOddForm(String text) {
    assertThatThrownBy(() -> AxonAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 80, 3306, 8091, 65_535})
  void letsOtherPortsThrough(int port) {
    assertThat(GUARD.refusal(BigInteger.valueOf(0x08080808), 4, port)).isEmpty();
  }

  @Test
  void letsOnlyTheListedRangesThrough() {
    AddressGuard lab = allowing("10.1.0.0/16", "fd00:1::/32");
    assertThat(refusal(lab, "10.1.2.3")).isEmpty();
    assertThat(refusal(lab, "::ffff:10.1.2.3")).isEmpty();
    assertThat(refusal(lab, "fd00:1::7")).isEmpty();
    assertThat(refusal(lab, "10.2.0.1")).isPresent();
    assertThat(refusal(lab, "127.0.0.1")).isPresent();
    assertThat(refusal(lab, "fd00:2::7")).isPresent();
  }

  @Test
  void checksPortAndTypeInAListedRangeToo() {
    AddressGuard lab = allowing("127.0.0.0/8");
    BigInteger loopback = BigInteger.valueOf(0x7F000001);
    assertThat(lab.refusal(loopback, 4, 80)).isEmpty();
    assertThat(lab.refusal(loopback, 4, 0)).isPresent();
    assertThat(lab.refusal(loopback, 6, 80)).isPresent();
  }

  @Test
  void decidesEveryNumberWithoutFailing() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(18)];
      random.nextBytes(bytes);
      BigInteger ip = new BigInteger(1, bytes);
      int ipType = random.nextInt(8);
      int port = random.nextInt(70_000) - 1_000;
      assertThatCode(() -> GUARD.refusal(ip, ipType, port)).doesNotThrowAnyException();
    }
  }

  private static AddressGuard allowing(String... ranges) {
    return new AddressGuard(
        Arrays.stream(ranges).map(Cidr::parse).toList(),
        List.of(),
        AddressGuard.SERVICE_PORTS,
        AddressGuard.Own.UNKNOWN);
  }

  private static AddressGuard.Own own(String... addresses) {
    return new AddressGuard.Own(
        Arrays.stream(addresses).map(AxonEndpoint::literal).collect(Collectors.toSet()), Set.of());
  }

  private static Optional<String> refusal(String ip) {
    return refusal(GUARD, ip);
  }

  private static Optional<String> refusal(AddressGuard guard, String ip) {
    AxonAddress address = AxonAddress.parse(ip);
    return guard.refusal(address.value(), address.isIpv4() ? 4 : 6, 8091);
  }
}
