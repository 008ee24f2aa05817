package org.axonometer.wallet;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.axonometer.subnet.Ss58Address;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * The fields of a key file: one JSON object whose values are all text or null but for {@code
 * cryptoType}, without duplicate keys; null and empty text count as absent, unknown keys are passed
 * over. The seed never becomes a String. Closing wipes it.
 */
final class KeyFields implements AutoCloseable {

  /** Buffers are not pooled, so that no later parser is handed a seed's characters. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .build();

  /** The {@code cryptoType} that bittensor-wallet 4.1 writes as a number; 0 is ed25519. */
  private static final String SR25519 = "1";

  private static final String NOT_HEX = " is not 0x and 64 hexadecimal digits";

  private final Map<String, String> publicTexts = new HashMap<>();
  private byte @Nullable [] seed;
  private boolean hasPhrase;
  private boolean hasPrivateKey;

  private KeyFields() {}

  /** Reads the fields; the caller wipes the content. */
  static KeyFields parse(byte[] content) throws KeyFieldsException {
    KeyFields fields = new KeyFields();
    boolean complete = false;
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), content)) {
      fields.readObject(parser);
      complete = true;
      return fields;
    } catch (JacksonException e) {
      // Neither the parser's message nor the exception as a cause: both may quote the file.
      throw new KeyFieldsException("is not valid JSON" + place(e.getLocation()));
    } finally {
      if (!complete) {
        fields.close();
      }
    }
  }

  /** The 32-byte seed itself, not a copy; empty when the file has none. */
  Optional<byte[]> seed() {
    return Optional.ofNullable(seed);
  }

  /** The secret this file has in another form than a seed, by its key; empty when it has none. */
  Optional<String> otherSecret() {
    if (hasPhrase) {
      return Optional.of("secretPhrase");
    }
    return hasPrivateKey ? Optional.of("privateKey") : Optional.empty();
  }

  /** Refuses public fields that are malformed or belong to another key than this one. */
  void requireSameKey(Hotkey hotkey) throws KeyFieldsException {
    for (String key : publicTexts.keySet()) {
      if (!hotkey.hasPublicKey(publicKey(key))) {
        throw new KeyFieldsException(key + " belongs to another key than secretSeed");
      }
    }
  }

  /** Whether a public field is this key's. */
  boolean names(Hotkey hotkey) throws KeyFieldsException {
    for (String key : publicTexts.keySet()) {
      if (hotkey.hasPublicKey(publicKey(key))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    if (seed != null) {
      Arrays.fill(seed, (byte) 0);
    }
  }

  private void readObject(JsonParser parser) throws KeyFieldsException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new KeyFieldsException("is not a JSON object");
    }
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      switch (parser.nextToken()) {
        case VALUE_NULL -> {}
        case VALUE_STRING -> readText(key, parser);
        case null, default -> readOther(key, parser);
      }
    }
    if (parser.nextToken() != null) {
      throw new KeyFieldsException("has more than one JSON object");
    }
  }

  private static void readOther(String key, JsonParser parser) throws KeyFieldsException {
    if (!key.equals("cryptoType") || parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new KeyFieldsException(
          "has a value that is neither text nor null" + place(parser.currentTokenLocation()));
    }
    String type = parser.getString();
    if (!type.equals(SR25519)) {
      throw new KeyFieldsException(
          "has cryptoType %.10s; only %s, sr25519, can sign for an axon".formatted(type, SR25519));
    }
  }

  private void readText(String key, JsonParser parser) throws KeyFieldsException {
    char[] characters = parser.getStringCharacters();
    int start = parser.getStringOffset();
    int length = parser.getStringLength();
    try {
      if (length == 0) {
        return;
      }
      switch (key) {
        case "secretSeed" -> seed = seed(characters, start, length);
        case "secretPhrase" -> hasPhrase = true;
        case "privateKey" -> hasPrivateKey = true;
        case "publicKey", "accountId", "ss58Address" ->
            publicTexts.put(key, new String(characters, start, length));
        default -> {}
      }
    } finally {
      Arrays.fill(characters, start, start + length, '\0'); // the parser's own buffer
    }
  }

  private static byte[] seed(char[] characters, int start, int length) throws KeyFieldsException {
    int skipped = length > 2 && characters[start] == '0' && characters[start + 1] == 'x' ? 2 : 0;
    int digits = length - skipped;
    if (digits == 128) {
      throw new KeyFieldsException(
          "has a secretSeed of 64 bytes, which is a full secret key; a seed of 32 bytes is needed");
    }
    if (digits != 2 * Hotkey.SEED_BYTES) {
      throw new KeyFieldsException("has a secretSeed that" + NOT_HEX);
    }
    byte[] bytes = new byte[Hotkey.SEED_BYTES];
    for (int at = 0; at < digits; at++) {
      char digit = characters[start + skipped + at];
      if (!HexFormat.isHexDigit(digit)) {
        Arrays.fill(bytes, (byte) 0);
        throw new KeyFieldsException("has a secretSeed that" + NOT_HEX);
      }
      bytes[at / 2] = (byte) (bytes[at / 2] << 4 | HexFormat.fromHexDigit(digit));
    }
    return bytes;
  }

  private byte[] publicKey(String key) throws KeyFieldsException {
    String text = publicTexts.getOrDefault(key, "");
    try {
      if (key.equals("ss58Address")) {
        return new Ss58Address(text).publicKey();
      }
      if (text.startsWith("0x") && text.length() == 2 + 64) {
        return HexFormat.of().parseHex(text, 2, text.length());
      }
    } catch (IllegalArgumentException _) {
      // said below, without quoting the file
    }
    throw new KeyFieldsException(
        key.equals("ss58Address")
            ? "has an ss58Address that is not an address of prefix 42"
            : "has a " + key + " that" + NOT_HEX);
  }

  private static String place(@Nullable TokenStreamLocation location) {
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
