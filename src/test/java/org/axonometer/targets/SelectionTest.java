package org.axonometer.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.axonometer.testing.SnapshotNeurons.hotkey;
import static org.axonometer.testing.SnapshotNeurons.notServing;
import static org.axonometer.testing.SnapshotNeurons.serving;
import static org.axonometer.testing.SnapshotNeurons.snapshot;
import static org.axonometer.testing.SnapshotNeurons.validator;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.metagraph.NeuronsLiteImport;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.targets.Decision.Cause;
import org.axonometer.targets.Decision.Verdict;
import org.axonometer.testing.SharedFolder;
import org.junit.jupiter.api.Test;

class SelectionTest {

  private static final AddressGuard GUARD =
      new AddressGuard(List.of(), List.of(), Set.of(), AddressGuard.Own.UNKNOWN);
  private static final Ss58Address STRANGER = hotkey(1_000_000);
  private static final long SEED = 42;
  private static final Past NOTHING_ASKED = Past.none(Instant.EPOCH);

  @Test
  void asksEveryoneWhoServesInUidOrder() {
    MetagraphSnapshot snapshot = snapshot(serving(7, "8.8.8.8", 80), serving(3, "8.8.4.4", 81));
    List<Decision> decisions =
        everyone().decide(snapshot, STRANGER, SEED, NOTHING_ASKED).decisions();
    assertThat(decisions)
        .containsExactly(
            new Decision(snapshot.neurons().get(0), Cause.ASKED, "everyone is asked"),
            new Decision(snapshot.neurons().get(1), Cause.ASKED, "everyone is asked"));
    assertThat(uids(decisions)).containsExactly(3, 7);
  }

  @Test
  void leavesOutTheOwnHotkeyBeforeAnyOtherReason() {
    Selection nobody = listed(new Listing(Set.of(new Uid(77)), Set.of()), OptionalLong.of(0));
    assertThat(
            only(
                nobody
                    .decide(snapshot(validator(1, tao(9))), hotkey(1), SEED, NOTHING_ASKED)
                    .decisions()))
        .isEqualTo("INELIGIBLE own hotkey");
  }

  @Test
  void leavesOutWhatIsNotListedBeforeItsStake() {
    Selection nobody = listed(new Listing(Set.of(new Uid(77)), Set.of()), OptionalLong.of(0));
    assertThat(
            only(
                nobody
                    .decide(snapshot(validator(1, tao(9))), STRANGER, SEED, NOTHING_ASKED)
                    .decisions()))
        .isEqualTo("INELIGIBLE not listed");
  }

  @Test
  void asksListedUidsAndListedHotkeys() {
    Selection listed =
        listed(new Listing(Set.of(new Uid(1)), Set.of(hotkey(3))), OptionalLong.empty());
    MetagraphSnapshot snapshot =
        snapshot(serving(1, "8.8.8.8", 80), serving(2, "8.8.8.8", 80), serving(3, "8.8.8.8", 80));
    assertThat(listed.decide(snapshot, STRANGER, SEED, NOTHING_ASKED).decisions())
        .extracting(decision -> decision.verdict() + " " + decision.reason())
        .containsExactly("ASK listed", "INELIGIBLE not listed", "ASK listed");
  }

  @Test
  void namesWhatIsListedButNotInTheSnapshot() {
    Listing listed =
        new Listing(Set.of(new Uid(300), new Uid(1), new Uid(20)), Set.of(hotkey(1), hotkey(9)));
    assertThat(listed.missingFrom(snapshot(notServing(1))))
        .containsExactly("uid 20", "uid 300", "hotkey " + hotkey(9));
  }

  @Test
  void leavesOutAValidatorWithMoreStakeThanTheLimitWithBothNumbers() {
    Selection limited = selection(new Pick.All(), OptionalLong.of(4096));
    BigInteger more = tao(4096).add(BigInteger.ONE);
    assertThat(
            only(
                limited
                    .decide(snapshot(validator(1, more)), STRANGER, SEED, NOTHING_ASKED)
                    .decisions()))
        .isEqualTo(
            "INELIGIBLE validator permit and 4096.000000001 TAO of stake, above the limit of"
                + " 4096 TAO");
    assertThat(
            only(
                limited
                    .decide(snapshot(validator(1, tao(4096))), STRANGER, SEED, NOTHING_ASKED)
                    .decisions()))
        .isEqualTo("ASK everyone is asked");
  }

  @Test
  void printsRoundStakeWithoutAnExponent() {
    Selection limited = selection(new Pick.All(), OptionalLong.of(0));
    assertThat(
            only(
                limited
                    .decide(snapshot(validator(1, tao(5000))), STRANGER, SEED, NOTHING_ASKED)
                    .decisions()))
        .contains(" 5000 TAO of stake, above the limit of 0 TAO");
  }

  @Test
  void comparesTheLargestLimitWithoutOverflow() {
    Selection limited = selection(new Pick.All(), OptionalLong.of(Long.MAX_VALUE));
    BigInteger most = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    assertThat(
            only(
                limited
                    .decide(snapshot(validator(1, most)), STRANGER, SEED, NOTHING_ASKED)
                    .decisions()))
        .isEqualTo("ASK everyone is asked");
    assertThatThrownBy(() -> selection(new Pick.All(), OptionalLong.of(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void asksAMinerWhateverItsStake() {
    Selection limited = selection(new Pick.All(), OptionalLong.of(0));
    assertThat(
            only(
                limited
                    .decide(snapshot(serving(1, "8.8.8.8", 80)), STRANGER, SEED, NOTHING_ASKED)
                    .decisions()))
        .isEqualTo("ASK everyone is asked");
  }

  @Test
  void keepsWhoServesNowhereAndWhoIsBlockedAsEligible() {
    List<Decision> decisions =
        everyone()
            .decide(
                snapshot(notServing(1), serving(2, "8.8.8.8", 0), serving(3, "10.1.2.3", 8091)),
                STRANGER,
                SEED,
                NOTHING_ASKED)
            .decisions();
    assertThat(decisions)
        .extracting(decision -> decision.verdict() + " " + decision.reason())
        .containsExactly(
            "NOT_SERVING serves nowhere (ip 0)",
            "NOT_SERVING serves nowhere (port 0)",
            "BLOCKED_ADDRESS 10.1.2.3 is private (10.0.0.0/8, RFC 1918)");
    assertThat(Selection.inAskingOrder(decisions, SEED)).hasSize(3);
  }

  @Test
  void drawsASampleAmongTheAskableOnly() {
    MetagraphSnapshot snapshot =
        snapshot(
            notServing(1),
            serving(2, "10.1.2.3", 80),
            serving(3, "8.8.8.8", 80),
            serving(4, "8.8.8.8", 81),
            serving(5, "8.8.8.8", 82));
    List<Decision> decisions =
        selection(new Pick.Sample(2), OptionalLong.empty())
            .decide(snapshot, hotkey(5), SEED, NOTHING_ASKED)
            .decisions();
    assertThat(decisions)
        .extracting(decision -> decision.verdict() + " " + decision.reason())
        .containsExactly(
            "INELIGIBLE not askable, so not chosen from: serves nowhere (ip 0)",
            "INELIGIBLE not askable, so not chosen from: 10.1.2.3 is private (10.0.0.0/8, RFC 1918)",
            "ASK in the sample of 2",
            "ASK in the sample of 2",
            "INELIGIBLE own hotkey");
    assertThat(
            selection(new Pick.Sample(1), OptionalLong.empty())
                .decide(snapshot, hotkey(5), SEED, NOTHING_ASKED)
                .decisions())
        .extracting(Decision::reason)
        .contains("in the sample of 1", "not in the sample of 1");
  }

  @Test
  void refusesASampleOfNobody() {
    assertThatThrownBy(() -> new Pick.Sample(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void asksARecordedSubnetAsAnyoneCanRecompute() {
    MetagraphSnapshot mainnet = mainnet();
    List<Decision> decisions =
        selection(new Pick.All(), OptionalLong.of(4096))
            .decide(mainnet, STRANGER, SEED, NOTHING_ASKED)
            .decisions();
    assertThat(uids(decisions)).isEqualTo(IntStream.range(0, 1024).boxed().toList());
    assertThat(count(decisions))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(Verdict.ASK, 1016, Verdict.NOT_SERVING, 3, Verdict.INELIGIBLE, 5));
    assertThat(uids(filter(decisions, Verdict.INELIGIBLE)))
        .containsExactly(245, 395, 502, 518, 966);
    assertThat(uids(filter(decisions, Verdict.NOT_SERVING))).containsExactly(24, 537, 762);
    assertThat(decisions.get(966).reason())
        .isEqualTo(
            "validator permit and 318570.943522428 TAO of stake, above the limit of 4096 TAO");

    // Computed apart from this code: sorted by sha256("order:<seed>:<hotkey>").
    List<Decision> all = everyone().decide(mainnet, STRANGER, SEED, NOTHING_ASKED).decisions();
    assertThat(uids(Selection.inAskingOrder(all, 42)))
        .startsWith(305, 815, 651, 579, 341, 162, 812, 871)
        .hasSize(1024)
        .doesNotHaveDuplicates();
    assertThat(uids(Selection.inAskingOrder(all, -7)))
        .startsWith(733, 321, 964, 583, 782, 61, 187, 236);
  }

  @Test
  void drawsARecordedSampleAsAnyoneCanRecompute() {
    Selection eight = selection(new Pick.Sample(8), OptionalLong.of(4096));
    MetagraphSnapshot mainnet = mainnet();
    List<Decision> decisions = eight.decide(mainnet, STRANGER, 42, NOTHING_ASKED).decisions();
    // Computed apart from this code: the eight smallest sha256("sample:<seed>:<hotkey>").
    assertThat(uids(filter(decisions, Verdict.ASK)))
        .containsExactly(34, 192, 202, 512, 637, 707, 713, 776);
    assertThat(eight.decide(mainnet, STRANGER, 42, NOTHING_ASKED).decisions()).isEqualTo(decisions);
    assertThat(
            uids(
                filter(
                    eight.decide(mainnet, STRANGER, 43, NOTHING_ASKED).decisions(), Verdict.ASK)))
        .hasSize(8)
        .isNotEqualTo(uids(filter(decisions, Verdict.ASK)));
  }

  @Test
  void drawsEveryoneWhenTheSampleIsLargerThanTheSubnet() {
    Selection all = selection(new Pick.Sample(100_000), OptionalLong.empty());
    assertThat(
            filter(all.decide(mainnet(), STRANGER, SEED, NOTHING_ASKED).decisions(), Verdict.ASK))
        .hasSize(1020);
  }

  @Test
  void asksInAnOrderThatDoesNotDependOnTheListsOrder() {
    List<Decision> decisions =
        everyone().decide(twenty(), STRANGER, SEED, NOTHING_ASKED).decisions();
    assertThat(Selection.inAskingOrder(decisions.reversed(), SEED))
        .isEqualTo(Selection.inAskingOrder(decisions, SEED));
  }

  @Test
  void favoursNoNeuronOverManySeeds() {
    List<Decision> decisions =
        everyone().decide(twenty(), STRANGER, SEED, NOTHING_ASKED).decisions();
    Map<Integer, Integer> timesFirst = new TreeMap<>();
    Map<Integer, Integer> timesSampled = new TreeMap<>();
    Set<List<Integer>> orders = new HashSet<>();
    Selection five = selection(new Pick.Sample(5), OptionalLong.empty());
    for (long seed = 0; seed < 1000; seed++) {
      List<Integer> order = uids(Selection.inAskingOrder(decisions, seed));
      orders.add(order);
      timesFirst.merge(order.getFirst(), 1, Integer::sum);
      uids(filter(five.decide(twenty(), STRANGER, seed, NOTHING_ASKED).decisions(), Verdict.ASK))
          .forEach(uid -> timesSampled.merge(uid, 1, Integer::sum));
    }
    assertThat(orders).hasSize(1000);
    assertThat(timesFirst.values())
        .hasSize(20)
        .allSatisfy(times -> assertThat(times).isBetween(25, 80));
    assertThat(timesSampled.values())
        .hasSize(20)
        .allSatisfy(times -> assertThat(times).isBetween(190, 310));
  }

  private static Selection everyone() {
    return selection(new Pick.All(), OptionalLong.empty());
  }

  private static Selection selection(Pick pick, OptionalLong limit) {
    return selection(Listing.NOBODY, pick, limit);
  }

  private static Selection listed(Listing listed, OptionalLong limit) {
    return selection(listed, new Pick.All(), limit);
  }

  private static Selection selection(Listing listed, Pick pick, OptionalLong permitLimit) {
    return new Selection(
        listed,
        Listing.NOBODY,
        new Limits(
            permitLimit,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty()),
        GUARD,
        new AddressBackOff(Duration.ZERO),
        Set.of(),
        pick);
  }

  private static MetagraphSnapshot twenty() {
    return snapshot(
        IntStream.range(0, 20)
            .mapToObj(uid -> serving(uid, "8.8.8.8", 8000 + uid))
            .toArray(Neuron[]::new));
  }

  private static MetagraphSnapshot mainnet() {
    return new NeuronsLiteImport("finney", new NetUid(1), 6_530_367, Instant.EPOCH)
        .read(SharedFolder.file("metagraph/finney_sn1_block6530367_neurons_lite.decoded.json"));
  }

  private static String only(List<Decision> decisions) {
    assertThat(decisions).hasSize(1);
    return decisions.getFirst().verdict() + " " + decisions.getFirst().reason();
  }

  private static List<Decision> filter(List<Decision> decisions, Verdict verdict) {
    return decisions.stream().filter(decision -> decision.verdict() == verdict).toList();
  }

  private static List<Integer> uids(List<Decision> decisions) {
    return decisions.stream().map(decision -> decision.neuron().uid().value()).toList();
  }

  private static Map<Verdict, Integer> count(List<Decision> decisions) {
    Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    Arrays.stream(Verdict.values())
        .filter(verdict -> !filter(decisions, verdict).isEmpty())
        .forEach(verdict -> counts.put(verdict, filter(decisions, verdict).size()));
    return counts;
  }

  private static BigInteger tao(long amount) {
    return BigInteger.valueOf(amount).multiply(BigInteger.valueOf(1_000_000_000));
  }
}
