package org.axonometer.targets;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.targets.Decision.Verdict;

/**
 * Which neurons a round asks.
 *
 * @param who all, a listed set, or a seeded sample
 * @param validatorPermitTaoLimit a neuron with a validator permit and more stake than this, in TAO,
 *     is ineligible; empty = no limit
 */
public record Selection(Who who, OptionalLong validatorPermitTaoLimit, AddressGuard guard) {

  private static final int RAO_DIGITS = 9; // 1 TAO = 10^9 rao

  public Selection {
    if (validatorPermitTaoLimit.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "validator permit limit must be 0 TAO or more, was " + validatorPermitTaoLimit);
    }
  }

  public sealed interface Who {
    /** Every neuron. */
    record Everyone() implements Who {}

    /** The listed uids and hotkeys only; a neuron that matches either is listed. */
    record Listed(Set<Uid> uids, Set<Ss58Address> hotkeys) implements Who {
      public Listed {
        uids = Set.copyOf(uids);
        hotkeys = Set.copyOf(hotkeys);
      }

      /** What is listed but not in the snapshot, sorted, such as {@code uid 300}. */
      public List<String> missingFrom(MetagraphSnapshot snapshot) {
        Set<Uid> goneUids = new HashSet<>(uids);
        Set<Ss58Address> goneHotkeys = new HashSet<>(hotkeys);
        for (Neuron neuron : snapshot.neurons()) {
          goneUids.remove(neuron.uid());
          goneHotkeys.remove(neuron.hotkey());
        }
        List<String> missing = new ArrayList<>();
        goneUids.stream().sorted().forEach(uid -> missing.add("uid " + uid));
        goneHotkeys.stream().sorted().forEach(hotkey -> missing.add("hotkey " + hotkey));
        return List.copyOf(missing);
      }

      boolean lists(Neuron neuron) {
        return uids.contains(neuron.uid()) || hotkeys.contains(neuron.hotkey());
      }
    }

    /** A random sample of {@code size} among the askable ones; all of them when they are fewer. */
    record Sample(int size) implements Who {
      public Sample {
        if (size < 1) {
          throw new IllegalArgumentException("sample size must be 1 or more, was " + size);
        }
      }
    }
  }

  /**
   * Decides every neuron of the snapshot, in uid order: one decision each. The first that holds is
   * the one reason: own hotkey, not listed, permit and stake above the limit (all three
   * ineligible), serves nowhere, blocked address, not in the sample (ineligible).
   *
   * <p>A sample is drawn among the askable ones only: the {@code size} with the smallest SHA-256 of
   * {@code sample:<seed>:<hotkey>}. A neuron that cannot be asked could not be drawn, so with a
   * sample it is ineligible, not NOT_SERVING or BLOCKED_ADDRESS.
   */
  public List<Decision> decide(MetagraphSnapshot snapshot, Ss58Address ownHotkey, long seed) {
    List<Decision> decisions =
        snapshot.neurons().stream().map(neuron -> decide(neuron, ownHotkey)).toList();
    return who instanceof Who.Sample sample ? draw(decisions, sample, seed) : decisions;
  }

  /**
   * The eligible decisions (ASK, NOT_SERVING, BLOCKED_ADDRESS) in the seeded random order of
   * asking: ascending SHA-256 of {@code order:<seed>:<hotkey>}.
   */
  public static List<Decision> inAskingOrder(List<Decision> decisions, long seed) {
    List<Decision> eligible =
        decisions.stream().filter(decision -> decision.verdict().isEligible()).toList();
    return SeededOrder.ASKING.sort(eligible, seed);
  }

  /** Any items that have a hotkey, in that same order. */
  public static <T> List<T> inAskingOrder(
      List<T> items, Function<T, Ss58Address> hotkey, long seed) {
    return SeededOrder.ASKING.sort(items, hotkey, seed);
  }

  private Decision decide(Neuron neuron, Ss58Address ownHotkey) {
    if (neuron.hotkey().equals(ownHotkey)) {
      return new Decision(neuron, Verdict.INELIGIBLE, "own hotkey");
    }
    if (who instanceof Who.Listed listed && !listed.lists(neuron)) {
      return new Decision(neuron, Verdict.INELIGIBLE, "not listed");
    }
    if (isAboveLimit(neuron)) {
      return new Decision(neuron, Verdict.INELIGIBLE, aboveLimit(neuron));
    }
    if (neuron.endpoint().isEmpty()) {
      String unset = neuron.axonIp().signum() == 0 ? "ip 0" : "port 0";
      return new Decision(neuron, Verdict.NOT_SERVING, "serves nowhere (" + unset + ")");
    }
    Optional<String> refusal =
        guard.refusal(neuron.axonIp(), neuron.axonIpType(), neuron.axonPort());
    return refusal.isPresent()
        ? new Decision(neuron, Verdict.BLOCKED_ADDRESS, refusal.get())
        : new Decision(neuron, Verdict.ASK, whyAsked());
  }

  private String whyAsked() {
    return switch (who) {
      case Who.Everyone _ -> "everyone is asked";
      case Who.Listed _ -> "listed";
      case Who.Sample sample -> "in the sample of " + sample.size();
    };
  }

  private static List<Decision> draw(List<Decision> decisions, Who.Sample sample, long seed) {
    List<Decision> askable =
        decisions.stream().filter(decision -> decision.verdict() == Verdict.ASK).toList();
    Set<Uid> drawn = new HashSet<>();
    SeededOrder.SAMPLE.sort(askable, seed).stream()
        .limit(sample.size())
        .forEach(decision -> drawn.add(decision.neuron().uid()));
    return decisions.stream()
        .map(
            decision ->
                drawn.contains(decision.neuron().uid()) ? decision : notDrawn(decision, sample))
        .toList();
  }

  private static Decision notDrawn(Decision decision, Who.Sample sample) {
    String reason =
        switch (decision.verdict()) {
          case ASK -> "not in the sample of " + sample.size();
          case NOT_SERVING, BLOCKED_ADDRESS -> "not askable, so not sampled: " + decision.reason();
          case INELIGIBLE -> decision.reason();
        };
    return new Decision(decision.neuron(), Verdict.INELIGIBLE, reason);
  }

  /** The rule of the subnet template: a permit, and strictly more stake than the limit. */
  private boolean isAboveLimit(Neuron neuron) {
    if (!neuron.validatorPermit() || validatorPermitTaoLimit.isEmpty()) {
      return false;
    }
    BigDecimal limit = BigDecimal.valueOf(validatorPermitTaoLimit.getAsLong());
    return tao(neuron.stakeRao()).compareTo(limit) > 0;
  }

  private String aboveLimit(Neuron neuron) {
    return "validator permit and %s TAO of stake, above the limit of %d TAO"
        .formatted(
            tao(neuron.stakeRao()).stripTrailingZeros().toPlainString(),
            validatorPermitTaoLimit.orElseThrow());
  }

  private static BigDecimal tao(BigInteger rao) {
    return new BigDecimal(rao, RAO_DIGITS);
  }
}
