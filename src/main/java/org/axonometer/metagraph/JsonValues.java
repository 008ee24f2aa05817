package org.axonometer.metagraph;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * The values of one JSON object, handed out by type and range. A missing key, another type and a
 * number out of range are each a SnapshotException that says where.
 *
 * @param place such as {@code finney.json: neurons[17]}
 * @param byKey each a String, Boolean, Number, JsonValues or list of pairs of scalars
 */
record JsonValues(String place, Map<String, Object> byKey) {

  boolean has(String key) {
    return byKey.containsKey(key);
  }

  String text(String key) {
    if (value(key) instanceof String text) {
      return text;
    }
    throw wrong(key, "a text");
  }

  boolean flag(String key) {
    if (value(key) instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, "true or false");
  }

  int integer(String key, int max) {
    return (int) integer(key, (long) max);
  }

  /** An integer 0 to max. */
  long integer(String key, long max) {
    if (value(key) instanceof Number number
        && !(number instanceof BigInteger)
        && number.longValue() >= 0
        && number.longValue() <= max) {
      return number.longValue();
    }
    throw wrong(key, "an integer 0.." + max);
  }

  /** An integer 0 to 2^bits - 1. */
  BigInteger unsigned(String key, int bits) {
    if (value(key) instanceof Number number && fits(integer(number), bits)) {
      return integer(number);
    }
    throw wrong(key, "an integer 0..2^" + bits + "-1");
  }

  JsonValues object(String key) {
    if (value(key) instanceof JsonValues values) {
      return values;
    }
    throw wrong(key, "an object");
  }

  /**
   * Reads a list of pairs of a text and an integer of 0 to 2^bits - 1, and adds up the integers.
   */
  BigInteger sumOfPairs(String key, int bits) {
    if (!(value(key) instanceof List<?> pairs)) {
      throw wrong(key, "a list of pairs");
    }
    BigInteger sum = BigInteger.ZERO;
    for (Object item : pairs) {
      if (item instanceof List<?> pair
          && pair.size() == 2
          && pair.get(0) instanceof String
          && pair.get(1) instanceof Number number
          && fits(integer(number), bits)) {
        sum = sum.add(integer(number));
      } else {
        throw refused("%s: every item must be a pair [text, 0..2^%d-1]".formatted(key, bits));
      }
    }
    return sum;
  }

  /** A refusal that names this object, and its uid where it has one. */
  SnapshotException refused(String message) {
    return new SnapshotException(where() + message);
  }

  SnapshotException refused(IllegalArgumentException cause) {
    return new SnapshotException(
        where() + Quoted.printable(String.valueOf(cause.getMessage()), 300), cause);
  }

  private String where() {
    String uid = byKey.get("uid") instanceof Number number ? " (uid " + number + ")" : "";
    return place + uid + ": ";
  }

  private Object value(String key) {
    Object value = byKey.get(key);
    if (value == null) {
      throw refused("key \"" + key + "\" is missing");
    }
    return value;
  }

  private SnapshotException wrong(String key, String allowed) {
    String was =
        switch (value(key)) {
          case String text -> Quoted.text(text);
          case JsonValues _ -> "an object";
          case List<?> _ -> "a list";
          case Object scalar -> scalar.toString();
        };
    return refused("%s must be %s, was %s".formatted(key, allowed, was));
  }

  private static BigInteger integer(Number number) {
    return number instanceof BigInteger big ? big : BigInteger.valueOf(number.longValue());
  }

  private static boolean fits(BigInteger value, int bits) {
    return value.signum() >= 0 && value.bitLength() <= bits;
  }
}
