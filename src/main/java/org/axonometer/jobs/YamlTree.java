package org.axonometer.jobs;

import static org.axonometer.jobs.Mistakes.quoted;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The plain part of YAML as a tree with lines: one document of mappings, sequences and scalars.
 * Tags, anchors, aliases, directives and duplicate keys are mistakes, so nothing is built from a
 * name in the file and nothing grows.
 */
final class YamlTree {
  private static final int DEEPEST = 32;
  private static final String YAML_TAGS = "tag:yaml.org,2002:";
  private static final LoadSettings SETTINGS = LoadSettings.builder().build();

  private final Mistakes mistakes;
  private final Iterator<Event> events;

  private YamlTree(Iterator<Event> events, Mistakes mistakes) {
    this.events = events;
    this.mistakes = mistakes;
  }

  /** The file's one mapping; JobException when it is not plain YAML with a mapping at the top. */
  static YamlNode.Mapping of(String source, Mistakes mistakes) {
    refuseHalfCharacters(source, mistakes);
    try {
      return new YamlTree(new Parse(SETTINGS).parseString(source).iterator(), mistakes).document();
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(YamlTree::line).orElse(1);
      mistakes.add(line, notYaml(source, line, e));
    } catch (ReaderException e) {
      mistakes.add(
          lineAt(source, e.getPosition()),
          "U+%04X is not allowed in YAML; remove that character".formatted(e.getCodePoint()));
    } catch (YamlEngineException e) {
      mistakes.add(1, "not YAML: " + Mistakes.visible(String.valueOf(e.getMessage())));
    }
    throw mistakes.refusal();
  }

  /**
   * Half of a surrogate pair is no text, and the parser's reader trips over one at its buffer's
   * end.
   */
  private static void refuseHalfCharacters(String source, Mistakes mistakes) {
    int at = 0;
    while (at < source.length()) {
      int character = source.codePointAt(at);
      if (Character.getType(character) == Character.SURROGATE) {
        mistakes.add(
            1 + (int) source.substring(0, at).chars().filter(c -> c == '\n').count(),
            "U+%04X is not allowed in YAML; remove that character".formatted(character));
        throw mistakes.refusal();
      }
      at += Character.charCount(character);
    }
  }

  private static String notYaml(String source, int line, MarkedYamlEngineException e) {
    String text = source.lines().skip(line - 1L).findFirst().orElse("");
    if (text.substring(0, text.length() - text.stripLeading().length()).contains("\t")) {
      return "a tab at the start of the line; indent with spaces";
    }
    String context = e.getContext() == null ? "" : e.getContext() + ": ";
    String problem = String.valueOf(e.getProblem());
    return "not YAML: " + Mistakes.visible(context + problem) + advice(problem);
  }

  private static String advice(String problem) {
    if (problem.endsWith("but got [")) {
      return "; inside { } put quotes around a type with brackets";
    }
    if (problem.equals("mapping values are not allowed here")) {
      return "; put quotes around a text that contains a colon";
    }
    return "";
  }

  private static int lineAt(String source, int codePoints) {
    int end =
        source.offsetByCodePoints(
            0, Math.min(codePoints, source.codePointCount(0, source.length())));
    return 1 + (int) source.substring(0, end).chars().filter(c -> c == '\n').count();
  }

  private YamlNode.Mapping document() {
    Event streamStart = events.next();
    Event first = events.next();
    if (!(first instanceof DocumentStartEvent start)) {
      mistakes.add(line(streamStart), "the file is empty; start from jobs/dummy.yaml");
      throw mistakes.refusal();
    }
    if (start.getSpecVersion().isPresent() || !start.getTags().isEmpty()) {
      mistakes.add(1, "a % directive; write plain YAML without directives");
    }
    YamlNode top = node(events.next(), 1);
    events.next(); // the document's end
    if (events.next() instanceof DocumentStartEvent second) {
      mistakes.add(line(second), "a second document; write one job per file");
    }
    mistakes.refuse();
    if (top instanceof YamlNode.Mapping mapping) {
      return mapping;
    }
    if (top instanceof YamlNode.Scalar scalar && scalar.plain() && scalar.text().isEmpty()) {
      mistakes.add(top.line(), "the file is empty; start from jobs/dummy.yaml");
    } else {
      mistakes.add(top.line(), "not a job; write \"key: value\" lines (for example netuid: 1)");
    }
    throw mistakes.refusal();
  }

  private YamlNode node(Event event, int depth) {
    if (depth > DEEPEST) {
      mistakes.add(line(event), "nested deeper than " + DEEPEST + " levels");
      throw mistakes.refusal();
    }
    refuseReferences(event);
    return switch (event) {
      case ScalarEvent scalar ->
          new YamlNode.Scalar(scalar.getValue(), scalar.isPlain(), line(scalar));
      case SequenceStartEvent start -> sequence(start, depth);
      case MappingStartEvent start -> mapping(start, depth);
      default -> new YamlNode.Scalar("", true, line(event)); // an alias, already refused
    };
  }

  private YamlNode.Sequence sequence(SequenceStartEvent start, int depth) {
    List<YamlNode> items = new ArrayList<>();
    for (Event next = events.next();
        next.getEventId() != Event.ID.SequenceEnd;
        next = events.next()) {
      items.add(node(next, depth + 1));
    }
    return new YamlNode.Sequence(items, line(start));
  }

  private YamlNode.Mapping mapping(MappingStartEvent start, int depth) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    for (Event next = events.next();
        next.getEventId() != Event.ID.MappingEnd;
        next = events.next()) {
      YamlNode key = node(next, depth + 1);
      YamlNode value = node(events.next(), depth + 1);
      if (!(key instanceof YamlNode.Scalar name)) {
        mistakes.add(key.line(), "a list or mapping as a key; write a name as the key");
      } else {
        YamlNode.Entry first =
            entries.putIfAbsent(name.text(), new YamlNode.Entry(key.line(), value));
        if (first != null) {
          mistakes.add(
              key.line(),
              quoted(name.text())
                  + " stands twice, first in line "
                  + first.line()
                  + "; write it once");
        }
      }
    }
    return new YamlNode.Mapping(entries, line(start));
  }

  private void refuseReferences(Event event) {
    if (event instanceof AliasEvent alias) {
      mistakes.add(
          line(event), quoted("*" + alias.getAlias()) + " is an alias; write the value out");
    } else if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      mistakes.add(
          line(event),
          quoted("&" + node.getAnchor().get()) + " is an anchor; remove it and write values out");
    }
    Optional<String> tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case CollectionStartEvent collection -> collection.getTag();
          default -> Optional.empty();
        };
    tag.ifPresent(
        name ->
            mistakes.add(
                line(event), quoted(name.replace(YAML_TAGS, "!!")) + " is a YAML tag; remove it"));
  }

  private static int line(Event event) {
    return event.getStartMark().map(YamlTree::line).orElse(1);
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }
}
