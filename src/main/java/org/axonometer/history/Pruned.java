package org.axonometer.history;

/**
 * What retention deleted, or would: rounds, and rows by kind.
 *
 * @param batchRows of Spring Batch's own tables
 * @param fires scheduled times of which no round is left
 * @param unexported rounds old enough whose scoring inputs were never exported: left alone
 */
public record Pruned(
    long rounds,
    long bodies,
    long attempts,
    long targets,
    long inputs,
    long batchRows,
    long fires,
    long unexported) {

  public static final Pruned NOTHING = new Pruned(0, 0, 0, 0, 0, 0, 0, 0);

  static Pruned ofBodies(long rows) {
    return new Pruned(0, rows, 0, 0, 0, 0, 0, 0);
  }

  static Pruned ofFires(long rows) {
    return new Pruned(0, 0, 0, 0, 0, 0, rows, 0);
  }

  static Pruned leftUnexported(long rounds) {
    return new Pruned(0, 0, 0, 0, 0, 0, 0, rounds);
  }

  public Pruned plus(Pruned other) {
    return new Pruned(
        rounds + other.rounds,
        bodies + other.bodies,
        attempts + other.attempts,
        targets + other.targets,
        inputs + other.inputs,
        batchRows + other.batchRows,
        fires + other.fires,
        unexported + other.unexported);
  }

  /** Nothing deleted; rounds left alone do not count. */
  public boolean isNothing() {
    return rounds + bodies + attempts + targets + inputs + batchRows + fires == 0;
  }
}
