package org.axonometer.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.axonometer.history.Database;
import org.axonometer.history.ReadOnlySql;
import org.axonometer.history.SqlException;
import org.axonometer.history.SqlRows;
import org.axonometer.jobs.Quantities;
import org.axonometer.scoring.CsvLine;
import org.axonometer.subnet.ForeignText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A question to the history in SQL; can read and nothing else. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = {
      "Runs one SQL statement on the history as a database user that can only read; works while a round runs."
          + " Tables, views and columns are explained in db/README.md, db/queries holds ready questions."
    })
final class SqlCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private HistoryFlags home = new HistoryFlags();

  @Parameters(paramLabel = "<sql>", description = "The statement, or the path of a .sql file.")
  private String statement = "";

  @Option(
      names = "--format",
      paramLabel = "<format>",
      defaultValue = "table",
      description = "table, csv or json (one object). Default: table")
  private Format format = Format.TABLE;

  @Option(
      names = {"--json-output", "--json"},
      description = "The same as --format json.")
  private boolean json;

  @Option(
      names = "--set",
      paramLabel = "<name>=<value>",
      description = "Value of a :name in the statement; may be repeated.")
  private Map<String, String> values = new LinkedHashMap<>();

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "<rows>",
      defaultValue = "1000",
      description = "Rows to read at most, 1 to 1000000. Default: 1000")
  private int limit;

  @Option(
      names = "--timeout",
      paramLabel = "<time>",
      defaultValue = "30s",
      description = "The statement is cancelled after this, 1s to 1h. Default: 30s")
  private String timeout = "";

  enum Format {
    TABLE,
    CSV,
    JSON
  }

  @Override
  public Integer call() {
    SqlText text = SqlText.of(statement);
    ReadOnlySql.Limits limits = limits();
    try (Database database = Stored.database(home)) {
      SqlRows answer = new ReadOnlySql(database).ask(text.sql(), text.values(values), limits);
      print(answer);
      return ExitCode.GOOD;
    } catch (SqlException e) {
      // The database repeats values in its messages, and they may come from an axon.
      throw new CommandException(
          ForeignText.escape(Objects.requireNonNullElse(e.getMessage(), "")), e);
    }
  }

  private ReadOnlySql.Limits limits() {
    try {
      Duration time =
          Quantities.duration(timeout)
              .orElseThrow(
                  () ->
                      new CommandException(
                          "--timeout is \"%s\"; write a time with its unit, for example 30s"
                              .formatted(timeout)));
      return new ReadOnlySql.Limits(limit, time);
    } catch (IllegalArgumentException e) {
      throw new CommandException("sql: " + e.getMessage(), e);
    }
  }

  private void print(SqlRows answer) {
    PrintWriter out = spec.commandLine().getOut();
    switch (json ? Format.JSON : format) {
      case TABLE -> SqlTable.print(out, answer);
      case CSV -> printCsv(answer);
      case JSON -> printJson(out, answer);
    }
    Stdout.requireWhole(out);
    if (answer.cut()) {
      spec.commandLine()
          .getErr()
          .println("axonometer: cut after %d rows; read more with --limit".formatted(limit));
    }
  }

  private static void printCsv(SqlRows answer) {
    var lines = new StringBuilder(CsvLine.of(answer.columns()));
    answer.rows().forEach(row -> lines.append(CsvLine.of(row)));
    Stdout.write(lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void printJson(PrintWriter out, SqlRows answer) {
    Set<String> seen = new HashSet<>();
    for (String column : answer.columns()) {
      if (!seen.add(column)) {
        throw new CommandException(
            "two columns are called %s; give one another name with AS"
                .formatted(ForeignText.escape(column)));
      }
    }
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (List<@Nullable Object> row : answer.rows()) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        object.put(answer.columns().get(i), row.get(i));
      }
      rows.add(object);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("columns", answer.columns());
    all.put("rows", rows);
    all.put("cut", answer.cut());
    out.println(AsciiJson.MAPPER.writeValueAsString(all));
  }
}
