package org.axonometer.jobs;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.targets.AddressBackOff;
import org.axonometer.targets.AddressGuard;
import org.axonometer.targets.Cidr;
import org.axonometer.targets.Limits;
import org.axonometer.targets.Listing;
import org.axonometer.targets.OnePer;
import org.axonometer.targets.Pick;
import org.axonometer.targets.Selection;

/** Reads the block {@code select} of a job file. */
final class SelectionReader {
  private static final int MOST_RANGES = 64;
  private static final int MOST_PORTS = 1_000;
  private static final int MOST_UIDS = 65_536;
  private static final int MOST_TAO = 1_000_000_000;
  private static final int MOST_BLOCKS = 100_000_000;
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final Block block;

  SelectionReader(Block block) {
    this.block = block;
  }

  private enum Who {
    ALL,
    LISTED,
    SAMPLE,
    TOP,
    ROUND_ROBIN,
    LEAST_RECENT;

    boolean picks() {
      return this != ALL && this != LISTED;
    }
  }

  Selection selection() {
    Who who = block.choice("who", Who.ALL);
    Listing listed = listing("uids", "hotkeys");
    Listing excluded = listing("exclude-uids", "exclude-hotkeys");
    int size = (int) block.wholeNumber("size", 1, 1, MOST_UIDS);
    Pick.Measure by = block.choice("by", Pick.Measure.STAKE);
    checkWho(who);
    checkListing(listed, excluded);
    Limits limits = limits();
    Set<OnePer> onePer = onePer();
    AddressGuard guard = guard();
    AddressBackOff backOff =
        new AddressBackOff(
            block
                .duration("address-back-off", Duration.ZERO, DAY, JobDefaults.ADDRESS_BACK_OFF)
                .orElse(JobDefaults.ADDRESS_BACK_OFF));
    block.end();
    Pick pick =
        switch (who) {
          case ALL, LISTED -> new Pick.All();
          case SAMPLE -> new Pick.Sample(size);
          case TOP -> new Pick.Top(size, by);
          case ROUND_ROBIN -> new Pick.RoundRobin(size);
          case LEAST_RECENT -> new Pick.LeastRecent(size);
        };
    return new Selection(listed, excluded, limits, guard, backOff, onePer, pick);
  }

  private Listing listing(String uidKey, String hotkeyKey) {
    List<Uid> uids =
        block.list(
            uidKey,
            MOST_UIDS,
            "write a list of uids, 0 to 65535 (for example [3, 17])",
            scalar -> Block.wholeNumber(scalar, 0, 65_535).map(uid -> new Uid(uid.intValue())));
    List<Ss58Address> hotkeys =
        block.list(
            hotkeyKey,
            MOST_UIDS,
            "write a list of hotkeys, SS58 addresses that start with 5",
            scalar -> Optional.of(new Ss58Address(scalar.text())));
    return new Listing(Set.copyOf(uids), Set.copyOf(hotkeys));
  }

  private void checkWho(Who who) {
    for (String key : List.of("uids", "hotkeys")) {
      if (who == Who.ALL && block.has(key)) {
        block.refuse(key, "has no meaning with who: all; write who: listed, or remove it");
      }
    }
    if (!who.picks() && block.has("size")) {
      block.refuse(
          "size",
          "has no meaning here; write who: sample, top, round-robin or least-recent, or remove it");
    }
    if (who != Who.TOP && block.has("by")) {
      block.refuse("by", "has no meaning here; write who: top, or remove it");
    }
    if (who == Who.LISTED && !block.has("uids") && !block.has("hotkeys")) {
      block.refuse("who", "is \"listed\"; add uids (for example [3, 17]) or hotkeys");
    }
    if (who.picks() && !block.has("size")) {
      block.refuse(
          "who", "is \"%s\"; add size, 1 to %d (for example 64)".formatted(word(who), MOST_UIDS));
    }
    if (who == Who.TOP && !block.has("by")) {
      block.refuse("who", "is \"top\"; add by: stake, incentive or dividends");
    }
  }

  private void checkListing(Listing listed, Listing excluded) {
    listed.uids().stream()
        .filter(excluded.uids()::contains)
        .sorted()
        .findFirst()
        .ifPresent(
            uid ->
                block.refuse(
                    "exclude-uids", "has %s, and so has uids; write it once".formatted(uid)));
    listed.hotkeys().stream()
        .filter(excluded.hotkeys()::contains)
        .sorted()
        .findFirst()
        .ifPresent(
            hotkey ->
                block.refuse(
                    "exclude-hotkeys",
                    "has %s, and so has hotkeys; write it once".formatted(hotkey)));
  }

  private Limits limits() {
    OptionalLong permit = number("vpermit-tao-limit", 4_096, MOST_TAO);
    OptionalLong least = number("min-stake", 10, MOST_TAO);
    OptionalLong most = number("max-stake", 1_000, MOST_TAO);
    if (least.isPresent() && most.isPresent() && least.getAsLong() > most.getAsLong()) {
      block.refuse(
          "min-stake",
          "is \"%d\"; write at most the %d of max-stake"
              .formatted(least.getAsLong(), most.getAsLong()));
    }
    OptionalLong age = number("min-age-blocks", 7_200, MOST_BLOCKS);
    Optional<Duration> after = block.duration("silent-after", MINUTE, Duration.ofDays(365), DAY);
    Optional<Duration> pause = block.duration("silent-pause", MINUTE, Duration.ofDays(365), DAY);
    if (pause.isPresent() && !block.has("silent-after")) {
      block.refuse("silent-pause", "has no meaning without silent-after; add it (for example 1d)");
    }
    return new Limits(
        permit,
        least,
        most,
        age,
        after.map(time -> new Limits.Silence(time, pause.orElse(JobDefaults.SILENT_PAUSE))));
  }

  /** Absent = no limit. */
  private OptionalLong number(String key, long example, long most) {
    long value = block.wholeNumber(key, example, 0, most);
    return block.has(key) ? OptionalLong.of(value) : OptionalLong.empty();
  }

  private Set<OnePer> onePer() {
    String words = Block.either(Arrays.stream(OnePer.values()).map(OnePer::toString).toList());
    List<OnePer> groups =
        block.list(
            "one-per",
            OnePer.values().length,
            "write a list of " + words,
            scalar ->
                Arrays.stream(OnePer.values())
                    .filter(group -> group.toString().equals(scalar.text()))
                    .findFirst());
    if (groups.containsAll(EnumSet.of(OnePer.IP, OnePer.NETWORK))) {
      block.refuse("one-per", "has network, which holds each of its ips to one; remove ip");
    }
    return Set.copyOf(groups);
  }

  private AddressGuard guard() {
    List<Cidr> allowed = ranges("allow-addresses", "127.0.0.0/8");
    List<Cidr> denied = ranges("deny-addresses", "8.8.8.8/32");
    for (Cidr range : denied) {
      if (allowed.contains(range)) {
        block.refuse(
            "deny-addresses", "has %s, and so has allow-addresses; write it once".formatted(range));
      }
    }
    Set<Integer> ports =
        block
            .list(
                "deny-ports",
                MOST_PORTS,
                "write a list of ports, 1 to 65535 (for example [22, 25])",
                scalar -> Block.wholeNumber(scalar, 1, 65_535).map(Long::intValue))
            .stream()
            .collect(Collectors.toUnmodifiableSet());
    return new AddressGuard(
        allowed,
        denied,
        block.has("deny-ports") ? ports : AddressGuard.SERVICE_PORTS,
        AddressGuard.Own.UNKNOWN);
  }

  private List<Cidr> ranges(String key, String example) {
    return block.list(
        key,
        MOST_RANGES,
        "write a list of address/bits (for example [" + example + "])",
        scalar -> Optional.of(Cidr.parse(scalar.text())));
  }

  private static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
