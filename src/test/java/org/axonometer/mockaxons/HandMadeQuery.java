package org.axonometer.mockaxons;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.wallet.Hotkey;

/** A query put together header by header, so that a test can spoil any part of it. */
final class HandMadeQuery {
  static final String NO_FIELDS_HASH =
      "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a";

  private final Hotkey caller;
  private final Ss58Address axonHotkey;
  private final String body;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private String path;
  private String method = "POST";

  private HandMadeQuery(String name, Hotkey caller, Ss58Address axonHotkey, String body) {
    this.path = "/" + name;
    this.caller = caller;
    this.axonHotkey = axonHotkey;
    this.body = body;
    with("name", name);
    with("timeout", "12.0");
    with("bt_header_axon_hotkey", axonHotkey.text());
    with("bt_header_dendrite_version", "10002000");
    with("bt_header_dendrite_nonce", Long.toString(nowNanos()));
    with("bt_header_dendrite_uuid", UUID.randomUUID().toString());
    with("bt_header_dendrite_hotkey", caller.address().text());
    with("computed_body_hash", NO_FIELDS_HASH);
    with("content-type", "application/json");
  }

  static HandMadeQuery ping(Hotkey caller, Ss58Address axonHotkey) {
    return new HandMadeQuery("Synapse", caller, axonHotkey, "{}").signed();
  }

  static HandMadeQuery dummy(Hotkey caller, Ss58Address axonHotkey, String body) {
    return new HandMadeQuery("Dummy", caller, axonHotkey, body)
        .with("bt_header_input_obj_dummy_input", "MA==")
        .signed();
  }

  static long nowNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  HandMadeQuery with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  HandMadeQuery without(String header) {
    headers.remove(header);
    return this;
  }

  HandMadeQuery at(String changedMethod, String changedPath) {
    method = changedMethod;
    path = changedPath;
    return this;
  }

  /** Signs what the headers say now. */
  HandMadeQuery signed() {
    return signed(message());
  }

  HandMadeQuery signed(String message) {
    byte[] signature = caller.sign(message.getBytes(StandardCharsets.UTF_8));
    return with("bt_header_dendrite_signature", "0x" + HexFormat.of().formatHex(signature));
  }

  String message() {
    return String.join(
        ".",
        headers.get("bt_header_dendrite_nonce"),
        caller.address().text(),
        axonHotkey.text(),
        headers.get("bt_header_dendrite_uuid"),
        headers.get("computed_body_hash"));
  }

  Map<String, String> headers() {
    return headers;
  }

  byte[] bytes() {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: axon\r\n");
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    text.append("content-length: ").append(content.length).append("\r\n\r\n").append(body);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
