package org.axonometer.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.history.ScoringInput;
import org.axonometer.history.StoredSeal;

/**
 * Recomputes seals: the chain of a job from its first seal on, and the inputs' hash of rounds whose
 * rows are still there. What it cannot see is a chain whose newest seals were removed together with
 * their rounds; only a seal noted elsewhere shows that.
 */
public final class SealVerification {
  private static final String FIRST = "0".repeat(64);

  private final HistoryQueries queries;

  public SealVerification(HistoryQueries queries) {
    this.queries = queries;
  }

  /**
   * What became of one seal.
   *
   * @param detail one line: what was compared, or what differs
   */
  public record Finding(long roundId, String job, Verdict verdict, String detail) {}

  /**
   * HOLDS: inputs and chain are the sealed ones. PRUNED: the chain holds, the rows are gone by
   * retention. BROKEN: something is not as it was sealed.
   */
  public enum Verdict {
    HOLDS,
    PRUNED,
    BROKEN
  }

  /** Every seal of a job in the order of the chain, and its sealed rounds without a seal. */
  public List<Finding> job(String job) {
    List<Finding> findings = new ArrayList<>();
    String previous = FIRST;
    for (StoredSeal seal : queries.seals(job)) {
      findings.add(check(seal, previous));
      previous = seal.sha256();
    }
    for (long roundId : queries.sealedWithoutSeal(job)) {
      findings.add(
          new Finding(roundId, job, Verdict.BROKEN, "the round is sealed, its seal is gone"));
    }
    return findings;
  }

  /** One round's inputs, and its job's chain up to it; empty when the round has no seal. */
  public Optional<Finding> round(long roundId) {
    Optional<StoredSeal> wanted = queries.seal(roundId);
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    String job = wanted.get().job();
    String previous = FIRST;
    for (StoredSeal seal : queries.seals(job)) {
      if (seal.roundId() == roundId) {
        return Optional.of(check(seal, previous));
      }
      Optional<String> broken = brokenLink(seal, previous);
      if (broken.isPresent()) {
        return Optional.of(
            new Finding(
                roundId,
                job,
                Verdict.BROKEN,
                "the chain is broken before it, at round %d: %s"
                    .formatted(seal.roundId(), broken.get())));
      }
      previous = seal.sha256();
    }
    throw new IllegalStateException(
        "round %d is not among the seals of its job".formatted(roundId));
  }

  private Finding check(StoredSeal seal, String previous) {
    Optional<String> broken = brokenLink(seal, previous);
    if (broken.isPresent()) {
      return finding(seal, Verdict.BROKEN, broken.get());
    }
    Optional<Round> round = queries.round(seal.roundId());
    if (round.isEmpty()) {
      return finding(seal, Verdict.PRUNED, "the chain holds, the rows are gone by retention");
    }
    if (queries.prunedAt(seal.roundId()).isPresent()) {
      return finding(seal, Verdict.PRUNED, "the chain holds, retention is deleting the rows");
    }
    return checkInputs(seal, round.get());
  }

  private Finding checkInputs(StoredSeal seal, Round round) {
    if (!round.job().equals(seal.job()) || round.state() != Round.State.SEALED) {
      return finding(
          seal,
          Verdict.BROKEN,
          "the seal is of job %s, the round is %s of job %s"
              .formatted(seal.job(), round.state(), round.job()));
    }
    List<ScoringInput> inputs = queries.scoringInputs(seal.roundId());
    if (inputs.size() != seal.inputs()) {
      return finding(
          seal,
          Verdict.BROKEN,
          "%d scoring inputs were sealed, %d are there".formatted(seal.inputs(), inputs.size()));
    }
    String found = ScoringExport.sha256(round, inputs);
    if (!found.equals(seal.inputsSha256())) {
      return finding(
          seal,
          Verdict.BROKEN,
          "the scoring inputs hash to %s, sealed was %s".formatted(found, seal.inputsSha256()));
    }
    return finding(seal, Verdict.HOLDS, "%d scoring inputs, %s".formatted(seal.inputs(), found));
  }

  private static Optional<String> brokenLink(StoredSeal seal, String previous) {
    if (!seal.previousSha256().equals(previous)) {
      return Optional.of(
          "it follows seal %s, the job's seal before it is %s"
              .formatted(seal.previousSha256(), previous));
    }
    String expected =
        RoundSealing.chained(previous, seal.job(), seal.roundId(), seal.inputsSha256());
    return expected.equals(seal.sha256())
        ? Optional.empty()
        : Optional.of("the seal is %s, its parts hash to %s".formatted(seal.sha256(), expected));
  }

  private static Finding finding(StoredSeal seal, Verdict verdict, String detail) {
    return new Finding(seal.roundId(), seal.job(), verdict, detail);
  }
}
