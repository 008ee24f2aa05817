package org.axonometer.targets;

import java.util.Locale;

/** How many of the askable neurons are asked, and which. All of them when they are fewer. */
public sealed interface Pick {

  /** Every one. */
  record All() implements Pick {
    @Override
    public String toString() {
      return "all";
    }
  }

  /** A random sample by the round's seed. */
  record Sample(int size) implements Pick {
    public Sample {
      requireSize(size);
    }

    @Override
    public String toString() {
      return "sample of " + size;
    }
  }

  /** Those with the most of a measure; ties are broken by the round's seed. */
  record Top(int size, Measure by) implements Pick {
    public Top {
      requireSize(size);
    }

    @Override
    public String toString() {
      return "top %d by %s".formatted(size, by.name().toLowerCase(Locale.ROOT));
    }
  }

  /**
   * The next ones on a ring of all hotkeys, from where the job's last round ended, see {@link
   * Turn}.
   */
  record RoundRobin(int size) implements Pick {
    public RoundRobin {
      requireSize(size);
    }

    @Override
    public String toString() {
      return "round-robin of " + size;
    }
  }

  /** Those the job asked longest ago, never asked ones first; ties are broken by the seed. */
  record LeastRecent(int size) implements Pick {
    public LeastRecent {
      requireSize(size);
    }

    @Override
    public String toString() {
      return "least recently asked %d".formatted(size);
    }
  }

  /** What a {@link Top} goes by, as the chain has it. */
  enum Measure {
    STAKE,
    INCENTIVE,
    DIVIDENDS
  }

  private static void requireSize(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("size must be 1 or more, was " + size);
    }
  }
}
