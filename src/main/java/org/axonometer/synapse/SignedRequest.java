package org.axonometer.synapse;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;
import tools.jackson.databind.node.ObjectNode;

/** One query, ready to be sent: endpoint, headers, body. Immutable. */
public final class SignedRequest {
  private final String synapseName;
  private final AxonEndpoint endpoint;
  private final Ss58Address axonHotkey;
  private final Map<String, String> headers;
  private final byte[] body;
  private final String bodyHash;
  private final String uuid;
  private final long nonceNanos;
  private final Duration timeout;

  /** The headers and the body become its own. */
  SignedRequest(
      String synapseName,
      AxonEndpoint endpoint,
      Ss58Address axonHotkey,
      Map<String, String> headers,
      byte[] body,
      String bodyHash,
      String uuid,
      long nonceNanos,
      Duration timeout) {
    this.synapseName = synapseName;
    this.endpoint = endpoint;
    this.axonHotkey = axonHotkey;
    this.headers = Collections.unmodifiableMap(headers);
    this.body = body;
    this.bodyHash = bodyHash;
    this.uuid = uuid;
    this.nonceNanos = nonceNanos;
    this.timeout = timeout;
  }

  /**
   * Builds and signs a query; to ask many axons the same, keep a {@link Question}.
   *
   * @param fields the request fields' JSON values by name
   * @param timeout positive; sent in seconds as Python prints a float
   * @param uuid fresh for every request, or serialised per axon with rising nonces (protocol 3.4)
   * @param nonceNanos from {@link Nonces#next}
   * @throws IllegalArgumentException as {@link SynapseType#check} and {@link Question#sign}
   */
  public static SignedRequest sign(
      SynapseType type,
      ObjectNode fields,
      Caller caller,
      Ss58Address axonHotkey,
      AxonEndpoint endpoint,
      Duration timeout,
      String uuid,
      long nonceNanos) {
    return Question.of(type, fields).sign(caller, axonHotkey, endpoint, timeout, uuid, nonceNanos);
  }

  /** The same request, sent to another address; headers and body still name the axon's own. */
  public SignedRequest sentTo(AxonEndpoint other) {
    return new SignedRequest(
        synapseName, other, axonHotkey, headers, body, bodyHash, uuid, nonceNanos, timeout);
  }

  public String synapseName() {
    return synapseName;
  }

  public AxonEndpoint endpoint() {
    return endpoint;
  }

  public Ss58Address axonHotkey() {
    return axonHotkey;
  }

  /**
   * Header values by lower-case name, in the order of protocol 1.2, then content-type, accept,
   * accept-encoding and user-agent. Host and content-length are the HTTP client's.
   */
  public Map<String, String> headers() {
    return headers;
  }

  /** A fresh copy of the JSON body, ASCII. */
  public byte[] body() {
    return body.clone();
  }

  /** How many bytes {@link #body} has. */
  public int bodyBytes() {
    return body.length;
  }

  public String bodyHash() {
    return bodyHash;
  }

  public String uuid() {
    return uuid;
  }

  public long nonceNanos() {
    return nonceNanos;
  }

  /** The one deadline of the whole exchange. */
  public Duration timeout() {
    return timeout;
  }
}
