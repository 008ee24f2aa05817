package org.axonometer.jobs;

import static org.axonometer.jobs.Mistakes.quoted;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One mapping of a job file. Each key is asked for by name; {@link #end} refuses what nobody asked
 * for. A wrong value is noted with its line and read as its fallback, so that one run finds every
 * mistake.
 */
final class Block {
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[-+]?[0-9]{1,18}");
  private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]{1,9}(\\.[0-9]{1,18})?");
  private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

  private final YamlNode.Mapping mapping;
  private final String path;
  private final String form;
  private final String placeholder;
  private final boolean absent;
  private final Reading reading;
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * What the blocks of one file share.
   *
   * @param forms receives each key that is asked for, dotted, with {@code <name>} where the file
   *     chooses the name
   */
  record Reading(Mistakes mistakes, Set<String> forms) {}

  private Block(
      YamlNode.Mapping mapping,
      String path,
      String form,
      String placeholder,
      boolean absent,
      Reading reading) {
    this.mapping = mapping;
    this.path = path;
    this.form = form;
    this.placeholder = placeholder;
    this.absent = absent;
    this.reading = reading;
  }

  /** The whole file. */
  static Block top(YamlNode.Mapping mapping, Reading reading) {
    return new Block(mapping, "", "", "", false, reading);
  }

  boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  /** True when the block is there and has no keys. */
  boolean isEmpty() {
    return !absent && mapping.entries().isEmpty();
  }

  /** The keys of a block whose names the file chooses, in file order. */
  List<String> names() {
    return List.copyOf(mapping.entries().keySet());
  }

  /** Mistakes noted so far in the whole file. */
  int mistakeCount() {
    return reading.mistakes().count();
  }

  /** Notes that the key is wrong: {@code text} follows the key's dotted name. */
  void refuse(String key, String text) {
    YamlNode.Entry entry = mapping.entries().get(key);
    reading
        .mistakes()
        .add(entry == null ? mapping.line() : entry.line(), shownPath(key) + " " + text);
  }

  /** The block below this key; without keys when it is absent or not a mapping. */
  Block block(String key) {
    return below(key, "", entry(key).flatMap(entry -> mapping(key, entry)));
  }

  /**
   * The block below this key whose names the file chooses.
   *
   * @param name what documentation calls such a name, such as {@code <field>}
   */
  Block named(String key, String name) {
    return below(key, name, entry(key).flatMap(entry -> mapping(key, entry)));
  }

  /** As {@link #block}; a bare text counts as the one key {@code shortKey}. */
  Block blockOrBare(String key, String shortKey) {
    return below(
        key,
        "",
        entry(key)
            .flatMap(
                entry ->
                    entry.value() instanceof YamlNode.Scalar
                        ? Optional.of(new YamlNode.Mapping(Map.of(shortKey, entry), entry.line()))
                        : mapping(key, entry)));
  }

  private Block below(String key, String name, Optional<YamlNode.Mapping> found) {
    YamlNode.Mapping there = found.orElseGet(() -> new YamlNode.Mapping(Map.of(), mapping.line()));
    return new Block(
        there, shownPath(key) + ".", formOf(key) + ".", name, found.isEmpty(), reading);
  }

  private Optional<YamlNode.Mapping> mapping(String key, YamlNode.Entry entry) {
    if (entry.value() instanceof YamlNode.Mapping below) {
      return Optional.of(new YamlNode.Mapping(below.entries(), entry.line()));
    }
    refuse(key, "is " + shown(entry.value()) + "; write indented keys below it");
    return Optional.empty();
  }

  private String shownPath(String key) {
    return path + Mistakes.visible(key);
  }

  private String formOf(String key) {
    return form + (placeholder.isEmpty() ? key : placeholder);
  }

  /**
   * Notes a missing required key, unless this whole block is absent or something else stands there.
   *
   * @param allowed what to write
   */
  void require(String key, String allowed) {
    if (!has(key) && !absent) {
      refuse(key, "is missing; " + allowed);
    }
  }

  /** The value as it stands in the file, for keys that hold any JSON value. */
  Optional<YamlNode> any(String key) {
    return entry(key).map(YamlNode.Entry::value);
  }

  /** A text that matches; quotes make no difference. */
  Optional<String> text(String key, Pattern pattern, String allowed) {
    return scalar(
        key,
        allowed,
        scalar -> Optional.of(scalar.text()).filter(text -> pattern.matcher(text).matches()));
  }

  long wholeNumber(String key, long fallback, long least, long most) {
    String allowed =
        "write a whole number without quotes, %d to %d (for example %d)"
            .formatted(least, most, Math.clamp(fallback, least, most));
    return scalar(key, allowed, scalar -> wholeNumber(scalar, least, most)).orElse(fallback);
  }

  double decimal(String key, double fallback, double least, double most) {
    String allowed =
        "write a number without quotes, %s to %s (for example 0.5)".formatted(least, most);
    return scalar(
            key,
            allowed,
            scalar ->
                Optional.of(scalar)
                    .filter(number -> plain(number, DECIMAL))
                    .map(number -> Double.parseDouble(number.text()))
                    .filter(number -> number >= least && number <= most))
        .orElse(fallback);
  }

  Optional<Boolean> trueOrFalse(String key) {
    return scalar(
        key,
        "write true or false without quotes",
        scalar ->
            switch (scalar.text()) {
              case "true" -> Optional.of(true).filter(ignored -> scalar.plain());
              case "false" -> Optional.of(false).filter(ignored -> scalar.plain());
              default -> Optional.empty();
            });
  }

  Optional<Duration> duration(String key, Duration least, Duration most, Duration example) {
    String allowed =
        "write a duration with a unit, %s to %s (for example %s)"
            .formatted(Quantities.show(least), Quantities.show(most), Quantities.show(example));
    return scalar(
        key,
        allowed,
        scalar ->
            Quantities.duration(scalar.text())
                .filter(time -> time.compareTo(least) >= 0 && time.compareTo(most) <= 0));
  }

  int bytes(String key, int fallback, int least, int most) {
    String allowed =
        "write a size with a unit, %s to %s (for example %s)"
            .formatted(Quantities.show(least), Quantities.show(most), Quantities.show(fallback));
    return scalar(
            key,
            allowed,
            scalar ->
                Quantities.bytes(scalar.text()).filter(bytes -> bytes >= least && bytes <= most))
        .map(Long::intValue)
        .orElse(fallback);
  }

  /** One of the enum's constants, written in lower case with {@code -} between words. */
  <E extends Enum<E>> E choice(String key, E fallback) {
    List<E> choices = Arrays.asList(fallback.getDeclaringClass().getEnumConstants());
    List<String> words = choices.stream().map(Block::word).toList();
    return scalar(
            key,
            "write " + either(words),
            scalar ->
                choices.stream().filter(choice -> word(choice).equals(scalar.text())).findFirst())
        .orElse(fallback);
  }

  /**
   * A list of plain values, each read by {@code reader}; an empty result or an
   * IllegalArgumentException refuses the item.
   */
  <T> List<T> list(
      String key, int most, String allowed, Function<YamlNode.Scalar, Optional<T>> reader) {
    Optional<YamlNode.Entry> entry = entry(key);
    if (entry.isEmpty()) {
      return List.of();
    }
    if (!(entry.get().value() instanceof YamlNode.Sequence sequence)) {
      refuse(key, "is " + shown(entry.get().value()) + "; " + allowed);
      return List.of();
    }
    if (sequence.items().size() > most) {
      refuse(key, "has " + sequence.items().size() + " items; at most " + most + " are allowed");
      return List.of();
    }
    Set<T> values = new LinkedHashSet<>();
    for (YamlNode item : sequence.items()) {
      item(key, item, allowed, reader)
          .filter(value -> !values.add(value))
          .ifPresent(value -> refuseItem(key, item, " twice; write it once"));
    }
    return List.copyOf(values);
  }

  private <T> Optional<T> item(
      String key, YamlNode item, String allowed, Function<YamlNode.Scalar, Optional<T>> reader) {
    try {
      Optional<T> value =
          item instanceof YamlNode.Scalar scalar ? reader.apply(scalar) : Optional.empty();
      if (value.isEmpty()) {
        refuseItem(key, item, "; " + allowed);
      }
      return value;
    } catch (IllegalArgumentException e) {
      refuseItem(key, item, "; " + Mistakes.visible(said(e)));
      return Optional.empty();
    }
  }

  private void refuseItem(String key, YamlNode item, String text) {
    reading.mistakes().add(item.line(), shownPath(key) + " has " + shown(item) + text);
  }

  /** Refuses the keys that were never asked for. */
  void end() {
    mapping.entries().keySet().stream()
        .filter(key -> !known.contains(key))
        .forEach(
            key -> {
              String hint =
                  Nearest.to(key, known)
                      .map(nearest -> "did you mean \"" + nearest + "\"? Keys")
                      .orElse("keys");
              String text = "is not a key; " + hint + " here: " + String.join(", ", known);
              refuse(key, text);
            });
  }

  static Optional<Long> wholeNumber(YamlNode.Scalar scalar, long least, long most) {
    return Optional.of(scalar)
        .filter(number -> plain(number, WHOLE_NUMBER))
        .map(number -> Long.parseLong(number.text()))
        .filter(number -> number >= least && number <= most);
  }

  /** {@code a, b or c}. */
  static String either(Collection<String> words) {
    List<String> all = List.copyOf(words);
    return all.size() < 2
        ? String.join("", all)
        : String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.getLast();
  }

  /** The value as a message shows it. */
  static String shown(YamlNode node) {
    return switch (node) {
      case YamlNode.Mapping ignored -> "a mapping";
      case YamlNode.Sequence ignored -> "a list";
      case YamlNode.Scalar scalar -> isNothing(scalar) ? "empty" : quoted(scalar.text());
    };
  }

  /** One value; an empty result of {@code reader} refuses it. */
  <T> Optional<T> scalar(
      String key, String allowed, Function<YamlNode.Scalar, Optional<T>> reader) {
    Optional<YamlNode.Entry> entry = entry(key);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    YamlNode node = entry.get().value();
    Optional<T> value =
        node instanceof YamlNode.Scalar scalar && !isNothing(scalar)
            ? reader.apply(scalar)
            : Optional.empty();
    if (value.isEmpty()) {
      refuse(key, "is " + shown(node) + "; " + allowed);
    }
    return value;
  }

  private Optional<YamlNode.Entry> entry(String key) {
    known.add(key);
    reading.forms().add(formOf(key));
    return Optional.ofNullable(mapping.entries().get(key));
  }

  /** One value as another room reads it; its IllegalArgumentException says what is allowed. */
  <T> Optional<T> parsed(String key, Function<String, T> parser) {
    Optional<String> text = scalar(key, "write a text", scalar -> Optional.of(scalar.text()));
    try {
      return text.map(parser);
    } catch (IllegalArgumentException e) {
      refuse(key, "is " + quoted(text.orElse("")) + "; " + Mistakes.visible(said(e)));
      return Optional.empty();
    }
  }

  static String said(IllegalArgumentException e) {
    return e.getMessage() == null ? "not allowed" : e.getMessage();
  }

  private static boolean isNothing(YamlNode.Scalar scalar) {
    return scalar.plain() && NOTHING.contains(scalar.text());
  }

  private static boolean plain(YamlNode.Scalar scalar, Pattern pattern) {
    return scalar.plain() && pattern.matcher(scalar.text()).matches();
  }

  /** The constant as it stands in a file. */
  static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
