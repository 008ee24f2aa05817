package org.axonometer.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonometer.history.HotkeyHistory;
import org.axonometer.subnet.Ss58Address;
import org.jspecify.annotations.Nullable;

/** One hotkey's way over uids, addresses and rounds, as lines or as an object. */
record HotkeyTelling(Ss58Address hotkey, HotkeyHistory history) {

  List<String> tell() {
    List<String> lines = new ArrayList<>();
    lines.add("hotkey " + hotkey);
    lines.add("uids, by the snapshots of rounds");
    uids().forEach(line -> lines.add("  " + line));
    lines.add("addresses");
    for (HotkeyHistory.AxonStay stay : history.axons()) {
      lines.add(
          "  %s %s  %s  %s"
              .formatted(
                  stay.network(),
                  stay.netuid(),
                  stay.axon(),
                  blocks(stay.fromBlock(), stay.toBlock(), stay.latest())));
    }
    lines.add("last results");
    for (HotkeyHistory.Result result : history.results()) {
      lines.add(
          "  %s  round %d of %s  uid %s  %s, blame %s"
              .formatted(
                  result.sealedAt(),
                  result.round(),
                  result.job(),
                  result.uid(),
                  result.outcome(),
                  result.blame()));
    }
    return lines;
  }

  /** Each stay, such as {@code finney 1 uid 7, blocks 100 to 200}. */
  List<String> uids() {
    return history.uids().stream()
        .map(
            stay ->
                "%s %s uid %s, %s"
                    .formatted(
                        stay.network(),
                        stay.netuid(),
                        stay.uid(),
                        blocks(stay.fromBlock(), stay.toBlock(), stay.latest())))
        .toList();
  }

  private static String blocks(long from, long to, boolean latest) {
    return "blocks %d to %d%s".formatted(from, to, latest ? " (the latest known)" : "");
  }

  Map<String, @Nullable Object> asMap() {
    List<Map<String, @Nullable Object>> uids = new ArrayList<>();
    for (HotkeyHistory.UidStay stay : history.uids()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("network", stay.network());
      map.put("netuid", stay.netuid().value());
      map.put("uid", stay.uid().value());
      map.put("from_block", stay.fromBlock());
      map.put("to_block", stay.toBlock());
      map.put("latest", stay.latest());
      uids.add(map);
    }
    List<Map<String, @Nullable Object>> axons = new ArrayList<>();
    for (HotkeyHistory.AxonStay stay : history.axons()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("network", stay.network());
      map.put("netuid", stay.netuid().value());
      map.put("host", stay.axon().hostText());
      map.put("port", stay.axon().port());
      map.put("from_block", stay.fromBlock());
      map.put("to_block", stay.toBlock());
      map.put("latest", stay.latest());
      axons.add(map);
    }
    List<Map<String, @Nullable Object>> results = new ArrayList<>();
    for (HotkeyHistory.Result result : history.results()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("round", result.round());
      map.put("job", result.job());
      map.put("sealed_at", result.sealedAt().toString());
      map.put("uid", result.uid().value());
      map.put("outcome", result.outcome());
      map.put("blame", result.blame());
      results.add(map);
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("hotkey", hotkey.text());
    map.put("uids", uids);
    map.put("addresses", axons);
    map.put("results", results);
    return map;
  }
}
