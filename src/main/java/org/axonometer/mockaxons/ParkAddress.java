package org.axonometer.mockaxons;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The loopback addresses of a park: 127.10.0.1 is place 0, 250 hosts in each of 250 nets. */
final class ParkAddress {
  private static final int HOSTS = 250;
  private static final int NETS = 250;

  private ParkAddress() {}

  static InetAddress at(int place) {
    int first = 10 + place / (HOSTS * NETS);
    int net = place / HOSTS % NETS;
    int host = place % HOSTS + 1;
    try {
      return InetAddress.getByAddress(new byte[] {127, (byte) first, (byte) net, (byte) host});
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
