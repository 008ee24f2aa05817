package org.axonometer.rounds;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.axonometer.subnet.AxonEndpoint;

/**
 * Where queries of a round are under way: one at a time to an address and port, so many to an
 * address. Safe for many threads.
 */
final class BusyAddresses {
  private final int perAddress;
  private final Set<AxonEndpoint> axons = new HashSet<>();
  private final Map<InetAddress, Integer> hosts = new HashMap<>();

  /**
   * @param perAddress queries under way to one address at the most, whatever the port
   */
  BusyAddresses(int perAddress) {
    this.perAddress = perAddress;
  }

  synchronized boolean hasRoom(InetAddress host) {
    return hosts.getOrDefault(host, 0) < perAddress;
  }

  /** Begins a query, unless the address is busy. */
  synchronized boolean enter(AxonEndpoint axon) {
    if (!hasRoom(axon.host()) || !axons.add(axon)) {
      return false;
    }
    hosts.merge(axon.host(), 1, Integer::sum);
    return true;
  }

  /** Ends a query that {@link #enter} began. */
  synchronized void leave(AxonEndpoint axon) {
    axons.remove(axon);
    hosts.computeIfPresent(axon.host(), (host, count) -> count == 1 ? null : count - 1);
  }
}
