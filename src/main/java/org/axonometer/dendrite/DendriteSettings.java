package org.axonometer.dendrite;

import java.util.Optional;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.synapse.Caller;

/**
 * What a {@link DendriteClient} is told at its making.
 *
 * @param externalIp what is sent as our own address, see {@link ExternalIp}; none is sent as
 *     0.0.0.0. It is never looked up unasked, and an axon puts the observed one in its place
 * @param ownIpIsLoopback whether an axon at our own external address is asked on 127.0.0.1, where
 *     Python goes to 0.0.0.0
 * @param sdkVersion the SDK we speak as, see protocol 1.4
 * @param maxBodyBytes the most of a response body that is read
 * @param mostInFlight queries under way at the same time
 * @param historyLength synapses kept in {@link DendriteClient#synapseHistory}, the newest
 */
public record DendriteSettings(
    Optional<String> externalIp,
    boolean ownIpIsLoopback,
    int sdkVersion,
    int maxBodyBytes,
    int mostInFlight,
    int historyLength) {

  public DendriteSettings {
    externalIp = externalIp.map(ip -> new AxonEndpoint(AxonEndpoint.literal(ip), 1).hostText());
    if (mostInFlight < 1 || historyLength < 0) {
      throw new IllegalArgumentException(
          "mostInFlight must be 1 or more and historyLength 0 or more, were %d and %d"
              .formatted(mostInFlight, historyLength));
    }
  }

  /** No address, SDK 10.2.0, 1 MiB, 100 in flight, 1,000 kept. */
  public static DendriteSettings defaults() {
    return new DendriteSettings(
        Optional.empty(), false, Caller.NEWEST_VERSION, 1 << 20, 100, 1_000);
  }

  public DendriteSettings externalIp(String ip) {
    return new DendriteSettings(
        Optional.of(ip), ownIpIsLoopback, sdkVersion, maxBodyBytes, mostInFlight, historyLength);
  }

  public DendriteSettings ownIpIsLoopback(boolean other) {
    return new DendriteSettings(
        externalIp, other, sdkVersion, maxBodyBytes, mostInFlight, historyLength);
  }

  public DendriteSettings sdkVersion(int other) {
    return new DendriteSettings(
        externalIp, ownIpIsLoopback, other, maxBodyBytes, mostInFlight, historyLength);
  }

  public DendriteSettings maxBodyBytes(int other) {
    return new DendriteSettings(
        externalIp, ownIpIsLoopback, sdkVersion, other, mostInFlight, historyLength);
  }

  public DendriteSettings mostInFlight(int other) {
    return new DendriteSettings(
        externalIp, ownIpIsLoopback, sdkVersion, maxBodyBytes, other, historyLength);
  }

  public DendriteSettings historyLength(int other) {
    return new DendriteSettings(
        externalIp, ownIpIsLoopback, sdkVersion, maxBodyBytes, mostInFlight, other);
  }
}
