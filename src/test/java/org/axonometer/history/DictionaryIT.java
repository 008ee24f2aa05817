package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dictionary in {@code db/README.md} against the database, both ways. */
class DictionaryIT {
  private static final Pattern RELATION = Pattern.compile("### `([a-z0-9_]+)`.*");
  private static final Pattern COLUMNS =
      Pattern.compile("\\| (`[a-z0-9_]+`(?:, `[a-z0-9_]+`)*) \\|.*");
  private static final Pattern NAME = Pattern.compile("`([a-z0-9_]+)`");

  @TempDir private Path home;

  @Test
  void describesEveryTableViewAndColumnAndNoOther() throws IOException {
    Database.bindToLoopback();
    var described = new TreeSet<String>();
    String relation = "";
    for (String line : Files.readAllLines(Path.of("db", "README.md"))) {
      Matcher heading = RELATION.matcher(line);
      Matcher columns = COLUMNS.matcher(line);
      if (heading.matches()) {
        relation = heading.group(1);
      } else if (columns.matches()) {
        Matcher names = NAME.matcher(columns.group(1));
        while (names.find()) {
          assertThat(described.add(relation + "." + names.group(1))).as(line).isTrue();
        }
      }
    }
    try (Database database = Database.own(home)) {
      List<String> stored =
          database
              .jdbc()
              .sql(
                  """
                  SELECT LOWER(table_name || '.' || column_name) AS name
                    FROM information_schema.columns
                   WHERE table_schema = 'PUBLIC'
                     AND table_name NOT LIKE 'BATCH_%' AND table_name <> 'flyway_schema_history'
                  """)
              .query((row, n) -> row.getString("name"))
              .list();
      assertThat(described).containsExactlyInAnyOrderElementsOf(stored);
    }
  }
}
