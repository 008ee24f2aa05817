package org.axonometer.rounds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import org.axonometer.history.FailureText;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.history.RoundStore;
import org.axonometer.history.ScoringInput;
import org.axonometer.scoring.ScoringExport;
import org.axonometer.scoring.WholeFile;

/** The files of sealed rounds: scoring inputs as JSONL and CSV in a folder per job. */
record RoundFiles(Path exports, RoundStore store, HistoryQueries queries, Clock clock) {

  /** Where they stand, or will. */
  RoundReport.Files of(Round round) {
    Path folder = exports.resolve(round.job());
    return new RoundReport.Files(
        folder.resolve("round-%d.jsonl".formatted(round.id())),
        folder.resolve("round-%d.csv".formatted(round.id())));
  }

  boolean exist(Round round) {
    return Files.exists(of(round).jsonl()) && Files.exists(of(round).csv());
  }

  /**
   * Writes them, each whole or not at all.
   *
   * @throws RoundException NOT_RUNNABLE when retention is deleting the round's rows, FAILED when
   *     they cannot be written
   */
  void write(long roundId) {
    if (queries.prunedAt(roundId).isPresent()) {
      throw new RoundException(
          RoundException.Reason.NOT_RUNNABLE,
          "round %d is being deleted by retention; its rows are no longer whole, and its files are not written again"
              .formatted(roundId));
    }
    Round round = queries.round(roundId).orElseThrow();
    List<ScoringInput> inputs = queries.scoringInputs(roundId);
    RoundReport.Files files = of(round);
    write(roundId, files.jsonl(), out -> ScoringExport.jsonl(round, inputs, out));
    write(roundId, files.csv(), out -> ScoringExport.csv(round, inputs, out));
    store.markExported(roundId, clock.instant());
  }

  private static void write(long roundId, Path file, WholeFile.Content content) {
    try {
      Files.createDirectories(
          file.toAbsolutePath().getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      WholeFile.write(file, content);
    } catch (IOException e) {
      throw missing(roundId, "%s: %s".formatted(file, FailureText.innermost(e)));
    }
  }

  /** Of a round that is sealed and whose files are not there, for this reason. */
  static RoundException missing(long roundId, String reason) {
    return new RoundException(
        RoundException.Reason.FAILED,
        "round %d is sealed, but its files cannot be written: %s; when that is mended: axonometer rerun %d writes them"
            .formatted(roundId, reason, roundId));
  }
}
