package org.axonometer.dendrite;

/**
 * How much this process may keep in memory, and what that means for queries: an answer is held
 * whole, as it came and as it was read, from its first byte until it is stored.
 *
 * @param bytes the most Java's heap may have
 */
public record HeapLimit(long bytes) {
  private static final long MEBIBYTE = 1_048_576;

  /** What the program holds besides answers: libraries, database cache, snapshot, targets. */
  public static final long OF_OUR_OWN = 64 * MEBIBYTE;

  /** Of an answer's bytes: while it grows, whole, as JSON, and on its way to the database. */
  public static final int COPIES = 4;

  public static HeapLimit ofThisProcess() {
    return new HeapLimit(Runtime.getRuntime().maxMemory());
  }

  /** What there is for answers, in KiB. */
  public int kibibytesForAnswers() {
    return Math.clamp((bytes - OF_OUR_OWN) / 1_024, 1, Integer.MAX_VALUE);
  }

  /** What a query may take of it, in KiB: never more than all, so that one can always be sent. */
  public int kibibytesForAQuery(int maxResponseBytes) {
    return Math.clamp((long) COPIES * maxResponseBytes / 1_024, 1, kibibytesForAnswers());
  }

  /** How many queries may be in flight at once; at least 1. */
  public int mostInFlight(int maxResponseBytes) {
    return kibibytesForAnswers() / kibibytesForAQuery(maxResponseBytes);
  }

  /** The limit in MiB, for people. */
  public long mebibytes() {
    return bytes / MEBIBYTE;
  }
}
