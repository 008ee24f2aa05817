package org.axonometer.dendrite;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings of the JDK's HTTP client that exist as system properties only. The client reads them
 * once, when its classes load, so {@link #set} belongs at the very beginning of main.
 */
public final class HttpProperties {
  private static final Map<String, String> WANTED = wanted();

  /**
   * The client's reader of bodies. Only its own assertion stops it from spinning for ever on a
   * chunk size with the highest of 32 bits set, so Java has to run with {@code -ea:} and this name.
   */
  private static final String BODY_READER = "jdk.internal.net.http.ResponseContent";

  private HttpProperties() {}

  private static Map<String, String> wanted() {
    Map<String, String> wanted = new LinkedHashMap<>();
    // Bytes of status line and headers, 32 more for each of them; beyond it the answer is
    // TOO_LARGE.
    wanted.put("jdk.http.maxHeaderSize", "65536");
    // Answers of status 1xx before the final one.
    wanted.put("jdk.httpclient.maxNonFinalResponses", "4");
    // A query that is sent again on its own would be one without a row in the database.
    wanted.put("jdk.httpclient.disableRetryConnect", "true");
    wanted.put("jdk.httpclient.enableAllMethodRetry", "false");
    // Seconds; an answered connection is closed, not kept.
    wanted.put("jdk.httpclient.keepalive.timeout", "0");
    return wanted;
  }

  /** Sets them all; to be called before anything touches java.net.http. */
  public static void set() {
    WANTED.forEach(System::setProperty);
  }

  /** IllegalStateException naming the first setting that is not as we need it. */
  public static void require() {
    requireAssertions();
    WANTED.forEach(
        (name, value) -> {
          String actual = System.getProperty(name);
          if (!value.equals(actual)) {
            throw new IllegalStateException(
                "system property "
                    + name
                    + " must be "
                    + value
                    + ", was "
                    + actual
                    + "; HttpProperties.set() has to run first thing in main");
          }
        });
  }

  private static void requireAssertions() {
    boolean on;
    try {
      on = Class.forName(BODY_READER).desiredAssertionStatus();
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("this Java has no " + BODY_READER + "; it must be 25", e);
    }
    if (!on) {
      throw new IllegalStateException(
          "Java must run with -ea:%s, or one answer can make the HTTP client spin for ever; scripts/axonometer does that"
              .formatted(BODY_READER));
    }
  }
}
