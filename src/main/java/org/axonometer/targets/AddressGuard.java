package org.axonometer.targets;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.axonometer.metagraph.AxonAddress;
import org.axonometer.subnet.AxonEndpoint;

/**
 * Lets only global unicast addresses through, plus the ranges a job allows on purpose. Whoever
 * registers a neuron writes its address, so anything may stand there: a cloud's metadata service,
 * the operator's own router. The decision is made on the number alone; no name is ever resolved.
 *
 * <p>An IPv6 address that carries an IPv4 one (mapped, NAT64, ISATAP) is judged by both. Tunnels to
 * an unknown relay (6to4, Teredo) are refused. The port is not judged beyond its range.
 *
 * @param allowed addresses in these ranges pass, whatever they are
 */
public record AddressGuard(List<Cidr> allowed) {

  private static final int PORT_MAX = 65_535;

  public AddressGuard {
    allowed = List.copyOf(allowed);
  }

  /**
   * Why this address must not be contacted, or empty when it may. The first that holds is the
   * reason: no u128, unset, impossible port, an {@code ipType} that does not fit the address, a
   * special range.
   */
  public Optional<String> refusal(BigInteger ip, int ipType, int port) {
    if (ip.signum() < 0 || ip.bitLength() > 128) {
      return Optional.of(ip + " is no address (0..2^128-1)");
    }
    AxonAddress address = new AxonAddress(ip);
    if (ip.signum() == 0) {
      return Optional.of(address + " is no address (unset)");
    }
    if (port < 1 || port > PORT_MAX) {
      return Optional.of("port %d is no port (1..%d)".formatted(port, PORT_MAX));
    }
    return typeMismatch(address, ipType).or(() -> specialRange(address));
  }

  /**
   * As {@link #refusal(BigInteger, int, int)} for an address an operator wrote; there is no chain
   * that would take a low IPv6 address for an IPv4 one.
   */
  public Optional<String> refusal(AxonEndpoint axon) {
    byte[] bytes = axon.host().getAddress();
    BigInteger number = new BigInteger(1, bytes);
    if (bytes.length == 4 || number.bitLength() > 32) {
      return refusal(number, bytes.length == 4 ? 4 : 6, axon.port());
    }
    return allowed.stream().anyMatch(range -> range.contains(bytes))
        ? Optional.empty()
        : Optional.of(axon.hostText() + " is no public address");
  }

  private static Optional<String> typeMismatch(AxonAddress address, int ipType) {
    int family = address.isIpv4() ? 4 : 6;
    return ipType == family
        ? Optional.empty()
        : Optional.of("%s is IPv%d, but its ip_type is %d".formatted(address, family, ipType));
  }

  private Optional<String> specialRange(AxonAddress address) {
    byte[] bytes = address.bytes();
    if (allowed.stream().anyMatch(range -> range.contains(bytes))) {
      return Optional.empty();
    }
    Optional<AxonAddress> inside = EmbeddedIpv4.of(address);
    if (inside.isPresent()) {
      Optional<String> reason = specialRange(inside.get());
      if (reason.isPresent()) {
        return Optional.of(address + " carries " + reason.get());
      }
      if (isOnlyATranslation(address)) {
        return Optional.empty();
      }
    }
    return SpecialRange.holding(bytes).map(range -> address + " is " + range.description());
  }

  /** Mapped and NAT64 addresses mean the IPv4 address and nothing else. */
  private static boolean isOnlyATranslation(AxonAddress address) {
    return address.isIpv4Mapped() || EmbeddedIpv4.TRANSLATED.contains(address.bytes());
  }
}
