package org.axonometer.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** All that was counted in this process, as a table: {@code target/torture.md}, and printed. */
final class TortureReport {
  /** Whether fewer faults than were asked for are no failure when the time is over. */
  static final boolean MAY_BE_CUT_SHORT = Boolean.getBoolean("axonometer.torture.partial");

  private static final Duration LONGEST =
      Duration.ofMinutes(Integer.getInteger("axonometer.torture.minutes", 600));
  private static final List<Tally> TALLIES = new CopyOnWriteArrayList<>();
  private static final List<String> NOTES = new CopyOnWriteArrayList<>();
  private static final long BEGAN_NANOS = System.nanoTime();

  private TortureReport() {}

  static void add(Tally tally) {
    TALLIES.add(tally);
  }

  /** What a reader of the table has to know. */
  static void note(String text) {
    NOTES.add(text);
    System.out.println("torture: " + text);
  }

  /** Whether the time given to the whole run is over, which is told. */
  static boolean cutShort(Tally tally) {
    if (System.nanoTime() - BEGAN_NANOS < LONGEST.toNanos()) {
      return false;
    }
    note("CUT SHORT by --minutes: %s has not had all its faults".formatted(tally.name()));
    return true;
  }

  /** Writes and prints what there is so far. */
  static void write() {
    if (TALLIES.isEmpty() && NOTES.isEmpty()) {
      return;
    }
    String text = text();
    System.out.println(text);
    try {
      Files.writeString(Path.of("target", "torture.md"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text() {
    List<String> lines = new ArrayList<>();
    Duration took = Duration.ofNanos(System.nanoTime() - BEGAN_NANOS);
    lines.add(
        "%s, %d min %d s, %d processors, load %.1f at the end, JDK %s, seed %d"
            .formatted(
                LocalDate.now(ZoneOffset.UTC),
                took.toMinutes(),
                took.toSecondsPart(),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Runtime.version(),
                TortureRun.SEED));
    NOTES.forEach(note -> lines.add("- " + note));
    lines.add("");
    lines.add(row("", TALLIES.stream().map(Tally::name).toList()));
    lines.add(row("---", TALLIES.stream().map(tally -> "---").toList()));
    lines.add(sum("**kills**", "kill "));
    lines.add(sum("**pauses**", "pause"));
    SortedSet<String> kinds = new TreeSet<>();
    TALLIES.forEach(tally -> kinds.addAll(tally.counts().keySet()));
    kinds.forEach(
        kind -> lines.add(row(kind, TALLIES.stream().map(t -> cell(t.of(kind))).toList())));
    lines.add(
        row("**violations**", TALLIES.stream().map(t -> "" + t.violations().size()).toList()));
    TALLIES.forEach(
        tally -> tally.violations().forEach(what -> lines.add("- " + tally.name() + ": " + what)));
    return String.join("\n", lines) + "\n";
  }

  private static String sum(String name, String prefix) {
    return row(name, TALLIES.stream().map(tally -> cell(tally.sum(prefix))).toList());
  }

  private static String cell(int count) {
    return count == 0 ? "" : Integer.toString(count);
  }

  private static String row(String first, List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| " + first + " | ", " |"));
  }
}
