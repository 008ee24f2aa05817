package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.targets.AddressGuard;
import org.junit.jupiter.api.Test;

class OwnAddressesTest {

  @Test
  void holdsTheInterfacesWhatTheJobSaysAndTheDatabase() {
    var database = new AxonEndpoint(AxonEndpoint.literal("127.0.0.1"), 9_092);
    AddressGuard.Own own = OwnAddresses.of("8.8.4.4", Set.of(database));
    assertThat(own.addresses())
        .contains(AxonEndpoint.literal("127.0.0.1"), AxonEndpoint.literal("8.8.4.4"));
    assertThat(own.services()).containsExactly(database);
  }
}
