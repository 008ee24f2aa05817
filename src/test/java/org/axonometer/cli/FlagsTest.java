package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A command offers the folders and the database it uses, and no other. */
class FlagsTest {
  private static final Set<String> PLACES = Set.of("--home", "--jobs", "--db");
  private static final Set<String> ALL = PLACES;
  private static final Set<String> HISTORY = Set.of("--home", "--db");

  @Test
  void eachCommandOffersWhatItUses() {
    Map<String, Set<String>> offered = new TreeMap<>();
    collect("", Axonometer.commandLine(), offered);
    assertThat(offered)
        .containsAllEntriesOf(
            Map.of(
                "plan", ALL, "prune", ALL, "run", ALL, "serve", ALL, "status", ALL, "doctor", ALL))
        .containsAllEntriesOf(
            Map.of(
                "backup", HISTORY,
                "explain", HISTORY,
                "export", HISTORY,
                "rerun", HISTORY,
                "rounds", HISTORY,
                "show", HISTORY,
                "sql", HISTORY,
                "verify", HISTORY))
        .containsAllEntriesOf(
            Map.of(
                "ask", Set.of("--home", "--jobs"),
                "restore", Set.of("--home"),
                "snapshot fetch", Set.of("--home"),
                "snapshot show", Set.of(),
                "mock-axons", Set.of(),
                "wallet check", Set.of()));
  }

  private static void collect(String name, CommandLine command, Map<String, Set<String>> offered) {
    Set<String> names = new TreeSet<>();
    command.getCommandSpec().options().forEach(option -> names.add(option.longestName()));
    names.retainAll(PLACES);
    offered.put(name, names);
    command
        .getSubcommands()
        .forEach((word, below) -> collect((name + " " + word).strip(), below, offered));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "show 1 --jobs x",
        "restore x.zip --db h2",
        "snapshot fetch --network finney --netuid 1 --db h2",
        "ask 1 --db h2"
      })
  void anotherFlagIsAMistake(String line) {
    StringWriter err = new StringWriter();
    int exitCode =
        Axonometer.commandLine().setErr(new PrintWriter(err)).execute(line.split(" ", -1));
    assertThat(exitCode).as(line).isEqualTo(1);
    assertThat(err.toString()).contains("Unknown option");
  }
}
