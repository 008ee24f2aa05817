package org.axonometer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonometer.testing.SharedFolder;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The page of faults is whole, and what it names is there. */
class FaultListTest {
  private static final Map<String, Integer> CASES =
      Map.of("H", 30, "C", 22, "A", 13, "S", 9, "J", 6, "W", 6, "D", 16, "R", 6, "K", 4);
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| ([A-Z]\\d\\d) \\| [^|]+ \\| (.+) \\|$");
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:Test|IT|Run))(?:#(\\w+))?`");

  /** The page's third column by number. */
  private static Map<String, String> rows() throws IOException {
    Map<String, String> rows = new LinkedHashMap<>();
    Matcher row = ROW.matcher(Files.readString(Path.of("docs", "faults.md"), UTF_8));
    while (row.find()) {
      assertThat(rows.put(row.group(1), row.group(2))).as(row.group(1)).isNull();
    }
    return rows;
  }

  private static Map<String, String> sourcesByClass() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
      Map<String, String> sources = new LinkedHashMap<>();
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        sources.merge(name, Files.readString(file, UTF_8), String::concat);
      }
      return sources;
    }
  }

  @Test
  void everyCaseIsListed() throws IOException {
    assertThat(rows().keySet())
        .containsExactlyInAnyOrderElementsOf(
            CASES.entrySet().stream()
                .flatMap(
                    group ->
                        IntStream.rangeClosed(1, group.getValue())
                            .mapToObj(i -> group.getKey() + "%02d".formatted(i)))
                .collect(Collectors.toList()));
  }

  /** The sections this page is about, in the catalogue it follows. */
  @Test
  void theCatalogueHasNoOthers() throws IOException {
    Path catalogue = SharedFolder.file("faults.md");
    Assumptions.assumeTrue(Files.exists(catalogue), "skipped: there is no " + catalogue);
    TreeSet<String> ids = new TreeSet<>();
    Matcher row =
        Pattern.compile("(?m)^\\| ([" + String.join("", CASES.keySet()) + "]\\d\\d) \\|")
            .matcher(Files.readString(catalogue, UTF_8));
    while (row.find()) {
      ids.add(row.group(1));
    }
    assertThat(new TreeSet<>(rows().keySet())).isEqualTo(ids);
  }

  @Test
  void everyTestNamedExists() throws IOException {
    Map<String, String> sources = sourcesByClass();
    List<String> wrong = new ArrayList<>();
    rows()
        .forEach(
            (id, text) -> {
              Matcher named = NAMED.matcher(text);
              boolean any = text.startsWith("None");
              while (named.find()) {
                any = true;
                String source = sources.getOrDefault(named.group(1), "");
                boolean there =
                    named.group(2) == null
                        ? !source.isEmpty()
                        : source.contains(" void " + named.group(2) + "(");
                if (!there) {
                  wrong.add(id + ": " + named.group());
                }
              }
              if (!any) {
                wrong.add(id + ": neither a test nor why none");
              }
            });
    assertThat(wrong).isEmpty();
  }

  @Test
  void whatTheHostileAxonsAreNamedForTheyDo() throws IOException {
    Map<String, String> sources = sourcesByClass();
    String scripted = sources.get("HostileTransport") + sources.get("HostileContent");
    assertThat(
            rows().entrySet().stream()
                .filter(row -> row.getValue().contains("HostileAxonsIT"))
                .map(Map.Entry::getKey))
        .isNotEmpty()
        .allMatch(id -> scripted.contains("\"" + id + "\""));
  }
}
