package org.axonometer.dendrite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import org.axonometer.subnet.AxonEndpoint;

/** Whether this machine has a route to an address, asked of its own routing table. */
final class LocalRoute {

  private LocalRoute() {}

  /**
   * Sends nothing: connecting a datagram socket only looks the route up. True when it cannot tell.
   */
  static boolean exists(AxonEndpoint axon) {
    try (DatagramChannel probe = DatagramChannel.open()) {
      try {
        probe.connect(new InetSocketAddress(axon.host(), axon.port()));
        return true;
      } catch (IOException noRoute) {
        return false;
      }
    } catch (IOException noSocket) {
      return true;
    }
  }
}
