package org.axonometer.metagraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.axonometer.testing.SnapshotNeurons.TAKEN_AT;
import static org.axonometer.testing.SnapshotNeurons.coldkey;
import static org.axonometer.testing.SnapshotNeurons.hotkey;
import static org.axonometer.testing.SnapshotNeurons.notServing;
import static org.axonometer.testing.SnapshotNeurons.snapshot;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Uid;
import org.junit.jupiter.api.Test;

class MetagraphSnapshotTest {

  @Test
  void keepsNeuronsInUidOrder() {
    assertThat(snapshot(notServing(9), notServing(2), notServing(5)).neurons())
        .extracting(neuron -> neuron.uid().value())
        .containsExactly(2, 5, 9);
  }

  @Test
  void refusesAUidThatAppearsTwice() {
    Neuron other =
        new Neuron(
            new Uid(4),
            hotkey(5),
            coldkey(5),
            BigInteger.ZERO,
            0,
            0,
            0,
            0,
            BigInteger.ZERO,
            false,
            false,
            0,
            0,
            0,
            0);
    assertThatThrownBy(() -> snapshot(notServing(4), other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("uid 4 appears twice");
  }

  @Test
  void refusesAHotkeyThatAppearsTwice() {
    Neuron other =
        new Neuron(
            new Uid(5),
            hotkey(4),
            coldkey(5),
            BigInteger.ZERO,
            0,
            0,
            0,
            0,
            BigInteger.ZERO,
            false,
            false,
            0,
            0,
            0,
            0);
    assertThatThrownBy(() -> snapshot(notServing(4), other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("hotkey " + hotkey(4) + " appears twice, at uid 4 and uid 5");
  }

  @Test
  void refusesANetworkNameWithOtherCharacters() {
    for (String network : List.of("", "fin ney", "fin\u001b[2Jney", "x".repeat(65), "-finney")) {
      assertThatThrownBy(() -> MetagraphSnapshot.of(network, new NetUid(1), 1, TAKEN_AT, List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("network must be 1 to 64")
          .message()
          .doesNotContain("\u001b");
    }
  }

  @Test
  void refusesAnotherSubnetWithBothValues() {
    MetagraphSnapshot snapshot = snapshot(notServing(1));
    assertThatCode(() -> snapshot.requireSubnet("finney", new NetUid(1)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> snapshot.requireSubnet("test", new NetUid(1)))
        .isInstanceOf(SnapshotException.class)
        .hasMessage("snapshot is of network finney, the job asks network test");
    assertThatThrownBy(() -> snapshot.requireSubnet("finney", new NetUid(2)))
        .isInstanceOf(SnapshotException.class)
        .hasMessage("snapshot is of netuid 1, the job asks netuid 2");
  }

  @Test
  void refusesASnapshotOlderThanTheLimit() {
    MetagraphSnapshot snapshot = snapshot(notServing(1));
    Optional<Duration> oneDay = Optional.of(Duration.ofDays(1));
    assertThatCode(() -> requireAge(snapshot, oneDay, TAKEN_AT.plus(Duration.ofDays(1))))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                requireAge(
                    snapshot,
                    oneDay,
                    TAKEN_AT.plus(Duration.ofDays(3).plusHours(4).plusMinutes(59))))
        .isInstanceOf(SnapshotException.class)
        .hasMessage(
            "snapshot is 3d 4h old (block 6530367, taken 2026-01-02T03:04:05Z); max-age is 1d");
    assertThatThrownBy(
            () ->
                requireAge(
                    snapshot,
                    Optional.of(Duration.ofMinutes(90)),
                    TAKEN_AT.plus(Duration.ofMinutes(91))))
        .hasMessageContaining("is 1h 31m old")
        .hasMessageEndingWith("max-age is 1h 30m");
  }

  @Test
  void takesAnyAgeWithoutALimit() {
    assertThatCode(
            () ->
                requireAge(
                    snapshot(notServing(1)),
                    Optional.empty(),
                    TAKEN_AT.plus(Duration.ofDays(4000))))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesASnapshotFromTheFutureBeyondFiveMinutes() {
    MetagraphSnapshot snapshot = snapshot(notServing(1));
    assertThatCode(
            () -> requireAge(snapshot, Optional.empty(), TAKEN_AT.minus(Duration.ofMinutes(5))))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> requireAge(snapshot, Optional.empty(), TAKEN_AT.minus(Duration.ofSeconds(301))))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("snapshot was taken 5m 1s in the future");
  }

  @Test
  void knowsWhichBlocksCanFollowTheLastOneUsed() {
    MetagraphSnapshot snapshot = snapshot(notServing(1));
    long block = snapshot.block();
    assertThat(snapshot.disorder(block, TAKEN_AT)).isEmpty();
    assertThat(snapshot.disorder(block - 300, TAKEN_AT.minus(Duration.ofHours(1)))).isEmpty();
    assertThat(snapshot.disorder(block + 1, TAKEN_AT).orElse("")).contains("older than block");
    assertThat(snapshot.disorder(block - 1_000, TAKEN_AT.minus(Duration.ofHours(1))).orElse(""))
        .contains("only 325 blocks can have come since block");
    assertThat(MetagraphSnapshot.ageText(snapshot.age(TAKEN_AT.plusSeconds(181))))
        .isEqualTo("15 blocks, 3 min");
    assertThat(snapshot.age(TAKEN_AT.minusSeconds(1))).isZero();
  }

  private static void requireAge(
      MetagraphSnapshot snapshot, Optional<Duration> maxAge, Instant now) {
    snapshot.requireNotFromFuture(now);
    snapshot
        .staleness(maxAge, now)
        .ifPresent(
            reason -> {
              throw new SnapshotException(reason);
            });
  }
}
