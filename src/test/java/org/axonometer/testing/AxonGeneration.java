package org.axonometer.testing;

/** The SDK releases whose axons behave alike towards a caller (protocol 3.4, 4.1, 4.3). */
public enum AxonGeneration {
  /** 6.9 to 7.1: any first nonce, answers headed by the middleware. */
  SDK_6_9,
  /** 7.2 and 7.3: a first nonce of at most 4 s, because the timeout counts as nanoseconds. */
  SDK_7_2,
  /** 7.4 to 9.2: a first nonce of at most 4 s and the timeout. */
  SDK_7_4,
  /** 9.3 and later: a query without a signature passes. */
  SDK_9_3;

  boolean since(AxonGeneration other) {
    return compareTo(other) >= 0;
  }
}
