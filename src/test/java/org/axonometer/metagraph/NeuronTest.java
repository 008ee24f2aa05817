package org.axonometer.metagraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.axonometer.testing.SnapshotNeurons.neuron;
import static org.axonometer.testing.SnapshotNeurons.notServing;
import static org.axonometer.testing.SnapshotNeurons.serving;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class NeuronTest {

  @Test
  void listensAtIpv4WhenTheNumberIsBelowTwoToThe32() {
    assertThat(serving(1, "9.9.9.9", 3215).endpoint())
        .hasValueSatisfying(
            endpoint -> {
              assertThat(endpoint.host().getAddress()).containsExactly(9, 9, 9, 9);
              assertThat(endpoint.port()).isEqualTo(3215);
            });
  }

  @Test
  void listensAtIpv6FromTwoToThe32On() {
    assertThat(serving(1, "2606:4700::1111", 443).endpoint())
        .hasValueSatisfying(endpoint -> assertThat(endpoint.host().getAddress()).hasSize(16));
  }

  @Test
  void readsTheFamilyFromTheNumberWhateverItsTypeSays() {
    assertThat(neuron(1, BigInteger.ONE, 6, 80, BigInteger.ZERO, false).endpoint())
        .hasValueSatisfying(
            endpoint -> assertThat(endpoint.host().getAddress()).containsExactly(0, 0, 0, 1));
  }

  @Test
  void servesNowhereWithoutIpOrPort() {
    assertThat(notServing(1).endpoint()).isEmpty();
    assertThat(serving(1, "8.8.8.8", 0).endpoint()).isEmpty();
    assertThat(neuron(1, BigInteger.ZERO, 4, 80, BigInteger.ZERO, false).endpoint()).isEmpty();
  }

  @Test
  void refusesNumbersThatDoNotFitTheirChainType() {
    assertThatThrownBy(() -> serving(1, "8.8.8.8", 65_536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("axon port must be 0..65535, was 65536");
    assertThatThrownBy(() -> neuron(1, BigInteger.ONE, 4, 80, BigInteger.ONE.shiftLeft(64), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stake in rao must be 0..2^64-1");
    assertThatThrownBy(() -> neuron(1, BigInteger.ONE, 256, 80, BigInteger.ONE, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
