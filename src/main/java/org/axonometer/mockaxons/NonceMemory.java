package org.axonometer.mockaxons;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last accepted nonce of each hotkey and uuid, for the 256 newest of them. The SDK's axon
 * forgets none; a park of thousands would fill the memory.
 */
final class NonceMemory {
  private static final int MAX_KEYS = 256;

  private final Map<String, Long> lastByKey = new LinkedHashMap<>();

  @Nullable Long last(String key) {
    return lastByKey.get(key);
  }

  void remember(String key, long nonceNanos) {
    lastByKey.remove(key);
    lastByKey.put(key, nonceNanos);
    if (lastByKey.size() > MAX_KEYS) {
      lastByKey.remove(lastByKey.keySet().iterator().next());
    }
  }
}
