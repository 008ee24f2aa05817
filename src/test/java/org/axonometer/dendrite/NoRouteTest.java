package org.axonometer.dendrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import org.axonometer.subnet.AxonEndpoint;
import org.junit.jupiter.api.Test;

class NoRouteTest {

  private static final AxonEndpoint IPV6_ONLY =
      new AxonEndpoint(AxonEndpoint.literal("2606:4700::1111"), 8091);

  @Test
  void anAxonThisMachineHasNoRouteToIsAFaultOfOurs() {
    var failure = new ConnectException("Network is unreachable");
    failure.initCause(new NoRouteToHostException("no route"));
    Failure.Read read = Failure.read(failure, false, IPV6_ONLY, axon -> false);
    assertThat(read.outcome()).isEqualTo(Outcome.LOCAL_FAULT);
    assertThat(read.outcome().blame()).isEqualTo(Outcome.Blame.VALIDATOR);
    assertThat(Failure.read(failure, false, IPV6_ONLY, axon -> true).outcome())
        .isEqualTo(Outcome.UNREACHABLE);
  }
}
