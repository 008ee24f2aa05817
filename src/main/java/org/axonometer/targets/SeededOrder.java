package org.axonometer.targets;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.axonometer.subnet.Sha256;
import org.axonometer.subnet.Ss58Address;

/**
 * A random order that anyone can check in any language: ascending by the SHA-256 of the UTF-8 text
 * {@code <purpose>:<seed>:<hotkey>}, its 32 bytes compared as unsigned from the left. The seed is
 * written in decimal with its sign. A neuron's place depends on the seed and its own hotkey, not on
 * its uid or its place in the snapshot.
 */
enum SeededOrder {
  SAMPLE("sample"),
  RING("ring"),
  ASKING("order");

  private final String purpose;

  SeededOrder(String purpose) {
    this.purpose = purpose;
  }

  /** Any items that have a hotkey, sorted; a new list. */
  <T> List<T> sort(List<T> items, Function<T, Ss58Address> hotkeyOf, long seed) {
    Map<Ss58Address, byte[]> keys = new HashMap<>();
    for (T item : items) {
      keys.computeIfAbsent(hotkeyOf.apply(item), hotkey -> key(seed, hotkey.text()));
    }
    return items.stream()
        .sorted(
            (left, right) ->
                Arrays.compareUnsigned(
                    keys.get(hotkeyOf.apply(left)), keys.get(hotkeyOf.apply(right))))
        .toList();
  }

  /** The place of one hotkey, or of anything else that has a name. */
  byte[] key(long seed, String name) {
    String text = purpose + ":" + seed + ":" + name;
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
