package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The dictionary in {@code db/README.md} against the database, both ways. */
@ParameterizedClass
@EnumSource
class DictionaryIT {
  private static final Pattern RELATION = Pattern.compile("### `([a-z0-9_]+)`.*");
  private static final Pattern COLUMNS =
      Pattern.compile("\\| (`[a-z0-9_]+`(?:, `[a-z0-9_]+`)*) \\| (.*)");
  private static final Pattern NAME = Pattern.compile("`([a-z0-9_]+)`");

  @Parameter private TestStorage storage = TestStorage.H2;

  @TempDir private Path home;

  @Test
  void describesEveryTableViewAndColumnAndNoOther() throws IOException {
    String[] parts =
        Files.readString(Path.of("db", "README.md")).split("## Other people's tables", 2);
    var described = new TreeSet<String>();
    String relation = "";
    for (String line : parts[0].lines().toList()) {
      Matcher heading = RELATION.matcher(line);
      Matcher columns = COLUMNS.matcher(line);
      if (heading.matches()) {
        relation = heading.group(1);
      } else if (columns.matches()
          && (storage == TestStorage.POSTGRESQL
              || !columns.group(2).startsWith("PostgreSQL only: "))) {
        Matcher names = NAME.matcher(columns.group(1));
        while (names.find()) {
          assertThat(described.add(relation + "." + names.group(1))).as(line).isTrue();
        }
      }
    }
    var ours = new TreeSet<String>();
    for (String column : stored()) {
      String table = column.substring(0, column.indexOf('.'));
      boolean named =
          (table.startsWith("batch_") || table.equals("flyway_schema_history"))
              ? parts[1].contains(table)
              : table.startsWith("qrtz_") && parts[1].contains("`qrtz_…`");
      if (!named) {
        ours.add(column);
      }
    }
    assertThat(described).containsExactlyElementsOf(ours);
  }

  /** Every column of every table and view, as {@code table.column}. */
  private List<String> stored() {
    try (Database database = storage.own(home)) {
      return database
          .jdbc()
          .sql(
              """
              SELECT LOWER(table_name || '.' || column_name) AS name
                FROM information_schema.columns
               WHERE LOWER(table_schema) = 'public'
              """)
          .query((row, n) -> row.getString("name"))
          .list();
    }
  }
}
