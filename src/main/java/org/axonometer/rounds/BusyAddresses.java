package org.axonometer.rounds;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.targets.AddressGuard;

/**
 * Where queries of this process are under way, over all its rounds: one at a time to an address and
 * port, and to an address no more than the round allows that adds one. An IPv6 address that carries
 * an IPv4 one is taken for that. Safe for many threads.
 */
final class BusyAddresses {
  private final Set<AxonEndpoint> axons = new HashSet<>();
  private final Map<InetAddress, Integer> hosts = new HashMap<>();

  /**
   * As a round sees them.
   *
   * @param perAddress queries under way to one address, of whatever round and to whatever port, up
   *     to which this one adds another
   */
  record OfARound(BusyAddresses all, int perAddress) {

    boolean hasRoom(InetAddress host) {
      return all.hasRoom(AddressGuard.reached(host), perAddress);
    }

    /** Begins a query, unless the address is busy. */
    boolean enter(AxonEndpoint axon) {
      return all.enter(reached(axon), perAddress);
    }

    /** Ends a query that {@link #enter} began. */
    void leave(AxonEndpoint axon) {
      all.leave(reached(axon));
    }

    private static AxonEndpoint reached(AxonEndpoint axon) {
      return new AxonEndpoint(AddressGuard.reached(axon.host()), axon.port());
    }
  }

  OfARound upTo(int perAddress) {
    return new OfARound(this, perAddress);
  }

  private synchronized boolean hasRoom(InetAddress host, int perAddress) {
    return hosts.getOrDefault(host, 0) < perAddress;
  }

  private synchronized boolean enter(AxonEndpoint axon, int perAddress) {
    if (!hasRoom(axon.host(), perAddress) || !axons.add(axon)) {
      return false;
    }
    hosts.merge(axon.host(), 1, Integer::sum);
    return true;
  }

  private synchronized void leave(AxonEndpoint axon) {
    axons.remove(axon);
    hosts.computeIfPresent(axon.host(), (host, count) -> count == 1 ? null : count - 1);
  }
}
