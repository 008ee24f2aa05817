package org.axonometer.mockaxons;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An HTTP answer before it is bytes.
 *
 * @param headers without content-length and connection; Latin-1, no control characters
 */
@SuppressWarnings("ArrayRecordComponent")
record HttpAnswer(int status, Map<String, String> headers, byte[] body) {

  /** An answer that has no headers but its content type. */
  static HttpAnswer plain(int status, String contentType, String text) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", contentType);
    return new HttpAnswer(status, headers, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The whole message, framed by its length. */
  byte[] bytes(boolean keepAlive) {
    byte[] head = head("content-length: " + body.length, keepAlive);
    ByteArrayOutputStream message = new ByteArrayOutputStream(head.length + body.length);
    message.writeBytes(head);
    message.writeBytes(body);
    return message.toByteArray();
  }

  /** The head alone, with that framing header. */
  byte[] head(String framing, boolean keepAlive) {
    StringBuilder head = new StringBuilder(1024);
    head.append("HTTP/1.1 ").append(status).append(' ').append(reason(status)).append("\r\n");
    head.append("server: axonometer-mock-axon\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append(framing).append("\r\n");
    if (!keepAlive) {
      head.append("connection: close\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 307 -> "Temporary Redirect";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 413 -> "Content Too Large";
      case 422 -> "Unprocessable Content";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 502 -> "Bad Gateway";
      default -> "Status";
    };
  }
}
