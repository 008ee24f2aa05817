package org.axonometer.targets;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Lets only global unicast addresses through, plus the ranges a job allows on purpose. */
public record AddressGuard(List<Cidr> allowed) {

  public AddressGuard {
    allowed = List.copyOf(allowed);
  }

  /** Why this address must not be contacted, or empty when it may. */
  public Optional<String> refusal(BigInteger ip, int ipType, int port) {
    throw new UnsupportedOperationException("not written yet");
  }
}
