package org.axonometer.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.history.PostgresAddress;
import org.axonometer.history.PostgresLogin;
import org.axonometer.jobs.JobFile;
import org.axonometer.rounds.RoundProgress;
import org.axonometer.rounds.RoundReport;
import org.axonometer.rounds.RoundsApplication;
import org.axonometer.testing.TestRounds;

/**
 * Rounds of the job {@code bench} one after another in one process, as {@code serve} runs them:
 * plan, opening, asking, storing, seal and files, on H2 or on the PostgreSQL that {@code
 * AXONOMETER_DB} names, after so many of the job {@code warm-up}. Prints a line for each but those.
 * Needs the program's own classes and no others.
 *
 * <p>Run as {@code Rounds <folder> <port of the axons> <rounds> <rounds to warm up>}.
 */
public final class Rounds {

  private Rounds() {}

  public static void main(String[] args) throws IOException {
    HttpProperties.set();
    Database.bindToLoopback();
    Path folder = Path.of(args[0]);
    int port = Integer.parseInt(args[1]);
    try (Database database = database(folder);
        RoundsApplication application = TestRounds.start(database, folder.resolve("exports"))) {
      for (int seed = 0; seed < Integer.parseInt(args[3]); seed++) {
        round(application, folder, "warm-up", seed);
      }
      PeakInFlight.take(port);
      for (int seed = 0; seed < Integer.parseInt(args[2]); seed++) {
        var figures = new Figures();
        RoundReport report = round(application, folder, "bench", seed);
        figures.print(
            () ->
                Map.of(
                    "targets",
                    report.round().selected(),
                    "ok",
                    report.outcomes().getOrDefault(Outcome.OK, 0),
                    "peak_in_flight",
                    PeakInFlight.take(port),
                    "file",
                    report.files().jsonl().toString()));
      }
    }
  }

  private static RoundReport round(
      RoundsApplication application, Path folder, String name, int seed) {
    Path job = folder.resolve("jobs").resolve(name + ".yaml");
    return application.launcher().run(JobFile.read(job), job, seed, new RoundProgress());
  }

  private static Database database(Path folder) {
    String address = System.getenv("AXONOMETER_DB");
    return address == null
        ? Database.own(folder)
        : Database.connect(
            new PostgresLogin(
                PostgresAddress.parse(address),
                Objects.requireNonNull(System.getenv("AXONOMETER_DB_PASSWORD")),
                Optional.ofNullable(System.getenv("AXONOMETER_DB_READER_PASSWORD"))));
  }
}
