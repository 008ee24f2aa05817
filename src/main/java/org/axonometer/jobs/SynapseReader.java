package org.axonometer.jobs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.axonometer.synapse.PythonType;
import org.axonometer.synapse.Question;
import org.axonometer.synapse.Streaming;
import org.axonometer.synapse.SynapseType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the {@code synapse} block: the class as the axon declares it, and the values that are sent.
 */
final class SynapseReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_]+");
  private static final int MOST_FIELDS = 256;
  private static final int MOST_MODEL_FIELDS = 1_000;

  /**
   * What is asked of every axon.
   *
   * @param fields a value for each request field; some may be missing in a job with a challenge
   */
  record Asked(SynapseType type, ObjectNode fields) {

    /** The same of a class that streams. */
    Asked streaming(Streaming streaming) {
      return new Asked(type.streaming(streaming), fields);
    }

    Set<String> responseNames() {
      Set<String> names = new LinkedHashSet<>();
      type.responseFields().forEach(field -> names.add(field.name()));
      return names;
    }
  }

  private final Block job;
  private final Block synapse;
  private final Map<String, PythonType.Model> models = new LinkedHashMap<>();
  private final Map<String, Integer> modelSizes = new HashMap<>();
  private final ObjectNode values = JsonNodeFactory.instance.objectNode();
  private final int mistakesBefore;
  private final Map<String, String> given;

  SynapseReader(Block job) {
    this(job, Map.of());
  }

  /**
   * @param given request fields' values from the command line, in the place of the file's
   */
  SynapseReader(Block job, Map<String, String> given) {
    this.job = job;
    this.given = Map.copyOf(given);
    this.mistakesBefore = job.mistakeCount();
    job.require(
        "synapse", "write name, request and response below it, as the axon's class has them");
    this.synapse = job.block("synapse");
  }

  /** Empty when a mistake was noted. */
  Optional<Asked> asked() {
    String name = name();
    readModels();
    Block requestBlock = synapse.named("request", "<field>");
    Block responseBlock = synapse.named("response", "<field>");
    List<SynapseType.Field> request = fields(requestBlock, Place.REQUEST);
    List<SynapseType.Field> response = fields(responseBlock, Place.RESPONSE);
    checkNames(requestBlock, responseBlock);
    List<String> listed = listedHashFields(requestBlock, responseBlock);
    SynapseType.HashOrder order = synapse.choice("hash-order", SynapseType.HashOrder.DECLARED);
    Optional<Streaming> streaming = streaming(response);
    synapse.end();
    if (hasMistakes()) {
      return Optional.empty();
    }
    List<String> hashFields = SynapseType.hashOrder(joined(request, response), listed, order);
    // Each field by itself first: what is refused there is refused at the field's own line.
    request.forEach(
        field -> ask(requestBlock, field.name(), name, List.of(field), List.of(), hashFields));
    response.forEach(
        field -> ask(responseBlock, field.name(), name, List.of(), List.of(field), hashFields));
    return hasMistakes()
        ? Optional.empty()
        : ask(job, "synapse", name, request, response, hashFields)
            .map(asked -> streaming.map(asked::streaming).orElse(asked));
  }

  /** Empty when the class answers in one body. */
  private Optional<Streaming> streaming(List<SynapseType.Field> response) {
    boolean streams = synapse.trueOrFalse("streaming").orElse(false);
    Streaming.Parser parser = synapse.choice("stream-parser", Streaming.Parser.TEXT);
    List<String> names = response.stream().map(SynapseType.Field::name).toList();
    Optional<String> field =
        synapse
            .parsed("stream-field", text -> responseField(text, names))
            .or(() -> names.stream().findFirst());
    if (!streams) {
      for (String key : List.of("stream-parser", "stream-field")) {
        if (synapse.has(key)) {
          synapse.refuse(key, "has no meaning without streaming: true");
        }
      }
      return Optional.empty();
    }
    response.stream()
        .filter(declared -> field.filter(declared.name()::equals).isPresent())
        .forEach(declared -> checkFits(parser, declared));
    return Optional.of(new Streaming(parser, field));
  }

  private static String responseField(String text, List<String> names) {
    if (!names.contains(text)) {
      throw new IllegalArgumentException(
          "that is no response field; those are " + String.join(", ", names));
    }
    return text;
  }

  private void checkFits(Streaming.Parser parser, SynapseType.Field field) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    JsonNode made =
        switch (parser) {
          case TEXT -> json.stringNode("");
          case LINES -> json.arrayNode().add("");
          case JSON_LINES -> json.arrayNode();
        };
    try {
      field.type().coerce(made);
    } catch (IllegalArgumentException unfit) {
      String needed =
          switch (parser) {
            case TEXT -> "str";
            case LINES -> "list[str]";
            case JSON_LINES -> "list[any]";
          };
      synapse.refuse(
          synapse.has("stream-parser") ? "stream-parser" : "streaming",
          "fills response field "
              + field.name()
              + ", which is "
              + field.type()
              + "; with this parser it must take "
              + needed);
    }
  }

  private boolean hasMistakes() {
    return job.mistakeCount() > mistakesBefore;
  }

  private Optional<Asked> ask(
      Block block,
      String key,
      String name,
      List<SynapseType.Field> request,
      List<SynapseType.Field> response,
      List<String> allHashFields) {
    List<String> names = joined(request, response).stream().map(SynapseType.Field::name).toList();
    List<String> hashFields = allHashFields.stream().filter(names::contains).toList();
    ObjectNode fields = values.deepCopy().retain(names);
    return attempt(
        block,
        key,
        () -> {
          SynapseType type = new SynapseType(name, request, response, hashFields);
          if (fields.size() == request.size()) {
            Question.of(type, fields);
          }
          return new Asked(type, fields);
        });
  }

  private static <T> Optional<T> attempt(Block block, String key, Supplier<T> made) {
    try {
      return Optional.of(made.get());
    } catch (IllegalArgumentException e) {
      block.refuse(key, "does not work: " + Mistakes.visible(Block.said(e)));
      return Optional.empty();
    }
  }

  private void checkNames(Block request, Block response) {
    String allowed = "write what the axon fills in (for example answer: str)";
    synapse.require("response", allowed);
    if (response.isEmpty()) {
      synapse.refuse("response", "has no fields; " + allowed);
    }
    for (String name : response.names()) {
      if (request.has(name)) {
        response.refuse(name, "stands in request as well; write it once");
      }
    }
  }

  private String name() {
    String allowed = "write the Python class name of the synapse (for example Dummy)";
    synapse.require("name", allowed);
    Optional<String> name = synapse.text("name", NAME, allowed);
    return name.flatMap(
            text ->
                attempt(
                    synapse,
                    "name",
                    () -> new SynapseType(text, List.of(), List.of(), List.of()).name()))
        .orElse("");
  }

  /** A model may use the models above it, so there is no recursion. */
  private void readModels() {
    Block all = synapse.named("models", "<Model>");
    for (String model : all.names()) {
      Block block = all.named(model, "<field>");
      List<SynapseType.Field> read = isName(all, model) ? fields(block, Place.MODEL) : List.of();
      int size = read.stream().mapToInt(this::size).sum();
      if (size > MOST_MODEL_FIELDS) {
        all.refuse(
            model, "nests " + size + " fields; at most " + MOST_MODEL_FIELDS + " are allowed");
        size = 0; // said once; the models that use it are not blamed as well
      }
      modelSizes.put(model, size);
      // A model with mistakes stays known by its name, so that its users show none of their own.
      attempt(all, model, () -> new PythonType.Model(model, hasMistakes() ? List.of() : read))
          .ifPresent(made -> models.put(model, made));
    }
  }

  /**
   * Itself and what is nested in it; without this limit a few models that use each other twice
   * would be a bomb.
   */
  private int size(SynapseType.Field field) {
    return 1
        + WORD.matcher(field.type().toString())
            .results()
            .mapToInt(word -> modelSizes.getOrDefault(word.group(), 0))
            .sum();
  }

  private enum Place {
    MODEL,
    REQUEST,
    RESPONSE
  }

  private List<SynapseType.Field> fields(Block all, Place place) {
    List<SynapseType.Field> read = new ArrayList<>();
    List<String> names = all.names();
    if (names.size() > MOST_FIELDS) {
      all.refuse(
          names.get(MOST_FIELDS), "is one field too many; at most " + MOST_FIELDS + " are allowed");
    } else {
      names.forEach(field -> field(all, field, place).ifPresent(read::add));
    }
    return read;
  }

  private static boolean isName(Block block, String name) {
    boolean good = NAME.matcher(name).matches();
    if (!good) {
      block.refuse(name, "is not a Python name; write letters, digits and _");
    }
    return good;
  }

  private Optional<SynapseType.Field> field(Block all, String name, Place place) {
    Block block = all.blockOrBare(name, "type");
    boolean named = isName(all, name);
    String exampleType = "write its Python type (for example str or list[int])";
    block.require("type", exampleType);
    Optional<PythonType> type = block.parsed("type", this::type);
    Optional<Boolean> required = block.trueOrFalse("required");
    Optional<JsonNode> byDefault = json(block, "default", type);
    if (byDefault.isPresent() && required.orElse(false)) {
      block.refuse("required", "is \"true\"; a field with a default is not required, remove one");
    }
    if (place == Place.REQUEST) {
      String text = given.get(name);
      Optional<JsonNode> value =
          text == null
              ? value(block, type, byDefault)
              : type.flatMap(known -> given(block, name, known, text));
      value.ifPresent(json -> values.set(name, json));
    }
    block.end();
    boolean needed = byDefault.isEmpty() && required.orElse(place != Place.RESPONSE);
    return type.filter(known -> named)
        .flatMap(
            known ->
                attempt(
                    all,
                    name,
                    () -> new SynapseType.Field(name, known, needed, byDefault.orElse(null))));
  }

  private PythonType type(String text) {
    try {
      return PythonType.parse(text, models);
    } catch (IllegalArgumentException e) {
      String said = Block.said(e);
      String prefix = "type \"" + text + "\": ";
      throw new IllegalArgumentException(
          said.startsWith(prefix) ? said.substring(prefix.length()) : said, e);
    }
  }

  private Optional<JsonNode> value(
      Block block, Optional<PythonType> type, Optional<JsonNode> byDefault) {
    if (byDefault.isEmpty() && !job.has("challenge")) {
      block.require("value", "write what is sent (for example value: 7)");
    }
    return json(block, "value", type).or(() -> byDefault);
  }

  /** A value of the command line: JSON the field takes, else the text as it stands. */
  private static Optional<JsonNode> given(Block block, String name, PythonType type, String text) {
    block.any("value");
    JsonNode plain = JsonNodeFactory.instance.stringNode(text);
    Optional<JsonNode> value =
        json(text)
            .filter(json -> fits(type, json))
            .or(() -> Optional.of(plain).filter(p -> fits(type, p)));
    if (value.isPresent()) {
      return value;
    }
    block.refuse(
        "value",
        "is replaced by --field "
            + Mistakes.visible(name)
            + "="
            + Mistakes.quoted(text)
            + ", which is no value of "
            + type
            + "; write it as JSON");
    return Optional.empty();
  }

  private static boolean fits(PythonType type, JsonNode value) {
    try {
      type.coerce(value);
      return true;
    } catch (IllegalArgumentException refused) {
      return false;
    }
  }

  private static Optional<JsonNode> json(String text) {
    try {
      return Optional.of(JsonMapper.shared().readTree(text)).filter(json -> !json.isMissingNode());
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
  }

  /** A value that the axon's field would take; a null default stands for Python's None. */
  private static Optional<JsonNode> json(Block block, String key, Optional<PythonType> type) {
    Optional<YamlNode> node = block.any(key);
    try {
      Optional<JsonNode> value = node.map(JsonValue::of);
      boolean isNoDefault = key.equals("default") && value.filter(JsonNode::isNull).isPresent();
      if (type.isPresent() && value.isPresent() && !isNoDefault) {
        type.get().coerce(value.get());
      }
      return value;
    } catch (IllegalArgumentException e) {
      String shown = node.map(Block::shown).orElse("");
      block.refuse(key, "is " + shown + "; " + Mistakes.visible(Block.said(e)));
      return Optional.empty();
    }
  }

  private List<String> listedHashFields(Block request, Block response) {
    List<String> names = joined(request.names(), response.names());
    String example = names.stream().findFirst().orElse("");
    return synapse.list(
        "hash-fields",
        MOST_FIELDS,
        "write a list of the fields above (for example [" + Mistakes.visible(example) + "])",
        scalar -> Optional.of(scalar.text()).filter(names::contains));
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
