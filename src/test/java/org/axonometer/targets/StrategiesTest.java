package org.axonometer.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.axonometer.testing.SnapshotNeurons.hotkey;
import static org.axonometer.testing.SnapshotNeurons.serving;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonometer.metagraph.AxonAddress;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.metagraph.NeuronsLiteImport;
import org.axonometer.metagraph.SnapshotImport;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.targets.Decision.Cause;
import org.axonometer.targets.Decision.Verdict;
import org.axonometer.testing.SharedFolder;
import org.axonometer.testing.SnapshotNeurons;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Each strategy on a recorded mainnet subnet of 1,024 neurons, of which 1,020 serve. */
class StrategiesTest {

  private static final Ss58Address STRANGER = hotkey(1_000_000);
  private static final long BLOCK = 6_530_367;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Past NOTHING_ASKED = Past.none(NOW);
  private static final int SERVING = 1_020;

  private static MetagraphSnapshot mainnet = SnapshotNeurons.snapshot();

  /** The same with the recorded subnet state, and that as it was decoded independently. */
  private static MetagraphSnapshot withState = SnapshotNeurons.snapshot();

  private static JsonNode state = MissingNode.getInstance();

  private Listing listed = Listing.NOBODY;
  private Listing excluded = Listing.NOBODY;
  private Limits limits = Limits.NONE;
  private AddressBackOff backOff = new AddressBackOff(Duration.ofHours(1));
  private Set<OnePer> onePer = Set.of();

  @BeforeAll
  static void read() {
    mainnet =
        new NeuronsLiteImport("finney", new NetUid(1), BLOCK, Instant.EPOCH)
            .read(SharedFolder.file("metagraph/finney_sn1_block6530367_neurons_lite.decoded.json"));
    withState =
        new SnapshotImport(
                Optional.of("finney"),
                Optional.of(new NetUid(1)),
                OptionalLong.of(BLOCK),
                Optional.of(Instant.EPOCH),
                Optional.of(
                    SharedFolder.file("metagraph/finney_sn1_block6530367_subnet_state.hex")))
            .read(SharedFolder.file("metagraph/finney_sn1_block6530367_neurons_lite.hex"));
    state =
        JsonMapper.shared()
            .readTree(
                SharedFolder.file("metagraph/finney_sn1_block6530367_subnet_state.decoded.json")
                    .toFile());
  }

  @Test
  void everyServingNeuronIsAsked() {
    List<Decision> decisions = decide(new Pick.All());
    assertThat(count(decisions))
        .isEqualTo(Map.of(Cause.ASKED, (long) SERVING, Cause.NOT_SERVING, 4L));
  }

  @Test
  void listedUidsAndHotkeysAreAskedAndNoOthers() {
    Neuron seven = mainnet.neurons().get(7);
    listed = new Listing(Set.of(new Uid(3)), Set.of(seven.hotkey()));
    List<Decision> decisions = decide(new Pick.All());
    assertThat(asked(decisions)).containsExactly(3, 7);
    assertThat(count(decisions)).containsEntry(Cause.NOT_LISTED, 1_022L);
  }

  @Test
  void aSampleMayBeDrawnFromTheListedOnly() {
    listed = new Listing(uids(10, 11, 12, 13, 14), Set.of());
    assertThat(asked(decide(new Pick.Sample(2)))).hasSize(2).isSubsetOf(10, 11, 12, 13, 14);
  }

  @Test
  void excludedOnesAreLeftOutWithTheirReason() {
    excluded = new Listing(uids(3), Set.of(mainnet.neurons().get(7).hotkey()));
    List<Decision> decisions = decide(new Pick.All());
    assertThat(decisions.get(3).reason()).isEqualTo("uid excluded");
    assertThat(decisions.get(7).reason()).isEqualTo("hotkey excluded");
    assertThat(count(decisions)).containsEntry(Cause.EXCLUDED, 2L);
  }

  @Test
  void theTopByEachMeasureAreThoseWithTheMost() {
    assertTop(Pick.Measure.STAKE, Neuron::stakeRao, Comparator.naturalOrder());
    assertTop(Pick.Measure.INCENTIVE, Neuron::incentive, Comparator.naturalOrder());
    assertTop(Pick.Measure.DIVIDENDS, Neuron::dividends, Comparator.naturalOrder());
  }

  private <T> void assertTop(Pick.Measure measure, Function<Neuron, T> value, Comparator<T> order) {
    List<Decision> decisions = decide(new Pick.Top(32, measure));
    assertThat(asked(decisions)).hasSize(32);
    T least = asking(decisions).stream().map(value).min(order).orElseThrow();
    assertThat(
            decisions.stream()
                .filter(decision -> decision.cause() == Cause.NOT_PICKED)
                .map(decision -> value.apply(decision.neuron())))
        .hasSize(SERVING - 32)
        .allSatisfy(other -> assertThat(order.compare(other, least)).isNotPositive());
  }

  @Test
  void equalsAtTheEdgeOfTheTopChangeWithTheSeedAndNotByUid() {
    Map<Integer, Integer> times = new HashMap<>();
    Pick one = new Pick.Top(1, Pick.Measure.DIVIDENDS);
    listed =
        new Listing(
            mainnet.neurons().stream()
                .filter(neuron -> neuron.dividends() == 0 && neuron.endpoint().isPresent())
                .limit(10)
                .map(Neuron::uid)
                .collect(Collectors.toSet()),
            Set.of());
    for (long seed = 0; seed < 1_000; seed++) {
      asked(decide(one, seed, NOTHING_ASKED)).forEach(uid -> times.merge(uid, 1, Integer::sum));
    }
    assertThat(times.values()).hasSize(10).allSatisfy(n -> assertThat(n).isBetween(60, 145));
  }

  @Test
  void roundRobinAsksEachOnceBeforeItAsksAnyoneTwice() {
    Past past = NOTHING_ASKED;
    List<List<Integer>> turns = new ArrayList<>();
    for (int round = 0; round < SERVING / 60; round++) {
      Chosen chosen = chosen(new Pick.RoundRobin(60), 100 + round, past);
      turns.add(asked(chosen.decisions()));
      past = after(chosen);
    }
    assertThat(turns.stream().flatMap(List::stream)).hasSize(SERVING).doesNotHaveDuplicates();
    assertThat(asked(chosen(new Pick.RoundRobin(60), 9, past).decisions()))
        .isEqualTo(turns.getFirst());
  }

  @Test
  void aRestartContinuesTheRingAndAFreshHistoryBeginsAnywhere() {
    Chosen first = chosen(new Pick.RoundRobin(60), 100, NOTHING_ASKED);
    Chosen second = chosen(new Pick.RoundRobin(60), 101, after(first));
    Chosen secondAgain = chosen(new Pick.RoundRobin(60), 5_555, after(first));
    assertThat(secondAgain).isEqualTo(second);
    assertThat(second.turn().orElseThrow().from()).isEqualTo(first.turn().orElseThrow().to());
    Map<Integer, Integer> starts = new HashMap<>();
    for (long seed = 0; seed < 500; seed++) {
      asked(chosen(new Pick.RoundRobin(102), seed, NOTHING_ASKED).decisions())
          .forEach(uid -> starts.merge(uid, 1, Integer::sum));
    }
    assertThat(starts).hasSize(SERVING);
    assertThat(starts.values()).allSatisfy(n -> assertThat(n).isBetween(20, 90));
  }

  @Test
  void theLeastRecentlyAskedGoFirstAndTheNeverAskedBeforeThem() {
    Map<Ss58Address, Instant> asked = new HashMap<>();
    for (Neuron neuron : mainnet.neurons()) {
      if (neuron.uid().value() >= 20) {
        asked.put(neuron.hotkey(), NOW.minusSeconds(neuron.uid().value()));
      }
    }
    Past past = new Past(asked, Map.of(), Optional.empty(), Optional.empty(), Map.of(), NOW);
    List<Integer> serving = asked(decide(new Pick.All()));
    List<Integer> never = serving.stream().filter(uid -> uid < 20).toList();
    List<Integer> oldest = serving.subList(serving.size() - 5, serving.size());
    List<Integer> expected = new ArrayList<>(never);
    expected.addAll(oldest);
    assertThat(asked(decide(new Pick.LeastRecent(never.size() + 5), 42, past)))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void onePerColdkeyKeepsOneOfEachAndTheSeedSaysWhich() {
    onePer = Set.of(OnePer.COLDKEY);
    List<Decision> decisions = decide(new Pick.All());
    Set<Ss58Address> coldkeys =
        mainnet.neurons().stream()
            .filter(neuron -> neuron.endpoint().isPresent())
            .map(Neuron::coldkey)
            .collect(Collectors.toSet());
    assertThat(asking(decisions).stream().map(Neuron::coldkey))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(coldkeys);
    assertThat(asked(decide(new Pick.All(), 43, NOTHING_ASKED))).isNotEqualTo(asked(decisions));
    assertThat(decisions)
        .filteredOn(decision -> decision.cause() == Cause.ONE_PER)
        .hasSize(SERVING - coldkeys.size())
        .allSatisfy(
            decision ->
                assertThat(decision.reason())
                    .matches(
                        "one per coldkey " + decision.neuron().coldkey() + ": uid \\d+ was taken"));
  }

  @Test
  void onePerIpAndOnePerNetworkKeepOneOfEach() {
    onePer = Set.of(OnePer.IP);
    assertThat(asking(decide(new Pick.All())).stream().map(Neuron::axonIp))
        .doesNotHaveDuplicates()
        .hasSize(count(neuron -> neuron.axonIp()));
    onePer = Set.of(OnePer.NETWORK);
    assertThat(asking(decide(new Pick.All())).stream().map(neuron -> neuron.axonIp().shiftRight(8)))
        .doesNotHaveDuplicates()
        .hasSize(count(neuron -> neuron.axonIp().shiftRight(8)));
  }

  @Test
  void theTopOfEachColdkeyIsItsOwnBest() {
    onePer = Set.of(OnePer.COLDKEY);
    for (Neuron kept : asking(decide(new Pick.Top(50, Pick.Measure.INCENTIVE)))) {
      assertThat(
              mainnet.neurons().stream()
                  .filter(other -> other.coldkey().equals(kept.coldkey()))
                  .filter(other -> other.endpoint().isPresent()))
          .allSatisfy(other -> assertThat(other.incentive()).isLessThanOrEqualTo(kept.incentive()));
    }
  }

  @Test
  void anIpv6NetworkIsA64() {
    String one = "2a01:4f8:1:2::1";
    String same = "2a01:4f8:1:2:ffff::9";
    String other = "2a01:4f8:1:3::1";
    assertThat(group(one)).isEqualTo(group(same)).isNotEqualTo(group(other));
    assertThat(group("::ffff:8.8.8.8")).isEqualTo(group("8.8.8.77"));
    assertThat(group("64:ff9b::808:808")).isEqualTo(group("8.8.8.77"));
    assertThat(OnePer.IP.groupOf(serving(1, "64:ff9b::808:808", 80)))
        .isEqualTo(OnePer.IP.groupOf(serving(2, "8.8.8.8", 81)));
  }

  @Test
  void stakeOutsideTheLimitsIsLeftOut() {
    limits =
        new Limits(
            OptionalLong.empty(),
            OptionalLong.of(5),
            OptionalLong.of(4096),
            OptionalLong.empty(),
            Optional.empty());
    BigInteger rao = BigInteger.valueOf(1_000_000_000);
    List<Decision> decisions = decide(new Pick.All());
    assertThat(asking(decisions))
        .isNotEmpty()
        .allSatisfy(
            neuron ->
                assertThat(neuron.stakeRao())
                    .isBetween(
                        rao.multiply(BigInteger.valueOf(5)),
                        rao.multiply(BigInteger.valueOf(4096))));
    assertThat(decisions.get(966).reason())
        .isEqualTo("318570.943522428 TAO of stake, above 4096 TAO");
    assertThat(count(decisions).get(Cause.STAKE_LIMIT))
        .isEqualTo(
            mainnet.neurons().stream()
                .filter(
                    neuron ->
                        neuron.stakeRao().compareTo(rao.multiply(BigInteger.valueOf(5))) < 0
                            || neuron.stakeRao().compareTo(rao.multiply(BigInteger.valueOf(4096)))
                                > 0)
                .count());
  }

  @Test
  void whoArrivedTooRecentlyIsLeftOutAndWhoWasThereBeforeUsIsNot() {
    limits =
        new Limits(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(7_200),
            Optional.empty());
    Map<Uid, Past.Arrival> holders = new HashMap<>();
    for (Neuron neuron : mainnet.neurons()) {
      long seen = neuron.uid().value() < 100 ? BLOCK - 100_000 : BLOCK - 100;
      holders.put(neuron.uid(), new Past.Arrival(neuron.hotkey(), seen));
    }
    holders.put(new Uid(5), new Past.Arrival(STRANGER, BLOCK - 100_000));
    Past past =
        new Past(
            Map.of(),
            Map.of(),
            Optional.of(new Past.Tenancy(holders, BLOCK - 100_000)),
            Optional.empty(),
            Map.of(),
            NOW);
    List<Decision> decisions = decide(new Pick.All(), 42, past);
    for (Decision decision : decisions) {
      Neuron neuron = decision.neuron();
      boolean announcedLongAgo = neuron.axonBlock() > 0 && BLOCK - neuron.axonBlock() >= 7_200;
      boolean known = neuron.uid().value() < 100 && neuron.uid().value() != 5;
      assertThat(decision.cause() == Cause.TOO_YOUNG)
          .as(decision.toString())
          .isEqualTo(!known && !announcedLongAgo);
    }
    assertThat(count(decisions).get(Cause.TOO_YOUNG)).isPositive();
    assertThat(count(decide(new Pick.All()))).doesNotContainKey(Cause.TOO_YOUNG);
  }

  @Test
  void theChainsOwnRegistrationCountsWhereTheSnapshotHasIt() {
    limits =
        new Limits(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(7_200),
            Optional.empty());
    JsonNode registered = state.get("block_at_registration");
    // What we saw ourselves says the contrary, and is not asked.
    Map<Uid, Past.Arrival> holders = new HashMap<>();
    for (Neuron neuron : withState.neurons()) {
      boolean old = BLOCK - registered.get(neuron.uid().value()).longValue() >= 7_200;
      holders.put(
          neuron.uid(), new Past.Arrival(neuron.hotkey(), old ? BLOCK - 1 : BLOCK - 100_000));
    }
    Past past =
        new Past(
            Map.of(),
            Map.of(),
            Optional.of(new Past.Tenancy(holders, BLOCK - 200_000)),
            Optional.empty(),
            Map.of(),
            NOW);
    List<Decision> decisions = chosen(withState, new Pick.All(), 42, past).decisions();
    long young = 0;
    for (Decision decision : decisions) {
      int uid = decision.neuron().uid().value();
      long age = BLOCK - registered.get(uid).longValue();
      assertThat(decision.cause() == Cause.TOO_YOUNG)
          .as(decision.toString())
          .isEqualTo(age < 7_200 && decision.cause() != Cause.NOT_SERVING);
      if (decision.cause() == Cause.TOO_YOUNG) {
        young++;
        assertThat(decision.reason())
            .isEqualTo("known for %d blocks, fewer than 7200".formatted(age));
      }
    }
    assertThat(young).isBetween(1L, 1_000L);
  }

  @Test
  void limitsAndTheTopCountTheTotalStakeWhereTheSnapshotHasIt() {
    limits =
        new Limits(
            OptionalLong.of(4_096),
            OptionalLong.of(5),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty());
    JsonNode total = state.get("total_stake");
    BigInteger tao = BigInteger.valueOf(1_000_000_000);
    List<Decision> decisions = chosen(withState, new Pick.All(), 42, NOTHING_ASKED).decisions();
    for (Decision decision : decisions) {
      BigInteger rao = total.get(decision.neuron().uid().value()).bigIntegerValue();
      boolean permitted =
          decision.neuron().validatorPermit()
              && rao.compareTo(tao.multiply(BigInteger.valueOf(4_096))) > 0;
      boolean poor = rao.compareTo(tao.multiply(BigInteger.valueOf(5))) < 0;
      if (decision.cause() != Cause.NOT_SERVING) {
        assertThat(decision.cause())
            .as(decision.toString())
            .isEqualTo(permitted ? Cause.PERMIT_LIMIT : poor ? Cause.STAKE_LIMIT : Cause.ASKED);
      }
    }
    assertThat(count(decisions).get(Cause.PERMIT_LIMIT)).isPositive();
    assertThat(count(decisions))
        .isNotEqualTo(count(chosen(mainnet, new Pick.All(), 42, NOTHING_ASKED).decisions()));

    limits = Limits.NONE;
    List<Neuron> top =
        asking(
            chosen(withState, new Pick.Top(8, Pick.Measure.STAKE), 42, NOTHING_ASKED).decisions());
    assertThat(top.stream().map(neuron -> neuron.totalStakeRao().orElseThrow()))
        .containsExactlyInAnyOrderElementsOf(
            withState.neurons().stream()
                .filter(neuron -> neuron.endpoint().isPresent())
                .map(neuron -> total.get(neuron.uid().value()).bigIntegerValue())
                .sorted(Comparator.reverseOrder())
                .limit(8)
                .toList());
  }

  @Test
  void whoWasSilentForLongPausesUntilItIsTimeOrItMoves() {
    limits =
        new Limits(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.of(new Limits.Silence(Duration.ofDays(1), Duration.ofHours(6))));
    Instant lately = NOW.minus(Duration.ofHours(1));
    Neuron two = mainnet.neurons().get(2);
    Map<Ss58Address, Past.Silence> silences =
        Map.of(
            mainnet.neurons().get(0).hotkey(), silence(0, Duration.ofDays(1), lately),
            mainnet.neurons().get(1).hotkey(), silence(1, Duration.ofHours(23), lately),
            two.hotkey(), silence(3, Duration.ofDays(2), lately),
            mainnet.neurons().get(4).hotkey(),
                silence(4, Duration.ofDays(2), NOW.minus(Duration.ofHours(6))));
    Past past = new Past(Map.of(), silences, Optional.empty(), Optional.empty(), Map.of(), NOW);
    List<Decision> decisions = decide(new Pick.All(), 42, past);
    assertThat(count(decisions)).containsEntry(Cause.SILENT, 1L);
    assertThat(decisions.get(0).reason())
        .isEqualTo(
            "no answer from 2025-12-30T23:00:00Z to 2025-12-31T23:00:00Z; asked again from"
                + " 2026-01-01T05:00:00Z");
  }

  @Test
  void anAddressWithoutAnAxonIsLeftInPeaceLongerEachTime() {
    String host = new AxonAddress(mainnet.neurons().get(0).axonIp()).text();
    assertThat(isBackedOff(host, 2, Duration.ofMinutes(1))).isFalse();
    assertThat(isBackedOff(host, 3, Duration.ofMinutes(59))).isTrue();
    assertThat(isBackedOff(host, 3, Duration.ofHours(1))).isFalse();
    assertThat(isBackedOff(host, 4, Duration.ofMinutes(119))).isTrue();
    assertThat(isBackedOff(host, 4, Duration.ofHours(2))).isFalse();
    assertThat(isBackedOff(host, 60, Duration.ofMinutes(23 * 60 + 59))).isTrue();
    assertThat(isBackedOff(host, 60, Duration.ofDays(1))).isFalse();
    backOff = new AddressBackOff(Duration.ZERO);
    assertThat(isBackedOff(host, 60, Duration.ofMinutes(1))).isFalse();
  }

  private boolean isBackedOff(String host, int rounds, Duration ago) {
    Past past =
        new Past(
            Map.of(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Map.of(host, new Past.Quiet(rounds, NOW.minus(ago))),
            NOW);
    List<Decision> decisions = decide(new Pick.All(), 42, past);
    Decision first = decisions.getFirst();
    assertThat(decisions)
        .filteredOn(decision -> decision.neuron().axonIp().equals(first.neuron().axonIp()))
        .extracting(Decision::cause)
        .containsOnly(first.cause());
    assertThat(first.verdict())
        .isEqualTo(first.cause() == Cause.BACK_OFF ? Verdict.BLOCKED_ADDRESS : Verdict.ASK);
    return first.cause() == Cause.BACK_OFF;
  }

  @Test
  void rulesCombineAndEachNeuronHasTheFirstThatHolds() {
    excluded = new Listing(uids(0), Set.of());
    limits =
        new Limits(
            OptionalLong.of(4096),
            OptionalLong.of(5),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty());
    onePer = Set.of(OnePer.COLDKEY, OnePer.NETWORK);
    Chosen chosen = chosen(new Pick.Top(5, Pick.Measure.INCENTIVE), 42, NOTHING_ASKED);
    assertThat(chosen.decisions()).hasSize(1_024);
    assertThat(asked(chosen.decisions())).hasSize(5);
    assertThat(count(chosen.decisions()))
        .containsKeys(
            Cause.EXCLUDED,
            Cause.PERMIT_LIMIT,
            Cause.STAKE_LIMIT,
            Cause.ONE_PER,
            Cause.NOT_PICKED,
            Cause.ASKED);
    assertThat(chosen(new Pick.Top(5, Pick.Measure.INCENTIVE), 42, NOTHING_ASKED))
        .isEqualTo(chosen);
  }

  private static Past.Silence silence(int uid, Duration lasted, Instant until) {
    return new Past.Silence(
        until.minus(lasted), until, mainnet.neurons().get(uid).endpoint().orElseThrow());
  }

  private static Past after(Chosen chosen) {
    return new Past(Map.of(), Map.of(), Optional.empty(), chosen.turn(), Map.of(), NOW);
  }

  private static String group(String ip) {
    return OnePer.NETWORK.groupOf(serving(1, ip, 80));
  }

  private static int count(Function<Neuron, BigInteger> value) {
    return (int)
        mainnet.neurons().stream()
            .filter(neuron -> neuron.endpoint().isPresent())
            .map(value)
            .distinct()
            .count();
  }

  private List<Decision> decide(Pick pick) {
    return decide(pick, 42, NOTHING_ASKED);
  }

  private List<Decision> decide(Pick pick, long seed, Past past) {
    return chosen(pick, seed, past).decisions();
  }

  private Chosen chosen(Pick pick, long seed, Past past) {
    return chosen(mainnet, pick, seed, past);
  }

  private Chosen chosen(MetagraphSnapshot snapshot, Pick pick, long seed, Past past) {
    var guard =
        new AddressGuard(
            List.of(), List.of(), AddressGuard.SERVICE_PORTS, AddressGuard.Own.UNKNOWN);
    return new Selection(listed, excluded, limits, guard, backOff, onePer, pick)
        .decide(snapshot, STRANGER, seed, past);
  }

  private static Set<Uid> uids(Integer... uids) {
    return Set.of(uids).stream().map(Uid::new).collect(Collectors.toSet());
  }

  private static Map<Cause, Long> count(Collection<Decision> decisions) {
    return decisions.stream()
        .collect(Collectors.groupingBy(Decision::cause, Collectors.counting()));
  }

  private static List<Neuron> asking(List<Decision> decisions) {
    return decisions.stream()
        .filter(decision -> decision.verdict() == Verdict.ASK)
        .map(Decision::neuron)
        .toList();
  }

  private static List<Integer> asked(List<Decision> decisions) {
    return asking(decisions).stream().map(neuron -> neuron.uid().value()).toList();
  }
}
