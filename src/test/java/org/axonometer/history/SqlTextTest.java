package org.axonometer.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Statements are constants, and everything that varies is bound. */
class SqlTextTest {
  /** Where a part of a statement is put in as text, and whose text it is. */
  private static final Map<String, String> GLUED =
      Map.of(
          "BatchRows", "names of Spring Batch's tables",
          "BodyPartitions", "names of our own partitions, made of a round's number",
          "DenseFile", "names of the tables there are, as the database tells them",
          "HistoryCopy", "names of our own tables and columns",
          "PostgresEngine", "an advice that is read, not run",
          "ReaderAccount", "a password of hexadecimal digits that we made",
          "Retention", "names of our own tables, and our own conditions");

  private static final Pattern LITERAL =
      Pattern.compile("\"\"\"(.*?)\"\"\"|\"((?:[^\"\\\\\\n]|\\\\.)*)\"", Pattern.DOTALL);
  private static final Pattern STATEMENT =
      Pattern.compile(
          "\\b(SELECT\\s.*\\sFROM|INSERT INTO|UPDATE \\w+|DELETE FROM|ALTER \\w+|CREATE \\w+|DROP \\w+)",
          Pattern.DOTALL);
  private static final Pattern GLUE_BEHIND =
      Pattern.compile("\\s*(\\+|\\.formatted|\\.replace|\\.concat).*", Pattern.DOTALL);
  private static final Pattern GLUE_BEFORE = Pattern.compile(".*\\+\\s*", Pattern.DOTALL);

  private static List<String> glued(String source) {
    List<String> glued = new ArrayList<>();
    Matcher literal = LITERAL.matcher(source);
    while (literal.find()) {
      boolean glue =
          GLUE_BEHIND.matcher(source.substring(literal.end())).matches()
              || GLUE_BEFORE.matcher(source.substring(0, literal.start())).matches();
      if (glue && STATEMENT.matcher(literal.group()).find()) {
        glued.add(literal.group());
      }
    }
    return glued;
  }

  @Test
  void onlyNamesOfOurOwnArePutIntoAStatementAsText() throws IOException {
    TreeSet<String> found = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        if (!glued(Files.readString(file, UTF_8)).isEmpty()) {
          found.add(file.getFileName().toString().replace(".java", ""));
        }
      }
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(GLUED.keySet());
  }

  @Test
  void glueIsSeen() {
    assertThat(glued("jdbc.sql(\"SELECT a FROM b WHERE c = '\" + text + \"'\")")).hasSize(1);
    assertThat(glued("jdbc.sql(\"DELETE FROM b WHERE c = %s\".formatted(text))")).hasSize(1);
    assertThat(glued("jdbc.sql(\"\"\"\n  UPDATE b SET c = :c\n  \"\"\").param(\"c\", text)"))
        .isEmpty();
  }
}
