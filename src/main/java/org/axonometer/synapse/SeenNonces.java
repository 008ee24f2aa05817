package org.axonometer.synapse;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.axonometer.subnet.Ss58Address;

/**
 * The nonces of axons' good signatures, the last 8 of each of the 8,192 axons heard of last. A
 * signature made again bears a nonce of its own, so one that returns is a copy. Thread-safe.
 */
public final class SeenNonces {
  static final int MOST_AXONS = 8_192;
  static final int MOST_OF_AN_AXON = 8;

  private final Map<Ss58Address, Deque<String>> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Ss58Address, Deque<String>> eldest) {
          return size() > MOST_AXONS;
        }
      };

  /** Remembers it; false when it is remembered already. */
  synchronized boolean add(Ss58Address axon, String nonce) {
    Deque<String> nonces = seen.computeIfAbsent(axon, _ -> new ArrayDeque<>());
    if (nonces.contains(nonce)) {
      return false;
    }
    if (nonces.size() == MOST_OF_AN_AXON) {
      nonces.removeFirst();
    }
    return nonces.add(nonce);
  }
}
