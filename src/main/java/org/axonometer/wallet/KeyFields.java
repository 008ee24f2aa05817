package org.axonometer.wallet;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * over. A {@code secretSeed} of 64 bytes is a private key, as for bittensor-wallet. No secret
 * becomes a String. Closing wipes them.
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

  /** The forms of a secret, in the order in which the first one names the key. */
  private static final List<String> SECRETS = List.of("secretSeed", "secretPhrase", "privateKey");

  private final Map<String, String> publicTexts = new HashMap<>();
  private final Map<String, byte[]> secrets = new HashMap<>();

  private KeyFields() {}

  /** Reads the fields; the caller wipes the content. */
  static KeyFields parse(byte[] content) throws KeyContentException {
    KeyFields fields = new KeyFields();
    boolean complete = false;
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), content)) {
      fields.readObject(parser);
      complete = true;
      return fields;
    } catch (JacksonException e) {
      // Neither the parser's message nor the exception as a cause: both may quote the file.
      throw new KeyContentException("is not valid JSON" + place(e.getLocation()));
    } finally {
      if (!complete) {
        fields.close();
      }
    }
  }

  /**
   * The hotkey of the secrets here; empty when there is none. Refused are secrets and public fields
   * that do not all belong to one key: other wallets read them in another order.
   */
  Optional<Hotkey> hotkey() throws KeyContentException {
    List<String> present = SECRETS.stream().filter(secrets::containsKey).toList();
    if (present.isEmpty()) {
      return Optional.empty();
    }
    Hotkey hotkey = hotkeyOf(present.getFirst());
    for (String other : present.subList(1, present.size())) {
      Hotkey same = hotkeyOf(other);
      same.wipe();
      requireSame(same.address().equals(hotkey.address()), other, present.getFirst());
    }
    for (String key : publicTexts.keySet()) {
      requireSame(hotkey.address().equals(address(key)), key, present.getFirst());
    }
    return Optional.of(hotkey);
  }

  private Hotkey hotkeyOf(String name) throws KeyContentException {
    byte[] secret = secrets.getOrDefault(name, new byte[0]);
    if (secret.length == Hotkey.SEED_BYTES) {
      return Hotkey.fromSeed(secret);
    }
    try {
      return Hotkey.fromPrivateKey(secret);
    } catch (IllegalArgumentException _) {
      throw new KeyContentException(
          "has a %s that is no sr25519 key in the form of schnorrkel (polkadot-js writes another)"
              .formatted(name));
    }
  }

  private static void requireSame(boolean same, String name, String other)
      throws KeyContentException {
    if (!same) {
      throw new KeyContentException(name + " belongs to another key than " + other);
    }
  }

  /** The keys that public fields name. */
  Set<Ss58Address> addresses() throws KeyContentException {
    Set<Ss58Address> addresses = new HashSet<>();
    for (String key : publicTexts.keySet()) {
      addresses.add(address(key));
    }
    return addresses;
  }

  @Override
  public void close() {
    secrets.values().forEach(secret -> Arrays.fill(secret, (byte) 0));
  }

  private void readObject(JsonParser parser) throws KeyContentException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new KeyContentException("is not a JSON object");
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
      throw new KeyContentException("has more than one JSON object");
    }
  }

  private static void readOther(String key, JsonParser parser) throws KeyContentException {
    if (!key.equals("cryptoType") || parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new KeyContentException(
          "has a value that is neither text nor null" + place(parser.currentTokenLocation()));
    }
    String type = parser.getString();
    if (!type.equals(SR25519)) {
      throw new KeyContentException(
          "has cryptoType %.10s; only %s, sr25519, can sign for an axon".formatted(type, SR25519));
    }
  }

  private void readText(String key, JsonParser parser) throws KeyContentException {
    char[] characters = parser.getStringCharacters();
    int start = parser.getStringOffset();
    int length = parser.getStringLength();
    try {
      if (length == 0) {
        return;
      }
      switch (key) {
        case "secretSeed" ->
            secrets.put(
                key,
                Hex.bytes(key, characters, start, length, Hotkey.SEED_BYTES, Hotkey.SECRET_BYTES));
        case "secretPhrase" -> secrets.put(key, Mnemonic.seed(characters, start, length));
        case "privateKey" ->
            secrets.put(key, Hex.bytes(key, characters, start, length, Hotkey.SECRET_BYTES));
        case "publicKey", "accountId", "ss58Address" ->
            publicTexts.put(key, new String(characters, start, length));
        default -> {}
      }
    } finally {
      Arrays.fill(characters, start, start + length, '\0'); // the parser's own buffer
    }
  }

  private Ss58Address address(String key) throws KeyContentException {
    String text = publicTexts.getOrDefault(key, "");
    try {
      if (key.equals("ss58Address")) {
        return Ss58Address.ofAnyPrefix(text);
      }
      int digits = text.startsWith("0x") ? 2 : 0;
      if (text.length() == digits + 64) {
        return Ss58Address.of(HexFormat.of().parseHex(text, digits, text.length()));
      }
    } catch (IllegalArgumentException _) {
      // said below, without quoting the file
    }
    throw new KeyContentException(
        key.equals("ss58Address")
            ? "has an ss58Address that is no address"
            : "has a " + key + " that is not 0x and 64 hexadecimal digits");
  }

  private static String place(@Nullable TokenStreamLocation location) {
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
