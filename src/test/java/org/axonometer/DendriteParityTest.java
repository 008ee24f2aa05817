package org.axonometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/dendrite-parity.md} names nothing that is not there. */
class DendriteParityTest {
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*)#(\\w+)`");
  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPackages("org.axonometer");

  private record Row(int line, List<String> cells) {}

  private static List<Row> rows() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("docs/dendrite-parity.md"));
    List<Row> rows = new ArrayList<>();
    // What follows is read by scripts/interop.
    int end = lines.indexOf("## Differences found side by side");
    for (int i = 0; i < end; i++) {
      String line = lines.get(i);
      if (line.startsWith("| ") && !line.startsWith("| Python |")) {
        rows.add(new Row(i + 1, Stream.of(line.split("\\|")).skip(1).map(String::strip).toList()));
      }
    }
    return rows;
  }

  @Test
  void everyNameInItsTablesExists() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Row row : rows()) {
      for (String cell : row.cells().subList(1, 3)) {
        NAMED
            .matcher(cell)
            .results()
            .filter(named -> !exists(named.group(1), named.group(2)))
            .forEach(named -> missing.add(row.line() + ": " + named.group()));
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyRowNamesOursAProofAndWhetherItDiffers() throws IOException {
    assertThat(rows())
        .hasSizeGreaterThan(40)
        .allSatisfy(
            row -> {
              assertThat(row.cells()).as("line %d", row.line()).hasSize(4);
              assertThat(row.cells().get(1)).as("line %d", row.line()).containsPattern(NAMED);
              assertThat(row.cells().get(2))
                  .as("line %d", row.line())
                  .containsPattern("`\\w+(Test|IT)#\\w+`");
              assertThat(row.cells().get(3)).as("line %d", row.line()).isNotEmpty();
            });
  }

  private static boolean exists(String simpleName, String member) {
    return CLASSES.stream()
        .filter(type -> type.getSimpleName().equals(simpleName))
        .anyMatch(type -> has(type, member));
  }

  private static boolean has(JavaClass type, String member) {
    return type.getSimpleName().equals(member)
        || type.getMethods().stream().anyMatch(method -> method.getName().equals(member));
  }
}
