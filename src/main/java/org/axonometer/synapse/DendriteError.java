package org.axonometer.synapse;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of exception the Python dendrite (SDK 7.4 and later) tells apart, each with the code
 * and the beginning of the text it records (protocol 4.5). It goes by the exact class of the
 * exception, so that a subclass is OTHER.
 */
public enum DendriteError {
  /** No connection: aiohttp's ClientConnectorError. */
  CONNECTOR(503, "Service unavailable"),
  /** The deadline passed: asyncio's TimeoutError. */
  TIMEOUT(408, "Request timeout"),
  /** What came is no HTTP: aiohttp's ClientResponseError, which brings its own code. */
  RESPONSE(400, "Client response error"),
  /** The body ended early: aiohttp's ClientPayloadError. */
  PAYLOAD(400, "Payload error"),
  CLIENT(500, "Client error"),
  SERVER_TIMEOUT(504, "Server timeout error"),
  SERVER_DISCONNECTED(503, "Service disconnected"),
  SERVER_CONNECTION(503, "Service connection error"),
  /** Whatever else was raised. */
  OTHER(422, "Failed to parse response");

  private final int code;
  private final String text;

  DendriteError(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** The code recorded; for RESPONSE the one an unreadable answer brings. */
  public int code() {
    return code;
  }

  public String text() {
    return text;
  }

  /** What is recorded for an exception of this kind whose text is {@code detail}. */
  public DendriteView view(String detail) {
    return new DendriteView(code, text + ": " + detail);
  }

  /**
   * As {@link #view(String)}; CONNECTOR names the axon and TIMEOUT the timeout in the place of the
   * exception's text.
   */
  public DendriteView view(Synapse synapse, String requestName, String detail) {
    return switch (this) {
      case CONNECTOR -> at(python(synapse.axon().ip()), python(synapse.axon().port()), requestName);
      case TIMEOUT -> after(seconds(synapse));
      default -> view(detail);
    };
  }

  /**
   * What SDK 6.9 to 7.3 record in its place. They tell three kinds apart and take a subclass for
   * its parent, so that aiohttp's ServerTimeoutError is a timeout.
   */
  public DendriteView viewBeforeSdk74(Synapse synapse, String requestName, String detail) {
    return switch (this) {
      case CONNECTOR ->
          new DendriteView(
              CONNECTOR.code,
              "Service at %s:%s/%s unavailable."
                  .formatted(
                      python(synapse.axon().ip()), python(synapse.axon().port()), requestName));
      case TIMEOUT, SERVER_TIMEOUT ->
          new DendriteView(TIMEOUT.code, "Timedout after " + seconds(synapse) + " seconds.");
      case RESPONSE, PAYLOAD, CLIENT, SERVER_DISCONNECTED, SERVER_CONNECTION, OTHER ->
          new DendriteView(OTHER.code, "Failed to parse response object with error: " + detail);
    };
  }

  private static String seconds(Synapse synapse) {
    return synapse.timeout() == null ? "None" : Synapse.seconds(synapse);
  }

  private static String python(@Nullable Object value) {
    return value == null ? "None" : value.toString();
  }

  DendriteView at(String host, String port, String requestName) {
    return new DendriteView(code, text + " at " + host + ":" + port + "/" + requestName);
  }

  DendriteView after(String seconds) {
    return new DendriteView(code, text + " after " + seconds + " seconds");
  }
}
