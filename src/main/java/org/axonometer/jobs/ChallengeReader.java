package org.axonometer.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.axonometer.jobs.ChallengeRule.Limits;
import org.axonometer.jobs.ChallengeRule.Order;
import org.axonometer.jobs.ChallengeRule.Per;
import org.axonometer.synapse.SynapseType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads the {@code challenge} block: where request fields come from that are no constants. */
final class ChallengeReader {
  private static final Pattern STATEMENT = Pattern.compile("(?s).{1,20000}");
  private static final int MOST_WORDS = 256;
  private static final int MIB = 1_048_576;
  private static final long MOST_SEED = 999_999_999_999_999_999L;
  private static final String KINDS = "write template, jsonl, sql or command";

  /** Which keys belong to which kind of source. */
  private static final Map<From, Set<String>> OWN_KEYS =
      Map.of(
          From.TEMPLATE, Set.of("fields"),
          From.JSONL, Set.of("file", "order", "shuffle-seed", "repeats"),
          From.SQL, Set.of("query", "timeout"),
          From.COMMAND, Set.of("command", "timeout"));

  private enum From {
    TEMPLATE,
    JSONL,
    SQL,
    COMMAND
  }

  private final Block job;
  private final Path folder;
  private final Function<String, Path> resolved;

  /**
   * @param folder the job file's
   * @param resolved how a path in the file is meant
   */
  ChallengeReader(Block job, Path folder, Function<String, Path> resolved) {
    this.job = job;
    this.folder = folder;
    this.resolved = resolved;
  }

  /** Empty for a job that asks constants; also after a mistake, which is noted. */
  Optional<ChallengeRule> rule(Optional<SynapseReader.Asked> asked) {
    int before = job.mistakeCount();
    Block block = job.block("challenge");
    block.require("from", KINDS);
    From from = block.choice("from", From.TEMPLATE);
    Per per = block.choice("per", Per.TARGET);
    Block fields = block.named("fields", "<field>");
    ObjectNode template = template(fields, per, asked);
    Path file = block.parsed("file", resolved).orElse(folder);
    Order order = block.choice("order", JobDefaults.CHALLENGE_ORDER);
    long shuffleSeed = block.wholeNumber("shuffle-seed", 0, 0, MOST_SEED);
    boolean repeats = block.trueOrFalse("repeats").orElse(JobDefaults.CHALLENGE_REPEATS);
    Optional<String> query =
        block.text("query", STATEMENT, "write one SELECT, 20000 characters at most");
    List<String> words = words(block);
    Limits limits =
        new Limits(
            block
                .duration(
                    "timeout",
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(10),
                    JobDefaults.CHALLENGE_TIMEOUT)
                .orElse(JobDefaults.CHALLENGE_TIMEOUT),
            block.bytes("max-size", JobDefaults.CHALLENGE_MAX_BYTES, 1_024, 256 * MIB),
            block.bytes("max-body", JobDefaults.CHALLENGE_MAX_BODY_BYTES, 1_024, MIB));
    if (job.has("challenge")) {
      checkKeys(block, from, order);
    }
    block.end();
    if (!job.has("challenge") || job.mistakeCount() > before) {
      return Optional.empty();
    }
    ChallengeRule.Source source =
        switch (from) {
          case TEMPLATE -> new ChallengeRule.Template(template);
          case JSONL -> new ChallengeRule.Lines(file, order, shuffleSeed, repeats);
          case SQL -> new ChallengeRule.Query(query.orElseThrow());
          case COMMAND -> new ChallengeRule.Command(words, folder);
        };
    return Optional.of(new ChallengeRule(source, per, limits));
  }

  private static void checkKeys(Block block, From from, Order order) {
    switch (from) {
      case TEMPLATE -> block.require("fields", "write request fields with their texts below it");
      case JSONL -> block.require("file", "write the path of a file with a JSON object per line");
      case SQL -> block.require("query", "write one SELECT whose columns are request fields");
      case COMMAND ->
          block.require("command", "write a list of words (for example [python3, ask.py])");
    }
    OWN_KEYS.values().stream()
        .flatMap(Set::stream)
        .distinct()
        .filter(key -> block.has(key) && !OWN_KEYS.getOrDefault(from, Set.of()).contains(key))
        .sorted()
        .forEach(
            key ->
                block.refuse(
                    key, "has no meaning with from: %s; remove it".formatted(Block.word(from))));
    if (from == From.JSONL && order != Order.SHUFFLED && block.has("shuffle-seed")) {
      block.refuse("shuffle-seed", "has no meaning here; write order: shuffled, or remove it");
    }
  }

  /** The words of {@code command}, in order; unlike in other lists one may stand twice. */
  static List<String> words(Block block) {
    Optional<YamlNode> value = block.any("command");
    if (value.isEmpty()) {
      return List.of();
    }
    List<String> words = new ArrayList<>();
    if (value.get() instanceof YamlNode.Sequence sequence
        && !sequence.items().isEmpty()
        && sequence.items().size() <= MOST_WORDS) {
      for (YamlNode item : sequence.items()) {
        if (item instanceof YamlNode.Scalar scalar
            && scalar.text().indexOf('\0') < 0
            && scalar.text().length() <= 4_096) {
          words.add(scalar.text());
        }
      }
      if (words.size() == sequence.items().size() && !words.getFirst().isBlank()) {
        return words;
      }
    }
    block.refuse(
        "command",
        "is %s; write a list of the program and its arguments, at most %d texts (for example [python3, ask.py])"
            .formatted(Block.shown(value.get()), MOST_WORDS));
    return List.of();
  }

  private static ObjectNode template(Block fields, Per per, Optional<SynapseReader.Asked> asked) {
    ObjectNode template = JsonNodeFactory.instance.objectNode();
    for (String field : fields.names()) {
      if (asked.isPresent() && !requestNames(asked.get().type()).contains(field)) {
        fields.refuse(
            field,
            "is not a request field; those are " + Block.either(requestNames(asked.get().type())));
        continue;
      }
      Optional<YamlNode> node = fields.any(field);
      try {
        JsonNode value = JsonValue.of(node.orElseThrow());
        Set<String> names = TemplateText.namesIn(value);
        names.retainAll(TemplateText.OF_A_TARGET);
        if (per == Per.ROUND && !names.isEmpty()) {
          fields.refuse(
              field,
              "has {%s}, which differs by target; write per: target, or remove it"
                  .formatted(String.join("}, {", names)));
        }
        template.set(field, value);
      } catch (IllegalArgumentException e) {
        fields.refuse(
            field,
            "is %s; %s"
                .formatted(node.map(Block::shown).orElse(""), Mistakes.visible(Block.said(e))));
      }
    }
    return template;
  }

  private static List<String> requestNames(SynapseType type) {
    return type.requestFields().stream().map(SynapseType.Field::name).toList();
  }
}
