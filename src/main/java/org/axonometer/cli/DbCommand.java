package org.axonometer.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.axonometer.history.Database;
import org.axonometer.history.DenseFile;
import org.axonometer.history.HistoryCopy;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.PostgresLogin;
import org.axonometer.scoring.SealVerification;
import org.axonometer.scoring.SealVerification.Finding;
import org.axonometer.scoring.SealVerification.Verdict;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What is done to a database as a whole. */
@Command(
    name = "db",
    mixinStandardHelpOptions = true,
    description = "Moves a history from one database to another, or writes its file anew.",
    subcommands = {DbCommand.Copy.class, DbCommand.Compact.class})
final class DbCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    throw new CommandException("db: say what to do, for example: axonometer db compact --help");
  }

  /** H2's file into PostgreSQL. */
  @Command(
      name = "copy",
      mixinStandardHelpOptions = true,
      description = {
        "Copies the whole history of an H2 file into an empty PostgreSQL database, as it is at one moment: counts every"
            + " table's rows on both sides before it commits, then recomputes every seal in the new database.",
        "The file is not changed. Exits 5 when a count or a seal is not the same."
      })
  static final class Copy implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--from",
        required = true,
        paramLabel = "<dir>",
        description = "The home folder of the H2 file.")
    private Path from = Path.of("");

    @Option(
        names = "--to",
        required = true,
        paramLabel = "<address>",
        description = "postgresql://<user>@<host>[:<port>]/<database>")
    private String to = "";

    @Option(
        names = "--db-password-file",
        paramLabel = "<file>",
        description =
            "File with the password for --to. Variables AXONOMETER_DB_PASSWORD_FILE and AXONOMETER_DB_PASSWORD.")
    private @Nullable Path passwordFile;

    @Override
    public Integer call() {
      requireDatabase(from);
      PostgresLogin login =
          new DatabaseChoice(from, to, passwordFile, System.getenv())
              .postgres()
              .orElseThrow(() -> new CommandException("--to must be a postgresql:// address"));
      PrintWriter out = spec.commandLine().getOut();
      // The first makes the tables.
      try (Database target = Database.connect(login);
          Database source = Database.connect(from)) {
        Map<String, Long> rows = new HistoryCopy(source, login).run();
        rows.forEach((table, count) -> out.printf("%12d  %s%n", count, table));
        List<Finding> before = seals(source);
        List<Finding> after = seals(target);
        boolean same = before.equals(after);
        out.printf(
            "%d seals recomputed, %d broken; %s%n",
            after.size(), broken(after), same ? "every one as in the file" : "NOT as in the file");
        out.flush();
        return same ? ExitCode.GOOD : ExitCode.FAULT;
      }
    }
  }

  /** H2's file without its gaps. */
  @Command(
      name = "compact",
      mixinStandardHelpOptions = true,
      description = {
        "Writes an H2 file anew without the gaps that overwritten and deleted rows leave in it, and compresses it. The new"
            + " file takes the old one's place only when it is on the disk, each table has as many rows in both, and every seal,"
            + " recomputed in both, is the same.",
        "Nobody may have the database open: stop serve first, or it exits 3. May need as much free space as the file has."
      })
  static final class Compact implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private HomeFlag home = new HomeFlag();

    @Override
    public Integer call() {
      requireDatabase(home.path());
      spec.commandLine().getErr().println("recomputing every seal, twice, and writing the file");
      spec.commandLine().getErr().flush();
      DenseFile.Written<List<Finding>> written = DenseFile.write(home.path(), DbCommand::seals);
      PrintWriter out = spec.commandLine().getOut();
      out.printf("%,d bytes before, %,d after; ", written.before(), written.after());
      out.printf(
          "%d seals recomputed, %d broken; every one as before%n",
          written.seen().size(), broken(written.seen()));
      out.flush();
      return ExitCode.GOOD;
    }
  }

  private static void requireDatabase(Path home) {
    if (!Database.exists(home)) {
      throw new CommandException(
          "there is no database below %s".formatted(home.toAbsolutePath().normalize()));
    }
  }

  private static List<Finding> seals(Database database) {
    var queries = new HistoryQueries(database);
    var verification = new SealVerification(queries);
    return queries.jobs().stream().sorted().flatMap(job -> verification.job(job).stream()).toList();
  }

  private static long broken(List<Finding> seals) {
    return seals.stream().filter(seal -> seal.verdict() == Verdict.BROKEN).count();
  }
}
