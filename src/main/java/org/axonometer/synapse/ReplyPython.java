package org.axonometer.synapse;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the Python dendrite makes of a complete HTTP answer: content type, JSON, the class's fields,
 * then the axon's headers, the later winning over the earlier (protocol 4.4).
 */
final class ReplyPython {
  private static final Pattern JSON_TYPE = Pattern.compile("application/(?:[\\w.+-]+?\\+)?json");
  private static final Set<String> TERMINAL_INTS =
      Set.of("status_code", "port", "version", "nonce");
  private static final Set<String> TERMINAL_TEXTS =
      Set.of("status_message", "ip", "uuid", "hotkey", "signature");

  private static final ReplyBody NO_BODY = new ReplyBody(new byte[0]);

  private final SynapseType type;
  private final int httpStatus;
  private final ReplyHeaders headers;
  private final ReplyBody body;

  private @Nullable Integer statusCode;
  private @Nullable String statusMessage;

  /** What was asked, filled in step by step; null when only the status is wanted. */
  private @Nullable Synapse merged;

  private boolean digested;

  private ReplyPython(
      SynapseType type,
      int httpStatus,
      ReplyHeaders headers,
      ReplyBody body,
      @Nullable Synapse asked) {
    this.type = type;
    this.merged = asked;
    this.httpStatus = httpStatus;
    this.headers = headers;
    this.body = body;
  }

  static DendriteView view(
      SynapseType type, String url, int httpStatus, ReplyHeaders headers, ReplyBody body) {
    return new ReplyPython(type, httpStatus, headers, body, null).read(url);
  }

  /** What was asked as the Python dendrite would hold it after this answer. */
  static Synapse.Answered merge(
      Synapse asked, String url, int httpStatus, ReplyHeaders headers, byte[] body) {
    var answer = new ReplyPython(asked.type(), httpStatus, headers, new ReplyBody(body), asked);
    return answer.answered(answer.read(url), asked);
  }

  private Synapse.Answered answered(DendriteView view, Synapse asked) {
    Synapse last = merged == null ? asked : merged;
    return new Synapse.Answered(last.processErrorMessage(view), !digested);
  }

  private DendriteView read(String url) {
    if (isRedirect(httpStatus, headers)) {
      return DendriteView.unknown();
    }
    String contentType = headers.first("content-type");
    if (contentType == null
        || !JSON_TYPE.matcher(contentType.toLowerCase(Locale.ROOT)).lookingAt()) {
      return DendriteView.notJson(contentType == null ? "" : contentType, url);
    }
    try {
      return digest();
    } catch (Raised raised) {
      return raised.view;
    }
  }

  /**
   * The same for a stream that ended well: the class's own parser took it, whatever it was; then
   * the headers are merged.
   */
  static DendriteView streamView(SynapseType type, int httpStatus, ReplyHeaders headers) {
    if (isRedirect(httpStatus, headers)) {
      return DendriteView.unknown();
    }
    return new ReplyPython(type, httpStatus, headers, NO_BODY, null).digestStream(null);
  }

  /**
   * What was asked as the Python dendrite would hold it after this stream, if its class keeps what
   * came in its fields and takes both sides from the headers, as those in use do.
   *
   * @param fields what came, by field
   */
  static Synapse.Answered mergeStream(
      Synapse asked, int httpStatus, ReplyHeaders headers, ObjectNode fields) {
    var answer = new ReplyPython(asked.type(), httpStatus, headers, NO_BODY, asked);
    DendriteView view =
        isRedirect(httpStatus, headers) ? DendriteView.unknown() : answer.digestStream(fields);
    return answer.answered(view, asked);
  }

  private DendriteView digestStream(@Nullable ObjectNode fields) {
    if (httpStatus != 200) {
      statusCode = httpStatus;
      mergeAxonStatus(httpStatus, null);
    } else if (merged != null && fields != null) {
      merged = merged.streamed(fields);
    }
    try {
      takeHeaders();
      digested = true;
      return new DendriteView(statusCode, statusMessage);
    } catch (Raised raised) {
      return raised.view;
    }
  }

  private static boolean isRedirect(int httpStatus, ReplyHeaders headers) {
    return httpStatus >= 300 && httpStatus < 400 && headers.first("location") != null;
  }

  private DendriteView digest() throws Raised {
    JsonNode json = json();
    if (httpStatus == 200) {
      takeAnswer(json);
    } else {
      takeError(json);
    }
    takeHeaders();
    digested = true;
    return new DendriteView(statusCode, statusMessage);
  }

  private JsonNode json() throws Raised {
    if (body.isBlank()) {
      return NullNode.getInstance();
    }
    try {
      return body.likePython();
    } catch (ReplyJson.Refused refused) {
      throw refused.overLimit() ? new Raised(DendriteView.unknown()) : failed(refused.why());
    }
  }

  private void takeAnswer(JsonNode json) throws Raised {
    if (!json.isObject()) {
      throw failed(
          type.name() + "() argument after ** must be a mapping, not " + pythonTypeOf(json));
    }
    checkOwnFields(json);
    checkBaseFields(json);
    JsonNode axon = json.get("axon");
    JsonNode dendrite = json.get("dendrite");
    if (dendrite != null && dendrite.isNull()) {
      // The Python call itself raises here, so nothing is recorded.
      throw new Raised(DendriteView.unknown());
    }
    if (merged != null) {
      merged = merged.answered(json);
    }
    if (axon != null && axon.isNull()) {
      throw failed("'NoneType' object has no attribute '__dict__'");
    }
    if (axon != null) {
      statusCode = PythonNumber.intOrNull(PythonNumber.whole("status_code", axon));
      JsonNode message = axon.get("status_message");
      statusMessage = message == null || message.isNull() ? null : message.stringValue();
    }
  }

  private void checkOwnFields(JsonNode json) throws Raised {
    for (List<SynapseType.Field> fields : List.of(type.requestFields(), type.responseFields())) {
      for (SynapseType.Field field : fields) {
        JsonNode value = json.get(field.name());
        if (value == null ? field.required() : field.fault(value) != null) {
          throw invalid(type.name(), field.name());
        }
      }
    }
  }

  private void checkBaseFields(JsonNode json) throws Raised {
    for (String terminal : List.of("dendrite", "axon")) {
      JsonNode value = json.get(terminal);
      if (value != null && !value.isNull()) {
        checkTerminal(terminal, value);
      }
    }
    for (String size : List.of("total_size", "header_size")) {
      if (!PythonNumber.isInt(json.get(size))) {
        throw invalid(type.name(), size);
      }
    }
    if (!PythonNumber.isFloat(json.get("timeout"))) {
      throw invalid(type.name(), "timeout");
    }
    if (!isText(json.get("computed_body_hash"))) {
      throw invalid(type.name(), "computed_body_hash");
    }
  }

  private void checkTerminal(String terminal, JsonNode value) throws Raised {
    if (!value.isObject()) {
      throw invalid(type.name(), terminal);
    }
    for (Map.Entry<String, JsonNode> property : value.properties()) {
      String name = property.getKey();
      boolean good =
          TERMINAL_INTS.contains(name)
              ? PythonNumber.isInt(property.getValue())
              : TERMINAL_TEXTS.contains(name)
                  ? isText(property.getValue())
                  : !name.equals("process_time") || PythonNumber.isFloat(property.getValue());
      if (!good) {
        throw invalid(type.name(), terminal + "." + name);
      }
    }
  }

  private void takeError(JsonNode json) throws Raised {
    mergeAxonStatus(httpStatus, null);
    if (!json.isObject()) {
      throw failed("'" + pythonTypeOf(json) + "' object has no attribute 'get'");
    }
    JsonNode message = json.get("message");
    if (!isText(message)) {
      throw invalid("TerminalInfo", "status_message");
    }
    statusCode = httpStatus;
    statusMessage = message == null || message.isNull() ? null : message.stringValue();
    mergeAxonStatus(httpStatus, statusMessage);
  }

  private void mergeAxonStatus(int code, @Nullable String message) {
    if (merged != null) {
      merged = merged.withAxon(merged.axon().withStatus(code, message));
    }
  }

  private void takeHeaders() throws Raised {
    Map<String, String> axon = terminal("bt_header_axon_");
    Map<String, String> dendrite = terminal("bt_header_dendrite_");
    checkTerminalHeaders("axon", axon);
    checkTerminalHeaders("dendrite", dendrite);
    for (String size : List.of("header_size", "total_size")) {
      String value = headers.first(size);
      if (value != null && !PythonNumber.isInt(value)) {
        throw invalid("Synapse", size);
      }
    }
    String timeout = headers.first("timeout");
    if (timeout != null && !PythonNumber.isFloat(timeout)) {
      throw invalid("Synapse", "timeout");
    }
    if (merged != null) {
      merged =
          merged
              .withDendrite(merged.dendrite().mergedWith(Synapse.terminal(dendrite)))
              .withAxon(merged.axon().mergedWith(Synapse.terminal(axon)));
    }
    String code = axon.get("status_code");
    if (code != null) {
      statusCode = PythonNumber.intOrNull(PythonNumber.whole(code));
    }
    String message = axon.get("status_message");
    if (message != null) {
      statusMessage = message;
    }
  }

  private static void checkTerminalHeaders(String terminal, Map<String, String> values)
      throws Raised {
    for (Map.Entry<String, String> value : values.entrySet()) {
      boolean good =
          TERMINAL_INTS.contains(value.getKey())
              ? PythonNumber.isInt(value.getValue())
              : !value.getKey().equals("process_time") || PythonNumber.isFloat(value.getValue());
      if (!good) {
        throw invalid("Synapse", terminal + "." + value.getKey());
      }
    }
  }

  // Python fills a dict in the order of the headers, so of two equal names the last one counts.
  private Map<String, String> terminal(String prefix) {
    Map<String, String> found = new HashMap<>();
    headers
        .values()
        .forEach(
            (name, values) -> {
              if (name.startsWith(prefix) && !values.isEmpty()) {
                found.put(name.substring(prefix.length()), ReplyHeaders.text(values.getLast()));
              }
            });
    return found;
  }

  private static String pythonTypeOf(JsonNode json) {
    return switch (json.getNodeType()) {
      case ARRAY -> "list";
      case STRING -> "str";
      case BOOLEAN -> "bool";
      case NUMBER -> json.isIntegralNumber() ? "int" : "float";
      case NULL, MISSING -> "NoneType";
      case OBJECT, BINARY, POJO -> "dict";
    };
  }

  private static boolean isText(@Nullable JsonNode value) {
    return value == null || value.isNull() || value.isString();
  }

  private static Raised failed(String cause) {
    return new Raised(DendriteView.failedToParse(cause));
  }

  private static Raised invalid(String className, String field) {
    return failed("1 validation error for " + className + ": " + field);
  }

  /** Python raised, and its handler recorded this. */
  private static final class Raised extends Exception {
    private final DendriteView view;

    Raised(DendriteView view) {
      super(null, null, false, false);
      this.view = view;
    }
  }
}
