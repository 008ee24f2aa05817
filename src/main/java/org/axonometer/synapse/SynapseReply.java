package org.axonometer.synapse;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An HTTP answer read as a synapse: what we observed and, apart from it, what the axon claims.
 *
 * <p>Of the JSON only the declared response fields are taken; name, timeout, dendrite, axon and
 * every other field the axon writes have no effect, and neither have its headers about who was
 * asked.
 *
 * @param reading what the answer is
 * @param fields the declared response fields as the JSON the axon sent, each checked against its
 *     type; null where it sent none; empty unless ANSWERED
 * @param invalidFields the response fields that do not fit their type and why, sanitised; the first
 *     16; empty unless BAD_BODY
 * @param echoed the request fields that came back in the JSON, as the axon sent them; a claim, see
 *     {@link SentFields}; empty unless ANSWERED or BAD_BODY
 * @param detail why it is not ANSWERED, one line, sanitised; null when ANSWERED
 * @param claimedStatusCode bt_header_axon_status_code; null when absent or not a number
 * @param claimedStatusMessage bt_header_axon_status_message or the JSON "message", sanitised and
 *     capped
 * @param claimedProcessTime bt_header_axon_process_time as sent, sanitised and capped; text because
 *     it is a claim
 * @param view what the Python dendrite would have recorded
 */
public record SynapseReply(
    Reading reading,
    ObjectNode fields,
    Map<String, String> invalidFields,
    ObjectNode echoed,
    @Nullable String detail,
    @Nullable Integer claimedStatusCode,
    @Nullable String claimedStatusMessage,
    @Nullable String claimedProcessTime,
    DendriteView view) {

  private static final String STATUS_HEADER = "bt_header_axon_status_code";
  private static final String STREAM = "text/event-stream";
  private static final int MESSAGE_CHARACTERS = 500;
  private static final int PROCESS_TIME_CHARACTERS = 64;
  private static final Pattern STATUS = Pattern.compile("[+-]?[0-9]{1,9}");

  /**
   * ANSWERED: declared answer, status 200. REFUSED: 401, 403, 404. ERROR: any other status, also
   * one in the axon's header beside HTTP 200. BAD_BODY: not the declared JSON.
   */
  public enum Reading {
    ANSWERED,
    REFUSED,
    ERROR,
    BAD_BODY
  }

  /**
   * Reads an answer under strict limits; never throws on hostile bytes. Without the URL asked,
   * which Python repeats in some texts, those texts lack it.
   */
  public static SynapseReply read(
      SynapseType type, int httpStatus, Map<String, List<String>> headers, byte[] body) {
    return read(type, "", httpStatus, headers, body);
  }

  /**
   * Reads an answer of the axon at {@code url} under strict limits; never throws on hostile bytes.
   */
  public static SynapseReply read(
      SynapseType type,
      String url,
      int httpStatus,
      Map<String, List<String>> headers,
      byte[] body) {
    ReplyHeaders received = new ReplyHeaders(headers);
    ReplyBody json = new ReplyBody(body);
    DendriteView view = ReplyPython.view(type, url, httpStatus, received, json);
    if (!saysSuccess(httpStatus, received)) {
      return error(httpStatus, received, json, view);
    }
    return answer(received, ResponseFields.read(type, received, json), view);
  }

  /**
   * Whether an answer that begins so is a stream: status 200, no other in the axon's header, and
   * the content type every SDK axon gives a stream. Anything else is an ordinary answer.
   */
  public static boolean isStream(int httpStatus, Map<String, List<String>> headers) {
    ReplyHeaders received = new ReplyHeaders(headers);
    return saysSuccess(httpStatus, received) && received.mediaType().equals(STREAM);
  }

  /**
   * Reads a complete answer to a streaming synapse; never throws on hostile bytes.
   *
   * @param body the bytes received; used unless it {@link #isStream}
   * @param stream the reader that took those bytes, ended
   */
  public static SynapseReply readStream(
      SynapseType type,
      int httpStatus,
      Map<String, List<String>> headers,
      byte[] body,
      StreamReader stream) {
    ReplyHeaders received = new ReplyHeaders(headers);
    DendriteView view = ReplyPython.streamView(type, httpStatus, received);
    if (!saysSuccess(httpStatus, received)) {
      return error(httpStatus, received, new ReplyBody(body), view);
    }
    return answer(received, streamed(type, received, stream), view);
  }

  private static ResponseFields streamed(
      SynapseType type, ReplyHeaders headers, StreamReader stream) {
    if (!headers.mediaType().equals(STREAM)) {
      return ResponseFields.faulty(
          "the content type is not " + STREAM + " but \"" + headers.mediaType() + "\"");
    }
    String fault = stream.fault();
    if (fault != null) {
      return ResponseFields.faulty(fault);
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    type.streaming().flatMap(Streaming::field).ifPresent(field -> json.set(field, stream.value()));
    return ResponseFields.of(type, json);
  }

  private static boolean saysSuccess(int httpStatus, ReplyHeaders headers) {
    String status = headers.first(STATUS_HEADER);
    return httpStatus == 200 && (status == null || status.strip().equals("200"));
  }

  private static SynapseReply error(
      int httpStatus, ReplyHeaders headers, ReplyBody body, DendriteView view) {
    Reading reading =
        switch (httpStatus) {
          case 401, 403, 404 -> Reading.REFUSED;
          default -> Reading.ERROR;
        };
    String status = headers.first(STATUS_HEADER);
    String message = claimedMessage(headers, body);
    String what = httpStatus == 200 ? "HTTP 200 but axon status " + status : "HTTP " + httpStatus;
    return new SynapseReply(
        reading,
        JsonNodeFactory.instance.objectNode(),
        Map.of(),
        JsonNodeFactory.instance.objectNode(),
        ReplyText.line(message == null ? what : what + ": " + message),
        number(status),
        message,
        processTime(headers),
        view);
  }

  private static SynapseReply answer(ReplyHeaders headers, ResponseFields read, DendriteView view) {
    return new SynapseReply(
        read.fault() == null ? Reading.ANSWERED : Reading.BAD_BODY,
        read.fields(),
        read.invalid(),
        read.echoed(),
        ReplyText.lineOrNull(read.fault(), ReplyText.LINE_CHARACTERS),
        number(headers.first(STATUS_HEADER)),
        ReplyText.lineOrNull(headers.first("bt_header_axon_status_message"), MESSAGE_CHARACTERS),
        processTime(headers),
        view);
  }

  private static @Nullable String claimedMessage(ReplyHeaders headers, ReplyBody body) {
    String message = headers.first("bt_header_axon_status_message");
    if (message == null && headers.isJson()) {
      try {
        JsonNode json = body.strict().get("message");
        message = json != null && json.isString() ? json.stringValue() : null;
      } catch (ReplyJson.Refused notJson) {
        message = null;
      }
    }
    return ReplyText.lineOrNull(message, MESSAGE_CHARACTERS);
  }

  private static @Nullable String processTime(ReplyHeaders headers) {
    return ReplyText.lineOrNull(
        headers.first("bt_header_axon_process_time"), PROCESS_TIME_CHARACTERS);
  }

  private static @Nullable Integer number(@Nullable String status) {
    return status != null && STATUS.matcher(status.strip()).matches()
        ? Integer.valueOf(status.strip())
        : null;
  }
}
