package org.axonometer.synapse;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The hash an axon recomputes from our request: hex SHA3-256 of the joined hex SHA3-256 of each
 * hash field (protocol 2.1).
 *
 * @param hex 64 lower-case hex digits
 */
public record BodyHash(String hex) {

  public BodyHash {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "body hash must be 64 lower-case hex digits, had " + hex.length() + " characters");
    }
  }

  /**
   * The hash of these texts.
   *
   * @param fields each field as Python's str() prints it, in effective order; an empty list hashes
   *     zero bytes and is valid
   * @throws IllegalArgumentException for a lone surrogate, which has no UTF-8 form on either side
   */
  public static BodyHash of(List<String> fields) {
    MessageDigest outer = sha3();
    for (String field : fields) {
      String inner = HexFormat.of().formatHex(sha3().digest(utf8(field)));
      outer.update(inner.getBytes(StandardCharsets.US_ASCII));
    }
    return new BodyHash(HexFormat.of().formatHex(outer.digest()));
  }

  /**
   * The hash of a query with these request fields; the values are taken as the axon's pydantic
   * takes them, defaults included.
   *
   * @throws IllegalArgumentException as {@link SynapseType#check}
   */
  public static BodyHash of(SynapseType type, ObjectNode fields) {
    return of(type.hashTexts(type.values(fields)));
  }

  static void requireHashable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        utf8(text);
        return;
      }
    }
  }

  static byte[] utf8(String text) {
    try {
      var bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] exact = new byte[bytes.remaining()];
      bytes.get(exact);
      return exact;
    } catch (CharacterCodingException loneSurrogate) {
      throw new IllegalArgumentException(
          "text with a lone surrogate cannot be hashed: it has no UTF-8 form", loneSurrogate);
    }
  }

  private static MessageDigest sha3() {
    try {
      return MessageDigest.getInstance("SHA3-256");
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("this Java has no SHA3-256", absent);
    }
  }

  @Override
  public String toString() {
    return hex;
  }
}
