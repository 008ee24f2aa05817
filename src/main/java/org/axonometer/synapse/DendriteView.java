package org.axonometer.synapse;

import java.util.Locale;
import org.axonometer.subnet.AxonEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * What bittensor.dendrite (SDK 7.4 and later) would have recorded: dendrite.status_code and
 * status_message (protocol 4.4, 4.5). Codes and the beginnings of the texts are Python's. Where its
 * text goes on with words of a Python library (JSON reader, pydantic, HTTP parser), ours names the
 * cause in our own words. Line breaks and unprintable characters are replaced and the text is cut
 * after 1,000 characters.
 *
 * @param statusCode null when Python too would have none (HTTP 200 without a status from the axon),
 *     or when what it would have recorded cannot be told, see {@link #unknown}
 */
public record DendriteView(@Nullable Integer statusCode, @Nullable String statusMessage) {
  private static final int MESSAGE_CHARACTERS = 1_000;

  public DendriteView {
    statusMessage = ReplyText.lineOrNull(statusMessage, MESSAGE_CHARACTERS);
  }

  /** No connection: refused, no route. */
  public static DendriteView unavailable(AxonEndpoint axon, String synapseName) {
    return DendriteError.CONNECTOR.at(axon.hostText(), Integer.toString(axon.port()), synapseName);
  }

  /** The deadline passed. {@code seconds} is the Python float of the timeout header. */
  public static DendriteView timedOut(String seconds) {
    return DendriteError.TIMEOUT.after(seconds);
  }

  /** The axon closed before its headers were complete. */
  public static DendriteView disconnected() {
    return DendriteError.SERVER_DISCONNECTED.view("Server disconnected");
  }

  /** The connection was reset before the headers were complete. */
  public static DendriteView reset() {
    return failedToParse("[Errno 104] Connection reset by peer");
  }

  /** The body ended early or its framing broke. */
  public static DendriteView payloadError() {
    return DendriteError.PAYLOAD.view("Response payload is not completed");
  }

  /** What came is not HTTP, or its headers are broken. */
  public static DendriteView notHttp(String url, String cause) {
    return DendriteError.RESPONSE.view("400, message=" + quoted(cause) + ", url=" + asUrl(url));
  }

  /**
   * What Python would have recorded cannot be told: we stopped reading at our own limit, never
   * sent, failed ourselves, or Python would have followed a redirect, decoded a compression, or
   * raised.
   */
  public static DendriteView unknown() {
    return new DendriteView(null, null);
  }

  /** The answer is not the JSON of the synapse. */
  static DendriteView failedToParse(String cause) {
    return DendriteError.OTHER.view(cause);
  }

  /**
   * The answer is not JSON by its Content-Type; the HTTP status is lost. The form is aiohttp 3.8's
   * and 3.9's; newer ones write the HTTP status for 0 and the bare URL.
   */
  static DendriteView notJson(String contentType, String url) {
    return failedToParse(
        "0, message="
            + quoted(
                "Attempt to decode JSON with unexpected mimetype: "
                    + contentType.toLowerCase(Locale.ROOT))
            + ", url="
            + asUrl(url));
  }

  private static String asUrl(String url) {
    return "URL('" + url + "')";
  }

  private static String quoted(String text) {
    return text.contains("'") && !text.contains("\"")
        ? '"' + text + '"'
        : "'" + text.replace("'", "\\'") + "'";
  }
}
