package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import org.axonometer.subnet.AxonEndpoint;
import org.junit.jupiter.api.Test;

class BusyAddressesTest {
  private final BusyAddresses busy = new BusyAddresses();
  private final BusyAddresses.OfARound four = busy.upTo(4);
  private final BusyAddresses.OfARound two = busy.upTo(2);

  private static AxonEndpoint axon(String ip, int port) {
    return new AxonEndpoint(AxonEndpoint.literal(ip), port);
  }

  @Test
  void allRoundsTogetherKeepToTheLimitOfTheOneThatAdds() {
    assertThat(four.enter(axon("8.8.8.8", 1))).isTrue();
    assertThat(four.enter(axon("8.8.8.8", 2))).isTrue();
    assertThat(two.enter(axon("8.8.8.8", 3))).isFalse();
    assertThat(four.enter(axon("8.8.8.8", 3))).isTrue();
    four.leave(axon("8.8.8.8", 1));
    four.leave(axon("8.8.8.8", 2));
    assertThat(two.enter(axon("8.8.8.8", 4))).isTrue();
    assertThat(two.hasRoom(axon("8.8.8.8", 4).host())).isFalse();
    assertThat(two.hasRoom(axon("8.8.4.4", 4).host())).isTrue();
  }

  @Test
  void oneAtATimeGoesToAnAddressAndPortWhicheverRoundAsks() {
    assertThat(four.enter(axon("8.8.8.8", 80))).isTrue();
    assertThat(two.enter(axon("8.8.8.8", 80))).isFalse();
    four.leave(axon("8.8.8.8", 80));
    assertThat(two.enter(axon("8.8.8.8", 80))).isTrue();
  }

  @Test
  void aTranslatedAddressIsTheIpv4OneItReaches() {
    assertThat(four.enter(axon("64:ff9b::808:808", 80))).isTrue();
    assertThat(four.enter(axon("8.8.8.8", 80))).isFalse();
    assertThat(two.enter(axon("8.8.8.8", 81))).isTrue();
    assertThat(two.hasRoom(axon("64:ff9b::808:808", 82).host())).isFalse();
    four.leave(axon("64:ff9b::808:808", 80));
    assertThat(two.enter(axon("8.8.8.8", 80))).isTrue();
  }
}
