package org.axonometer.mockaxons;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP request.
 *
 * @param headers by lower-case name; of a repeated header the first
 * @param bodyBytes 0 when no length was given
 * @param keepAlive whether the peer expects to send another request on this connection
 */
record HttpRequest(
    String method, String target, Map<String, String> headers, int bodyBytes, boolean keepAlive) {

  @Nullable String header(String name) {
    return headers.get(name);
  }

  /** The target without its query. */
  String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }
}
