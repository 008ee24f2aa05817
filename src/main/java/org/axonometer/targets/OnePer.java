package org.axonometer.targets;

import java.math.BigInteger;
import org.axonometer.metagraph.AxonAddress;
import org.axonometer.metagraph.Neuron;

/** What at most one asked neuron may have. */
public enum OnePer {
  COLDKEY("coldkey"),
  IP("ip"),
  /** An IPv4 /24 or an IPv6 /64: what one operator usually gets as a whole. */
  NETWORK("network");

  private static final int LOW_BITS_4 = 8;
  private static final int LOW_BITS_6 = 64;

  private final String word;

  OnePer(String word) {
    this.word = word;
  }

  /** The neuron's group, such as {@code network 8.8.8.0/24}. */
  String groupOf(Neuron neuron) {
    return word
        + " "
        + switch (this) {
          case COLDKEY -> neuron.coldkey().text();
          case IP -> reached(neuron).text();
          case NETWORK -> network(reached(neuron));
        };
  }

  @Override
  public String toString() {
    return word;
  }

  /** The address a packet really reaches: an IPv4 one in IPv6 clothes is that IPv4 address. */
  private static AxonAddress reached(Neuron neuron) {
    AxonAddress address = new AxonAddress(neuron.axonIp());
    return EmbeddedIpv4.of(address).orElse(address);
  }

  private static String network(AxonAddress address) {
    int low = address.isIpv4() ? LOW_BITS_4 : LOW_BITS_6;
    BigInteger network = address.value().shiftRight(low).shiftLeft(low);
    return new AxonAddress(network) + (address.isIpv4() ? "/24" : "/64");
  }
}
