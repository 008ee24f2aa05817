package org.axonometer.rounds;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.targets.AddressGuard;

/** What this machine is, so that no neuron's address makes it ask itself. */
public final class OwnAddresses {

  private OwnAddresses() {}

  /**
   * The addresses of the interfaces that are up, and what the machine is known as outside.
   *
   * @param dendriteIp a literal; an unset one is nobody's
   * @param database where our own is served
   */
  public static AddressGuard.Own of(String dendriteIp, Set<AxonEndpoint> database) {
    Set<InetAddress> addresses = new HashSet<>(interfaces());
    addresses.add(AxonEndpoint.literal(dendriteIp));
    return new AddressGuard.Own(addresses, database);
  }

  /** Without zones, which no address of a neuron has. */
  private static Set<InetAddress> interfaces() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(address -> AxonEndpoint.literal(withoutZone(address)))
          .collect(Collectors.toSet());
    } catch (SocketException e) {
      throw new RoundException(
          RoundException.Reason.FAILED,
          "the addresses of this machine's interfaces cannot be read: " + e.getMessage());
    }
  }

  private static String withoutZone(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
