package org.axonometer.targets;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.axonometer.metagraph.AxonAddress;
import org.axonometer.subnet.AxonEndpoint;

/**
 * Lets only global unicast addresses through, plus the ranges a job allows on purpose. Whoever
 * registers a neuron writes its address, so anything may stand there: a cloud's metadata service,
 * the operator's own router, this machine. The decision is made on the number alone; no name is
 * ever resolved.
 *
 * <p>An IPv6 address that carries an IPv4 one (mapped, NAT64, ISATAP) is judged by both. Tunnels to
 * an unknown relay (6to4, Teredo) are refused.
 *
 * @param allowed addresses in these ranges pass although they are not public, or our own
 * @param denied addresses in these ranges never pass
 * @param deniedPorts ports of services that are no axons; never pass
 * @param own what this machine itself is
 */
public record AddressGuard(
    List<Cidr> allowed, List<Cidr> denied, Set<Integer> deniedPorts, Own own) {

  /** SSH, SMTP, DNS, PostgreSQL, Redis. */
  public static final Set<Integer> SERVICE_PORTS = Set.of(22, 25, 53, 5432, 6379);

  private static final int PORT_MAX = 65_535;

  /**
   * This machine.
   *
   * @param addresses of its interfaces, and what it is known as outside
   * @param services what our own database listens at: never asked, even in an allowed range. Its
   *     host is asked at other ports in an allowed range only
   */
  public record Own(Set<InetAddress> addresses, Set<AxonEndpoint> services) {

    /** Not known, or not asked for. */
    public static final Own UNKNOWN = new Own(Set.of(), Set.of());

    public Own {
      addresses = Set.copyOf(addresses);
      services = Set.copyOf(services);
    }
  }

  /** Public addresses, but not the ports of services; nothing known of this machine. */
  public static final AddressGuard DEFAULT =
      new AddressGuard(List.of(), List.of(), SERVICE_PORTS, Own.UNKNOWN);

  public AddressGuard {
    allowed = List.copyOf(allowed);
    denied = List.copyOf(denied);
    deniedPorts = Set.copyOf(deniedPorts);
  }

  /** The same rules on a machine with these addresses. */
  public AddressGuard at(Own machine) {
    return new AddressGuard(allowed, denied, deniedPorts, machine);
  }

  /** The same rules with more ranges that pass on purpose. */
  public AddressGuard allowing(List<Cidr> more) {
    List<Cidr> all = Stream.concat(allowed.stream(), more.stream()).toList();
    return new AddressGuard(all, denied, deniedPorts, own);
  }

  /**
   * Why this address must not be contacted, or empty when it may. The first that holds is the
   * reason: no u128, unset, impossible port, an {@code ipType} that does not fit the address, a
   * denied range, our own database, a special range, our own address or our database's, a denied
   * port.
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
    return typeMismatch(address, ipType)
        .or(() -> deniedRange(address))
        .or(() -> ownService(address, port))
        .or(() -> specialRange(address))
        .or(() -> ownAddress(address))
        .or(() -> deniedPort(port));
  }

  /** Whether a range lets it through that the job allows on purpose. */
  boolean isAllowedOnPurpose(AxonAddress address) {
    return holds(allowed, address)
        || EmbeddedIpv4.of(address).filter(in -> holds(allowed, in)).isPresent();
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

  private Optional<String> deniedRange(AxonAddress address) {
    if (holds(denied, address)) {
      return Optional.of(address + " is denied by the job");
    }
    return EmbeddedIpv4.of(address)
        .filter(inside -> holds(denied, inside))
        .map(inside -> "%s carries %s, which is denied by the job".formatted(address, inside));
  }

  /** A database at one of this machine's addresses is taken to listen at all of them. */
  private Optional<String> ownService(AxonAddress address, int port) {
    InetAddress reached = EmbeddedIpv4.of(address).orElse(address).inet();
    return own.services().stream()
            .filter(service -> service.port() == port)
            .anyMatch(
                service ->
                    service.host().equals(reached) || (isHere(service.host()) && isHere(reached)))
        ? Optional.of("%s port %d is our own database".formatted(address, port))
        : Optional.empty();
  }

  private boolean isHere(InetAddress address) {
    return own.addresses().contains(address);
  }

  private Optional<String> specialRange(AxonAddress address) {
    if (holds(allowed, address)) {
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
    return SpecialRange.holding(address.bytes())
        .map(range -> address + " is " + range.description());
  }

  private Optional<String> ownAddress(AxonAddress address) {
    InetAddress reached = EmbeddedIpv4.of(address).orElse(address).inet();
    if (isAllowedOnPurpose(address)) {
      return Optional.empty();
    }
    if (own.addresses().contains(reached)) {
      return Optional.of(address + " is this machine itself");
    }
    return own.services().stream().anyMatch(service -> service.host().equals(reached))
        ? Optional.of(address + " is the host of our own database")
        : Optional.empty();
  }

  private Optional<String> deniedPort(int port) {
    return deniedPorts.contains(port)
        ? Optional.of("port %d is denied: not an axon's (deny-ports)".formatted(port))
        : Optional.empty();
  }

  /** The address a packet really reaches: the IPv4 one inside an IPv6 one that carries one. */
  public static InetAddress reached(InetAddress address) {
    return address instanceof Inet4Address
        ? address
        : EmbeddedIpv4.of(new AxonAddress(new BigInteger(1, address.getAddress())))
            .map(AxonAddress::inet)
            .orElse(address);
  }

  /** Mapped and NAT64 addresses mean the IPv4 address and nothing else. */
  private static boolean isOnlyATranslation(AxonAddress address) {
    return address.isIpv4Mapped() || EmbeddedIpv4.TRANSLATED.contains(address.bytes());
  }

  private static boolean holds(List<Cidr> ranges, AxonAddress address) {
    byte[] bytes = address.bytes();
    return ranges.stream().anyMatch(range -> range.contains(bytes));
  }

  /** The rules that are set, without this machine's addresses. */
  @Override
  public String toString() {
    return (allowed.isEmpty() ? "" : "allow-addresses " + allowed + ", ")
        + (denied.isEmpty() ? "" : "deny-addresses " + denied + ", ")
        + "deny-ports "
        + new TreeSet<>(deniedPorts);
  }
}
