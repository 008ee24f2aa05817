package org.axonometer.synapse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.axonometer.wallet.Hotkey;

/** Requests like those of another client: older, careless or changed on their way. */
public final class AlteredRequests {

  private AlteredRequests() {}

  /** Without a header. */
  public static SignedRequest without(SignedRequest request, String header) {
    Map<String, String> headers = new LinkedHashMap<>(request.headers());
    headers.remove(header);
    return with(request, headers, request.body());
  }

  /** With part of the body replaced, what was signed left as it is. */
  public static SignedRequest replacing(SignedRequest request, String part, String by) {
    String body = new String(request.body(), UTF_8);
    if (!body.contains(part)) {
      throw new IllegalArgumentException("the body has no " + part);
    }
    return with(request, request.headers(), body.replace(part, by).getBytes(UTF_8));
  }

  /** With nothing in the place of the body. */
  public static SignedRequest withoutBody(SignedRequest request) {
    return with(request, request.headers(), new byte[0]);
  }

  /** Without a nonce, and signed so: with Python's None in its place. */
  public static SignedRequest withoutNonce(SignedRequest request, Hotkey hotkey) {
    Map<String, String> headers = new LinkedHashMap<>(request.headers());
    headers.remove("bt_header_dendrite_nonce");
    String message =
        String.join(
            ".",
            "None",
            hotkey.address().text(),
            request.axonHotkey().text(),
            request.uuid(),
            request.bodyHash());
    headers.put(
        "bt_header_dendrite_signature",
        "0x" + HexFormat.of().formatHex(hotkey.sign(message.getBytes(UTF_8))));
    return with(request, headers, request.body());
  }

  private static SignedRequest with(
      SignedRequest request, Map<String, String> headers, byte[] body) {
    return new SignedRequest(
        request.synapseName(),
        request.endpoint(),
        request.axonHotkey(),
        headers,
        body,
        request.bodyHash(),
        request.uuid(),
        request.nonceNanos(),
        request.timeout());
  }
}
