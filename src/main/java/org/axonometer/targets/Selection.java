package org.axonometer.targets;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonometer.metagraph.AxonAddress;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.targets.Decision.Cause;
import org.axonometer.targets.Decision.Verdict;

/**
 * Which neurons a round asks. {@link Cause} is the order in which the rules are applied.
 *
 * @param listed only these are considered; empty = everyone
 * @param excluded these are not, even when listed
 * @param onePer groups of which one askable neuron is kept, before the pick
 * @param pick how many of what is left then, and which
 */
public record Selection(
    Listing listed,
    Listing excluded,
    Limits limits,
    AddressGuard guard,
    AddressBackOff backOff,
    Set<OnePer> onePer,
    Pick pick) {

  public Selection {
    onePer = Set.copyOf(onePer);
  }

  /** The same selection on a machine with these addresses. */
  public Selection at(AddressGuard.Own own) {
    return new Selection(listed, excluded, limits, guard.at(own), backOff, onePer, pick);
  }

  /**
   * Decides every neuron of the snapshot. The same arguments give the same decisions: whatever is
   * random follows from the seed, and a tie is broken by it, never by uid.
   *
   * <p>With a pick of a number, a neuron that cannot be asked could not be picked, so it is
   * ineligible, not NOT_SERVING or BLOCKED_ADDRESS.
   */
  public Chosen decide(MetagraphSnapshot snapshot, Ss58Address ownHotkey, long seed, Past past) {
    Map<Uid, Decision> decisions = new HashMap<>();
    for (Neuron neuron : snapshot.neurons()) {
      decisions.put(neuron.uid(), decide(neuron, ownHotkey, snapshot.block(), past));
    }
    List<Decision> askable = preferred(filter(decisions.values(), Verdict.ASK), seed, past);
    List<Decision> kept = onePerGroup(askable, decisions);
    Optional<Turn> turn = Optional.empty();
    if (pick instanceof Pick.RoundRobin robin) {
      turn =
          Optional.of(
              turn(kept, robin.size(), past.turn().orElseGet(() -> Turn.before(seed)), decisions));
    } else if (!(pick instanceof Pick.All)) {
      kept.stream()
          .skip(size())
          .forEach(decision -> put(decisions, decision, Cause.NOT_PICKED, "not in the " + pick));
    }
    if (!(pick instanceof Pick.All)) {
      Stream.of(Verdict.NOT_SERVING, Verdict.BLOCKED_ADDRESS)
          .flatMap(verdict -> filter(decisions.values(), verdict).stream())
          .forEach(
              decision ->
                  put(
                      decisions,
                      decision,
                      Cause.NOT_ASKABLE,
                      "not askable, so not chosen from: " + decision.reason()));
    }
    return new Chosen(
        snapshot.neurons().stream().map(neuron -> decisions.get(neuron.uid())).toList(), turn);
  }

  /**
   * The eligible decisions (ASK, NOT_SERVING, BLOCKED_ADDRESS) in the seeded random order of
   * asking: ascending SHA-256 of {@code order:<seed>:<hotkey>}.
   */
  public static List<Decision> inAskingOrder(List<Decision> decisions, long seed) {
    List<Decision> eligible =
        decisions.stream().filter(decision -> decision.verdict().isEligible()).toList();
    return SeededOrder.ASKING.sort(eligible, decision -> decision.neuron().hotkey(), seed);
  }

  /** Any items that have a hotkey, in that same order. */
  public static <T> List<T> inAskingOrder(
      List<T> items, Function<T, Ss58Address> hotkey, long seed) {
    return SeededOrder.ASKING.sort(items, hotkey, seed);
  }

  /** What it is, in one line, defaults included; lists by their sizes. */
  @Override
  public String toString() {
    return Stream.of(
            pick.toString(),
            listed.isEmpty() ? "" : "listed " + listed,
            excluded.isEmpty() ? "" : "excluded " + excluded,
            limits.toString(),
            onePer.isEmpty()
                ? ""
                : "one per "
                    + onePer.stream()
                        .sorted()
                        .map(OnePer::toString)
                        .collect(Collectors.joining(", ")),
            guard.toString(),
            "address-back-off " + backOff.first())
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private Decision decide(Neuron neuron, Ss58Address ownHotkey, long block, Past past) {
    if (neuron.hotkey().equals(ownHotkey)) {
      return new Decision(neuron, Cause.OWN_HOTKEY, "own hotkey");
    }
    if (!listed.isEmpty() && !listed.lists(neuron)) {
      return new Decision(neuron, Cause.NOT_LISTED, "not listed");
    }
    if (excluded.lists(neuron)) {
      return new Decision(
          neuron,
          Cause.EXCLUDED,
          excluded.hotkeys().contains(neuron.hotkey()) ? "hotkey excluded" : "uid excluded");
    }
    return limits.refusal(neuron, block, past).orElseGet(() -> askable(neuron, past));
  }

  private Decision askable(Neuron neuron, Past past) {
    if (neuron.endpoint().isEmpty()) {
      String unset = neuron.axonIp().signum() == 0 ? "ip 0" : "port 0";
      return new Decision(neuron, Cause.NOT_SERVING, "serves nowhere (" + unset + ")");
    }
    Optional<String> refusal =
        guard.refusal(neuron.axonIp(), neuron.axonIpType(), neuron.axonPort());
    if (refusal.isPresent()) {
      return new Decision(neuron, Cause.ADDRESS, refusal.get());
    }
    AxonAddress address = new AxonAddress(neuron.axonIp());
    Optional<String> quiet =
        guard.isAllowedOnPurpose(address) ? Optional.empty() : backOff.refusal(address, past);
    return quiet.isPresent()
        ? new Decision(neuron, Cause.BACK_OFF, quiet.get())
        : new Decision(neuron, Cause.ASKED, whyAsked());
  }

  private String whyAsked() {
    return switch (pick) {
      case Pick.All _ -> listed.isEmpty() ? "everyone is asked" : "listed";
      default -> "in the " + pick;
    };
  }

  private int size() {
    return switch (pick) {
      case Pick.All _ -> Integer.MAX_VALUE;
      case Pick.Sample sample -> sample.size();
      case Pick.Top top -> top.size();
      case Pick.RoundRobin robin -> robin.size();
      case Pick.LeastRecent recent -> recent.size();
    };
  }

  /** Best first; equals in the seeded order. */
  private List<Decision> preferred(List<Decision> askable, long seed, Past past) {
    List<Decision> shuffled =
        SeededOrder.SAMPLE.sort(askable, decision -> decision.neuron().hotkey(), seed);
    return switch (pick) {
      case Pick.Top top -> sorted(shuffled, by(top.by()).reversed());
      case Pick.LeastRecent _ -> sorted(shuffled, longestAgo(past));
      default -> shuffled;
    };
  }

  private static Comparator<Neuron> by(Pick.Measure measure) {
    return switch (measure) {
      case STAKE -> Comparator.comparing(Neuron::countingStakeRao);
      case INCENTIVE -> Comparator.comparingInt(Neuron::incentive);
      case DIVIDENDS -> Comparator.comparingInt(Neuron::dividends);
    };
  }

  private static Comparator<Neuron> longestAgo(Past past) {
    return Comparator.comparing(
        neuron -> past.lastAsked().get(neuron.hotkey()),
        Comparator.nullsFirst(Comparator.naturalOrder()));
  }

  private static List<Decision> sorted(List<Decision> decisions, Comparator<Neuron> order) {
    return decisions.stream().sorted(Comparator.comparing(Decision::neuron, order)).toList();
  }

  /** The first of each group, in the given order; the others are decided as left out. */
  private List<Decision> onePerGroup(List<Decision> preferred, Map<Uid, Decision> decisions) {
    Map<String, Uid> taken = new HashMap<>();
    Set<Uid> left = new HashSet<>();
    for (Decision decision : preferred) {
      List<String> groups =
          onePer.stream().sorted().map(group -> group.groupOf(decision.neuron())).toList();
      Optional<String> full = groups.stream().filter(taken::containsKey).findFirst();
      Uid uid = decision.neuron().uid();
      if (full.isPresent()) {
        left.add(uid);
        put(
            decisions,
            decision,
            Cause.ONE_PER,
            "one per %s: uid %s was taken".formatted(full.get(), taken.get(full.get())));
      } else {
        groups.forEach(group -> taken.put(group, uid));
      }
    }
    return preferred.stream().filter(decision -> !left.contains(decision.neuron().uid())).toList();
  }

  /** Takes the next ones on the ring; the others are decided as not picked. */
  private Turn turn(List<Decision> kept, int size, Turn last, Map<Uid, Decision> decisions) {
    Map<Uid, byte[]> places = new HashMap<>();
    for (Decision decision : kept) {
      Neuron neuron = decision.neuron();
      places.put(neuron.uid(), SeededOrder.RING.key(last.seed(), neuron.hotkey().text()));
    }
    byte[] from = HexFormat.of().parseHex(last.to());
    Comparator<Decision> onRing =
        Comparator.comparing(
            decision -> places.getOrDefault(decision.neuron().uid(), from),
            Arrays::compareUnsigned);
    Map<Boolean, List<Decision>> behind =
        kept.stream()
            .sorted(onRing)
            .collect(
                Collectors.partitioningBy(
                    decision ->
                        Arrays.compareUnsigned(
                                places.getOrDefault(decision.neuron().uid(), from), from)
                            > 0));
    List<Decision> walk =
        Stream.of(true, false)
            .flatMap(side -> behind.getOrDefault(side, List.of()).stream())
            .toList();
    walk.stream()
        .skip(size)
        .forEach(
            decision ->
                put(decisions, decision, Cause.NOT_PICKED, "not in this round's turn of " + size));
    List<Decision> taken = walk.stream().limit(size).toList();
    String to =
        taken.isEmpty()
            ? last.to()
            : HexFormat.of().formatHex(places.getOrDefault(taken.getLast().neuron().uid(), from));
    return new Turn(last.seed(), last.to(), to);
  }

  private static void put(
      Map<Uid, Decision> decisions, Decision decision, Cause cause, String reason) {
    decisions.put(decision.neuron().uid(), new Decision(decision.neuron(), cause, reason));
  }

  private static List<Decision> filter(Collection<Decision> decisions, Verdict verdict) {
    return decisions.stream().filter(decision -> decision.verdict() == verdict).toList();
  }
}
