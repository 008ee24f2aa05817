package org.axonometer.dendrite;

import java.time.Duration;
import java.util.function.Function;
import org.axonometer.synapse.Synapse;

/**
 * How axons are asked, with Python's defaults.
 *
 * @param timeout the one deadline of each query, connecting and the whole body included
 * @param deserializer what is made of the synapse in the end, after failures too; the class's
 *     {@code deserialize()}
 * @param runAsync all axons at the same time; otherwise one after another, in order
 */
public record AskOptions<T>(Duration timeout, Function<Synapse, T> deserializer, boolean runAsync) {

  public AskOptions {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be positive, was " + timeout);
    }
  }

  /** 12 s, the synapse itself, all at the same time. */
  public static AskOptions<Synapse> defaults() {
    return new AskOptions<>(Duration.ofSeconds(12), Synapse::deserialize, true);
  }

  public AskOptions<T> timeout(Duration other) {
    return new AskOptions<>(other, deserializer, runAsync);
  }

  public <U> AskOptions<U> deserializing(Function<Synapse, U> other) {
    return new AskOptions<>(timeout, other, runAsync);
  }

  public AskOptions<T> runAsync(boolean other) {
    return new AskOptions<>(timeout, deserializer, other);
  }
}
