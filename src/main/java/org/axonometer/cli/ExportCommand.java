package org.axonometer.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.history.RoundStore;
import org.axonometer.history.ScoringInput;
import org.axonometer.scoring.ScoringExport;
import org.axonometer.scoring.WholeFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A sealed round's scoring inputs, byte-identical each time. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a sealed round's scoring inputs as JSONL or CSV, the same bytes each time. The SHA-256 of the JSONL is the"
          + " one in the round's seal."
    })
final class ExportCommand implements Callable<Integer> {
  @Mixin private HistoryFlags home = new HistoryFlags();

  @Parameters(paramLabel = "<round>", description = "The round's number, or last.")
  private String number = "";

  @Option(
      names = "--format",
      paramLabel = "<format>",
      defaultValue = "jsonl",
      description = "jsonl or csv. Default: jsonl")
  private Format format = Format.JSONL;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "<file>",
      description = "Where to. Default: stdout")
  private @Nullable Path file;

  enum Format {
    JSONL,
    CSV
  }

  @Override
  public Integer call() {
    try (Database database = Stored.database(home)) {
      var queries = new HistoryQueries(database);
      Round round = Stored.round(queries, number);
      if (round.state() != Round.State.SEALED) {
        throw new CommandException(
            "round %d is not sealed yet; finish it with: axonometer rerun %d"
                .formatted(round.id(), round.id()));
      }
      if (queries.prunedAt(round.id()).isPresent()) {
        throw new CommandException(
            "round %d is being deleted by retention; its rows are no longer whole"
                .formatted(round.id()));
      }
      List<ScoringInput> inputs = queries.scoringInputs(round.id());
      write(
          switch (format) {
            case JSONL -> ScoringExport.jsonl(round, inputs);
            case CSV -> ScoringExport.csv(round, inputs);
          });
      new RoundStore(database).markExported(round.id(), Instant.now());
      return ExitCode.GOOD;
    }
  }

  private void write(byte[] bytes) {
    if (file == null) {
      Stdout.write(bytes);
      return;
    }
    try {
      WholeFile.write(file, out -> out.write(bytes));
    } catch (IOException e) {
      throw new CommandException(file + " cannot be written: " + e.getMessage(), e);
    }
  }
}
