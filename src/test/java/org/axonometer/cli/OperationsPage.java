package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.axonometer.testing.Shell;

/**
 * docs/operations.md: the commands of the first look, and those of each symptom. A block {@code sh}
 * is a command, {@code exit=n} beside it its exit code ({@code *}: any), a block {@code text} after
 * it the shape of its output.
 */
record OperationsPage(List<String> firstLook, Map<String, List<Step>> symptoms) {
  private static final Pattern FIRST_LOOK = Pattern.compile("(?m)^\\| `(?<command>[^`]+)` \\|");
  private static final Pattern PARTS =
      Pattern.compile(
          "(?m)^## (?<title>.+)$|^```sh(?: exit=(?<exit>\\S+))?\\n(?<command>.+)\\n```$"
              + "|^```text\\n(?<sample>[\\s\\S]+?)\\n```$");

  /** One command, what it ends with, and the shape of lines it prints. */
  record Step(String command, String exitCode, List<String> sample) {}

  static OperationsPage read() throws IOException {
    Map<String, List<Step>> symptoms = new LinkedHashMap<>();
    List<Step> steps = new ArrayList<>();
    String page = Files.readString(Path.of("docs/operations.md"));
    List<String> firstLook =
        FIRST_LOOK
            .matcher(page.substring(0, page.indexOf("\n## ")))
            .results()
            .map(row -> row.group("command"))
            .toList();
    Matcher part = PARTS.matcher(page);
    while (part.find()) {
      if (part.group("title") != null) {
        steps = new ArrayList<>();
        symptoms.put(part.group("title"), steps);
      } else if (part.group("command") != null) {
        steps.add(
            new Step(
                part.group("command"),
                Objects.requireNonNullElse(part.group("exit"), "0"),
                List.of()));
      } else {
        Step step = steps.removeLast();
        List<String> sample = part.group("sample").lines().toList();
        steps.add(new Step(step.command(), step.exitCode(), sample));
      }
    }
    return new OperationsPage(firstLook, symptoms);
  }

  /** The steps of one symptom, to be gone through in order. */
  Handling handling(String symptom, Shell shell) {
    List<Step> steps = symptoms.getOrDefault(symptom, List.of());
    assertThat(steps).as(symptom).isNotEmpty();
    return new Handling(symptom, steps.iterator(), shell);
  }

  /** Where an operator stands in a section. */
  record Handling(String symptom, Iterator<Step> steps, Shell shell) {

    /** Types the next command; exit code and output have to be as written. */
    Shell.Ended next() {
      assertThat(steps.hasNext()).as(symptom + " has a further command").isTrue();
      return run(steps.next());
    }

    /** Types all that are left. */
    void rest() {
      while (steps.hasNext()) {
        run(steps.next());
      }
    }

    private Shell.Ended run(Step step) {
      Shell.Ended ended = shell.run(step.command());
      String said = ended.out() + ended.err();
      String where = "%s: %s%n%s".formatted(symptom, step.command(), said);
      System.out.println("$ " + step.command() + "\n" + said);
      if (!step.exitCode().equals("*")) {
        assertThat(ended.exitCode()).as(where).isEqualTo(Integer.parseInt(step.exitCode()));
      }
      for (String line : step.sample()) {
        assertThat(said.lines().map(String::strip))
            .as(where)
            .anyMatch(shape(line).asMatchPredicate());
      }
      return ended;
    }
  }

  /** {@code …} is anything, a number any number, a space any white space. */
  private static Pattern shape(String line) {
    var regex = new StringBuilder();
    Matcher token = Pattern.compile("\\s*…\\s*|\\s+|\\d+|[^\\s…\\d]+").matcher(line.strip());
    while (token.find()) {
      String text = token.group();
      regex.append(
          text.contains("…")
              ? ".*"
              : text.isBlank()
                  ? "\\s+"
                  : Character.isDigit(text.charAt(0)) ? "\\d+" : Pattern.quote(text));
    }
    return Pattern.compile(regex.toString());
  }
}
