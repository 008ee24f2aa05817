package org.axonometer.mockaxons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.axonometer.mockaxons.Behaviour.Manner;
import org.junit.jupiter.api.Test;

class ProfileTest {

  @Test
  void mixedHoldsEveryMannerInEvery32Axons() {
    Map<Manner, Long> counts =
        manners(ParkSettings.of(64, Profile.MIXED)).stream()
            .skip(32)
            .collect(Collectors.groupingBy(manner -> manner, Collectors.counting()));

    assertThat(counts.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Manner.values()).filter(manner -> !manner.streams()).toList());
    assertThat(counts).containsEntry(Manner.ANSWER, 18L).containsEntry(Manner.BLACKLIST, 2L);
  }

  @Test
  void mixedDelaysAreSeededAndSmall() {
    ParkSettings settings = ParkSettings.of(100, Profile.MIXED).withDelay(Duration.ofMillis(50));

    assertThat(settings.profile().behaviours(settings))
        .isEqualTo(settings.profile().behaviours(settings))
        .isNotEqualTo(settings.profile().behaviours(settings.withSeed(2)))
        .allSatisfy(
            behaviour ->
                assertThat(behaviour.delay())
                    .isBetween(Duration.ofMillis(51), Duration.ofMillis(150)));
  }

  @Test
  void streamingHoldsEveryStreamingMannerInEvery8Axons() {
    assertThat(manners(ParkSettings.of(8, Profile.STREAMING)))
        .containsExactly(
            Manner.STREAM,
            Manner.STREAM,
            Manner.STREAM,
            Manner.STREAM,
            Manner.STREAM,
            Manner.STREAM_HELD_BACK,
            Manner.STREAM_CUT,
            Manner.BLACKLIST);
  }

  @Test
  void hangMeansAllUnlessANumberIsGiven() {
    ParkSettings settings = ParkSettings.of(4, Profile.HANG);

    assertThat(manners(settings)).containsOnly(Manner.HANG);
    assertThat(manners(settings.withHanging(1)))
        .containsExactly(Manner.HANG, Manner.ANSWER, Manner.ANSWER, Manner.ANSWER);
  }

  @Test
  void theFirstAxonsHangInAnyProfile() {
    assertThat(manners(ParkSettings.of(3, Profile.HONEST).withHanging(2)))
        .containsExactly(Manner.HANG, Manner.HANG, Manner.ANSWER);
  }

  @Test
  void everyProfileGivesEachAxonABehaviour() {
    assertThat(Arrays.asList(Profile.values()))
        .allSatisfy(profile -> assertThat(manners(ParkSettings.of(40, profile))).hasSize(40));
  }

  @Test
  void settingsOutsideTheirRangeAreRefused() {
    ParkSettings settings = ParkSettings.of(4, Profile.HONEST);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ParkSettings.of(4097, Profile.HONEST))
        .withMessage("count must be 1..4096, was 4097");
    assertThatIllegalArgumentException().isThrownBy(() -> settings.withHanging(5));
    assertThatIllegalArgumentException().isThrownBy(() -> settings.withPort(65_536));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.withDelay(Duration.ofMillis(-1)));
  }

  @Test
  void everyPlaceHasItsOwnLoopbackAddress() {
    List<String> hosts =
        java.util.stream.IntStream.range(0, 70_000)
            .mapToObj(place -> ParkAddress.at(place).getHostAddress())
            .distinct()
            .toList();

    assertThat(hosts).hasSize(70_000).startsWith("127.10.0.1").allMatch(h -> h.startsWith("127."));
    assertThat(ParkAddress.at(15_004_096).isLoopbackAddress()).isTrue();
  }

  private static List<Manner> manners(ParkSettings settings) {
    return settings.profile().behaviours(settings).stream().map(Behaviour::manner).toList();
  }
}
