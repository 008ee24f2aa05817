package org.axonometer.mockaxons;

import java.util.UUID;

/**
 * A query an axon turns down, with the status and text the SDK gives for it (protocol 4.3).
 *
 * <p>An exception because it ends the checks from any depth; it carries no stack trace.
 */
final class RefusedQuery extends Exception {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final String text;

  private RefusedQuery(int status, String text) {
    super(text, null, false, false);
    this.status = status;
    this.text = text;
  }

  static RefusedQuery unknownName(String name) {
    return new RefusedQuery(
        404,
        "Synapse name '%s' not found. Available synapses %s"
            .formatted(name, ServedSynapse.pythonListOfNames()));
  }

  static RefusedQuery blacklisted(String reason) {
    return new RefusedQuery(403, "Forbidden. Key is blacklisted: " + reason + ".");
  }

  static RefusedQuery notVerified(String error) {
    return new RefusedQuery(401, "Not Verified with error: " + error);
  }

  /** Whatever goes wrong inside the axon: the cause is hidden behind a fresh number. */
  static RefusedQuery internalError() {
    return new RefusedQuery(500, "Internal Server Error #" + UUID.randomUUID());
  }

  int status() {
    return status;
  }

  String text() {
    return text;
  }
}
